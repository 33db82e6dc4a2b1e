// A concert's queue (CONTRACT 2, Queue): who is admitted, who waits, in which order, how fast.
//
// Higher priority first, then first come, first served. At most `active_limit` tokens are
// PROCESSING at once and at most `admit_per_second` are admitted in any one second. Admissions,
// expiries and drops are all decided by `advance`, which the queue's owner calls whenever
// something changed and when `next_wake` says so.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/events.hpp"
#include "actors/domain/waiting_line.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>

namespace boxoffice::domain {

struct queue_rules {
  std::size_t active_limit = 100;    // 0: admits nobody
  std::size_t admit_per_second = 50; // 0: admits nobody
  duration active_ttl = std::chrono::minutes(5);
  duration abandon_after = std::chrono::minutes(10);
  bool honour_client_priority = false; // else a client's own priority counts as 0
};

enum class token_status { waiting, processing, expired };

struct token {
  token_key key;
  token_id row;
  user_id user;
  std::int64_t arrival = 0;
  std::int32_t priority = 0;
  token_status status = token_status::waiting;
  time_point issued_at;
  time_point admitted_at; // when PROCESSING
  time_point expires_at;  // when PROCESSING; a waiting one expires by last_polled
  time_point last_polled; // when WAITING; not durable: a restart counts as a poll
};

// The live tokens of one concert, in order.
class queue {
public:
  explicit queue(concert_id concert = {}) : concert_(concert) {}

  // Puts back a token read from the store. Live ones join the queue; of an expired one only its
  // admission is remembered, for the rate.
  void restore(const token&);
  // Continues the arrival ordinals behind `last`.
  void restore_arrivals(std::int64_t last) { next_arrival_ = last + 1; }

  concert_id concert() const { return concert_; }
  const token* find(token_key) const;
  const token* find_live(const user_id&) const;
  std::size_t waiting() const { return line_.size(); }
  std::size_t processing() const { return expiring_.size(); }
  std::int64_t next_arrival() const { return next_arrival_; }

  // 0 when PROCESSING, else the place in the line from 1.
  std::size_t position(const token&) const;
  // The first `n` in line.
  std::vector<const token*> head_of_line(std::size_t n) const;
  // Admissions in the second that ends at `now`.
  std::size_t recent_admissions(time_point now) const;

  // Records that the user of a waiting token asked for it.
  void polled(token_key, time_point now);

  void evolve(const event&);

private:
  struct evolution;
  friend events advance(const queue&, const queue_rules&, time_point, std::size_t);
  friend std::optional<time_point> next_wake(const queue&, const queue_rules&, time_point);

  using deadline = std::pair<time_point, token_key>;
  void insert(const token&);
  void erase(const token&);
  void remember_admission(time_point);

  concert_id concert_;
  std::int64_t next_arrival_ = 1;
  std::unordered_map<token_key, token> tokens_;
  std::unordered_map<user_id, token_key> by_user_;
  waiting_line line_;
  std::set<deadline> expiring_;       // PROCESSING, by expires_at
  std::set<deadline> abandoning_;     // WAITING, by last_polled
  std::deque<time_point> admissions_; // of the last second or so, oldest first
};

// What a client is told of its token.
struct token_view {
  token_key key;
  user_id user;
  token_status status = token_status::waiting;
  std::size_t position = 0;
  time_point issued_at;
  time_point expires_at;
};

token_view view(const queue&, const queue_rules&, const token&);

// A new token for a user who has none: issued, and admitted at once where there is room, the rate
// allows and nobody waits.
events decide_enter(const queue&, const queue_rules&, const user_id&, token_key fresh, token_id row,
                    std::int32_t client_priority, time_point now);

// At most `most` of the expiries, drops and admissions that are due, in that order.
events advance(const queue&, const queue_rules&, time_point now, std::size_t most);

// When advance() will next have something to do if nothing else happens; may be in the past.
std::optional<time_point> next_wake(const queue&, const queue_rules&, time_point now);

// Expires a token whose payment completed; nothing when it is not live.
events decide_release(const queue&, token_key, time_point now);

// Whether a live token admits `user` to book now. Refuses with QUEUE_TOKEN_INVALID or
// QUEUE_TOKEN_WAITING (with when to ask again).
std::optional<rejection> check_admission(const queue&, const queue_rules&, token_key,
                                         const user_id&, time_point now);

} // namespace boxoffice::domain
