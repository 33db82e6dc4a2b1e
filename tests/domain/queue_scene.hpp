// One concert's queue and the hand that turns it, as its owner does.
#pragma once

#include "actors/domain/queue.hpp"
#include "tests/domain/support.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace boxoffice::domain::test {

constexpr std::size_t all_of_it = std::numeric_limits<std::size_t>::max();

constexpr token_key key(std::uint64_t n) { return {n, n}; }
inline user_id user_number(std::uint64_t n) { return {"user" + std::to_string(n)}; }

struct queue_scene {
  queue_rules rules;
  queue q{concert_id{2}};

  void apply(const events& facts) {
    for (const auto& e : facts) q.evolve(e);
  }

  // What holds: the settings, what the operator said, and when the sale opens.
  time_point admits_from = noon;
  queue_rules in_force() const { return domain::in_force(rules, q, admits_from); }
  void configure(const queue_change& change, time_point now = noon) {
    apply(decide_configuration(q, change, now));
  }
  void pause(bool so = true, time_point now = noon) { configure({{}, {}, so}, now); }
  void prioritize(std::uint64_t n, std::int32_t priority, time_point now = noon) {
    apply(decide_priority(q, key(n), priority, now));
  }

  // User n enters with key(n).
  events enter(std::uint64_t n, time_point now = noon, std::int32_t priority = 0) {
    const auto facts = decide_enter(q, in_force(), user_number(n), key(n),
                                    token_id{static_cast<std::int64_t>(n)}, priority, now);
    apply(facts);
    return facts;
  }

  void enter_many(std::uint64_t from, std::uint64_t to, time_point now = noon) {
    for (auto n = from; n <= to; ++n) enter(n, now);
  }

  // What is due now, done.
  events turn(time_point now) {
    const auto facts = advance(q, in_force(), now, all_of_it);
    apply(facts);
    return facts;
  }
  std::optional<time_point> wake(time_point now) const { return next_wake(q, in_force(), now); }

  void release(std::uint64_t n, time_point now = noon) { apply(decide_release(q, key(n), now)); }

  const token& of(std::uint64_t n) const {
    const auto* t = q.find(key(n));
    BOOST_TEST_REQUIRE(t != nullptr, "user " << n << " has no live token");
    return *t;
  }
  std::size_t position(std::uint64_t n) const { return q.position(of(n)); }
  std::optional<std::chrono::seconds> eta(std::uint64_t n, time_point now = noon) const {
    return estimate_wait(q, in_force(), of(n), now);
  }
  bool gone(std::uint64_t n) const { return q.find(key(n)) == nullptr; }
};

} // namespace boxoffice::domain::test
