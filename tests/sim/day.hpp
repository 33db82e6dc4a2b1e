// A day of sales under a virtual clock: the real actors on the embedded store, and people who come
// all day long, buy, change their minds, give up, or just leave. What it leaves in memory and in
// the store is counted at every full hour.
#pragma once

#include "actors/stepped_node.hpp"
#include "tests/persistence/support.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace boxoffice::test {

struct hour_sample {
  std::int64_t hour = 0;
  // What must stay flat.
  std::int64_t entities = 0;     // in memory
  std::int64_t heap_kib = 0;     // in use, without the database's caches
  std::int64_t tokens = 0;       // rows of `token`
  std::int64_t places = 0;       // rows of `queue`
  std::int64_t unpaid = 0;       // bookings never paid
  std::int64_t unpaid_seats = 0; // rows of `reservation` of such
  std::int64_t refusals = 0;     // payments refused
  std::int64_t keys = 0;         // rows of `idempotency_key`
  std::int64_t wal_kib = 0;      // the database's log
  std::int64_t lines = 0;        // that the service reported, in that hour
  // Money's history, which is kept for ever.
  std::int64_t paid = 0;    // bookings, refunded ones too
  std::int64_t entries = 0; // of wallets
  std::int64_t file_kib = 0;
};

class day final : private actors::clock,
                  private actors::random_source,
                  private actors::client_port {
public:
  using moment = std::chrono::microseconds;

  day(domain::retention_rules, moment between_visits);
  ~day() override;

  hour_sample next_hour();
  std::uint64_t visits() const { return visits_; }
  std::uint64_t commits() const { return commits_; }
  // Ends the node; then the books are in order, or say what is wrong.
  std::vector<std::string> close_books();

private:
  using hearing = std::function<void(const actors::outcome&)>;
  struct visitor {
    domain::user_id user;
    bool is_penniless = false;
    domain::concert_id concert;
    domain::option_id option;
    std::optional<domain::token_key> token;
    std::optional<domain::booking> booking;
  };

  domain::time_point now() const override { return opening_ + now_; }
  std::uint64_t next() override { return dice_.bits(); }
  void complete(actors::request_id, actors::outcome) override;

  void later(moment wait, std::function<void()> what) { agenda_.emplace(now_ + wait, what); }
  moment between(std::int64_t low_seconds, std::int64_t high_seconds);
  void ask(actors::command, hearing, domain::request_key_ptr key = nullptr);
  void run_until(moment end);

  void come();
  void enter(visitor);
  void book(visitor);
  void decide(visitor);
  void buy(visitor);
  void pay(visitor);
  void change_mind(const visitor&, moment wait);
  hour_sample count();

  const domain::time_point opening_;
  const moment between_visits_;
  moment now_{};
  std::int64_t hours_ = 0;
  persistence::test::dice dice_{20261127};
  persistence::test::scratch_directory directory_;
  std::multimap<moment, std::function<void()>> agenda_;
  std::unordered_map<actors::request_id, hearing> open_;
  actors::request_id last_request_ = 0;
  std::uint64_t visits_ = 0, commits_ = 0, keys_ = 0;
  std::int64_t lines_ = 0;
  struct listener;
  std::unique_ptr<listener> listener_;
  std::unique_ptr<actors::stepped_node> node_;
};

} // namespace boxoffice::test
