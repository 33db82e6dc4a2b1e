// What an operator watches of the sale: commits, what they led to, entities in memory, seats.
#pragma once

#include "actors/environment.hpp"
#include "config/metrics.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <mutex>

namespace boxoffice::actors {

class service;

// Counts what the journal commits, as it does so.
class sale_metrics final : public commit_listener {
public:
  // `last_time`: of the last commit before this life.
  sale_metrics(config::metrics&, domain::time_point last_time);

  void on_commit(const domain::events&, std::size_t changes, std::size_t waiting,
                 std::chrono::nanoseconds took) override;
  void on_failure() override;
  void on_read(const domain::booking&) override;

  // Adds what is looked up at each scrape. The service, the clock and this must outlive the last
  // scrape.
  void watch(const service&, const clock&);

private:
  struct counting;
  using by_state = std::array<config::gauge, 3>; // by domain::seat_status

  config::counter& of_queue(domain::concert_id, const char* what);
  void look_up_seats(const service&, domain::time_point now);
  void look_up_lines(const service&);
  void look_up_payments(domain::time_point now);

  config::metrics& all_;
  const domain::time_point last_time_;
  config::counter commits_, failures_, changes_, charges_, debits_, refusals_, refunds_;
  std::map<std::string, config::counter> bookings_;                              // by what happened
  std::map<std::pair<domain::concert_id, std::string>, config::counter> queues_; // likewise
  config::histogram group_size_, commit_time_;
  config::gauge waiting_, payments_, oldest_payment_;
  std::map<domain::option_id, by_state> seats_;

  std::mutex mutex_; // of what follows: the journal and the loader write it, a scrape reads it
  std::map<domain::booking_id, domain::time_point> paying_; // since when
  // Those of before the last failure: whether they are paying is read from the store again.
  std::map<domain::booking_id, domain::time_point> doubted_;
};

} // namespace boxoffice::actors
