// The queue's rules once more, as plainly as can be and at any cost: what the real one is held to.
#pragma once

#include "actors/domain/queue.hpp"
#include "tests/domain/support.hpp"

#include <set>
#include <vector>

namespace boxoffice::domain::test {

class queue_model {
public:
  explicit queue_model(const queue_rules& settings) : settings_(settings) {}

  void set_active_limit(std::size_t limit) { settings_.active_limit = limit; }
  void set_opening(time_point at) { opens_at_ = at; }

  // Fails the test when the rules forbid this event now; else takes note of it.
  void observe(const event&);
  void polled(token_key, time_point now);
  // A payment completed, or the user left: this token may expire before its time.
  void paid(token_key key) { paid_.insert(key); }

  // Fails the test when something is due that was not done.
  void check_nothing_is_due(time_point now) const;
  // Fails the test when a client of `q` would be told anything else than the model says.
  void check_agrees(const queue& q, time_point now) const;
  // Fails the test when any second of the whole run saw more admissions than the rate ever was.
  void check_every_window(std::size_t highest_rate) const;

  // A queue read from the store by a restart at `now`, tokens in any order.
  queue restarted(time_point now, dice&);

  std::vector<token_key> live() const;

private:
  token& live_token(token_key);
  std::size_t processing() const;
  std::size_t admitted_in_the_second_up_to(time_point now) const;
  std::size_t ahead_of(const token&) const;

  void issued(const token_issued&);
  void admitted(const token_admitted&);
  void expired(const token_expired&);
  queue_rules rules() const;

  queue_rules settings_;
  queue_override set_; // by the operator
  time_point opens_at_ = noon;
  std::vector<token> tokens_; // every one ever, in order of arrival
  std::vector<time_point> admissions_;
  std::set<token_key> paid_;
};

} // namespace boxoffice::domain::test
