// PostgreSQL behind an embedded store: what it has, and what that means for those who sell.
#pragma once

#include "actors/service.hpp"
#include "config/metrics.hpp"
#include "config/settings.hpp"
#include "persistence/shipping.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace boxoffice {

// Ships while it lives. Any thread, but for its beginning and end.
class write_behind {
public:
  // `log` is the store's, which is open. Throws persistence::open_failed when PostgreSQL answers
  // and can't be used.
  write_behind(const config::settings&, std::shared_ptr<persistence::log_window> log);

  // Whether commands that change something are taken: not while PostgreSQL lacks too much, has what
  // this store lacks, or, where answers wait for it, is away.
  bool takes_changes() const;

  // From now on the service hears what PostgreSQL has; until release(), before the service ends.
  void tell(actors::service&);
  void release();

  // What is committed here is there as well; false when the time is over before.
  bool wait_until_shipped(std::chrono::milliseconds at_most) const;
  // Ends the shipping; false when PostgreSQL keeps it longer: then the process should end without
  // destroying this.
  bool stop(std::chrono::milliseconds within);
  // All is there, and shipping keeps up.
  bool follows() const;

  void watch(config::metrics&, const actors::clock&) const;
  // {"state":"halted","cause":"disk_full","lagChanges":7,"lagSeconds":0.4}; no cause when
  // following.
  std::string lag_as_json(domain::time_point now) const;

private:
  std::int64_t lag_changes() const;
  double lag_seconds(domain::time_point now) const;
  void on_shipped(persistence::commit_number);

  const persistence::backlog_bound bound_;
  std::shared_ptr<persistence::log_window> log_;
  std::mutex mutex_; // of service_
  actors::service* service_ = nullptr;
  std::unique_ptr<persistence::shipping> ships_; // last: its thread ends before what it calls goes
};

} // namespace boxoffice
