// A concert's queue (CONTRACT 2, Queue): who is admitted, who waits, in which order, how fast.
//
// Higher priority first, then first come, first served. At most `active_limit` tokens are
// PROCESSING at once and at most `admit_per_second` are admitted in any one second; nobody while
// the queue is paused or before a sale opens. Lowering the limit expels nobody. Admissions,
// expiries and drops are all decided by `advance`, which the queue's owner calls whenever
// something changed and when `next_wake` says so.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/events.hpp"
#include "actors/domain/turnover.hpp"
#include "actors/domain/waiting_line.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

namespace boxoffice::domain {

struct queue_rules {
  std::size_t active_limit = 100;    // 0: admits nobody
  std::size_t admit_per_second = 50; // 0: admits nobody
  duration active_ttl = std::chrono::minutes(5);
  duration abandon_after = std::chrono::minutes(10);
  bool honour_client_priority = false; // else a client's own priority counts as 0

  // What no setting says, but the operator and the calendar of sales: see in_force().
  bool paused = false;
  time_point admits_from{}; // before it the line only forms
};

// An operator's word on one concert's queue; what is not set goes by the settings.
struct queue_override {
  std::optional<std::size_t> active_limit;
  std::optional<std::size_t> admit_per_second;
  bool paused = false;

  friend bool operator==(const queue_override& a, const queue_override& b) {
    return a.active_limit == b.active_limit && a.admit_per_second == b.admit_per_second &&
           a.paused == b.paused;
  }
};

enum class token_status { waiting, processing, expired };

// "WAITING"
const char* to_string(token_status);
// Nothing for a word that names none.
std::optional<token_status> to_token_status(std::string_view);

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
  void restore_override(const queue_override& set) { override_ = set; }

  concert_id concert() const { return concert_; }
  const token* find(token_key) const;
  const token* find_live(const user_id&) const;
  std::size_t waiting() const { return line_.size(); }
  std::size_t processing() const { return expiring_.size(); }
  std::int64_t next_arrival() const { return next_arrival_; }
  const queue_override& overridden() const { return override_; }

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
  friend std::optional<std::chrono::seconds> estimate_wait(const queue&, const queue_rules&,
                                                           const token&, time_point);

  using deadline = std::pair<time_point, token_key>;
  void insert(const token&);
  void erase(const token&);
  void remember_admission(time_point);

  concert_id concert_;
  std::int64_t next_arrival_ = 1;
  std::unordered_map<token_key, token> tokens_;
  std::unordered_map<user_id, token_key> by_user_;
  queue_override override_;
  waiting_line line_;
  ordered_set<deadline> expiring_;    // PROCESSING, by expires_at
  std::set<deadline> abandoning_;     // WAITING, by last_polled
  std::deque<time_point> admissions_; // of the last second or so, oldest first
  turnover turnover_;                 // not durable: seen anew after a restart
};

// The rules that hold for a queue: the settings, but for what its operator said, and the moment
// from which its concert sells.
queue_rules in_force(const queue_rules& settings, const queue&, time_point admits_from);

// What a client is told of its token.
struct token_view {
  token_key key;
  user_id user;
  token_status status = token_status::waiting;
  std::size_t position = 0;
  time_point issued_at;
  time_point expires_at; // of an EXPIRED one: when it died
  concert_id concert{};
  std::int32_t priority = 0;
  std::optional<time_point> admitted_at{};
  std::optional<std::chrono::seconds> eta{}; // nothing: nobody can tell, or nobody will be admitted
  std::chrono::seconds poll_after{};         // when a waiting one should be asked for again
  bool fresh = false;                        // this very request made it
};

token_view view(const queue&, const queue_rules&, const token&, time_point now);

// What an operator is told of a queue. The limits are those in force.
struct queue_view {
  concert_id concert;
  std::size_t active_limit = 0;
  std::size_t admit_per_second = 0;
  bool paused = false;
  std::size_t waiting = 0;
  std::size_t processing = 0;
};

queue_view overview(const queue&, const queue_rules&);

// How long until a live token is admitted: 0 when it is, nothing while the queue is paused or
// admits nobody at all. Rests on the rate, on the opening of the sale, and on how long those who
// were admitted lately kept their places; never longer than if they all kept them to the end.
std::optional<std::chrono::seconds> estimate_wait(const queue&, const queue_rules&, const token&,
                                                  time_point now);

// When to ask for a waiting token again: in good time before its turn, often enough not to be
// taken for abandoned, and each token at a moment of its own, so that a crowd that came at once
// does not come back at once.
std::chrono::seconds poll_after(token_key, std::optional<std::chrono::seconds> eta,
                                const queue_rules&);

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

// Gives a live token another place in the line (none while it is PROCESSING: its turn has come).
// Nothing when it is not live, or has that priority.
events decide_priority(const queue&, token_key, std::int32_t priority, time_point now);

// What an operator wants changed. Within an optional, nothing = as the settings say.
struct queue_change {
  std::optional<std::optional<std::size_t>> active_limit;
  std::optional<std::optional<std::size_t>> admit_per_second;
  std::optional<bool> paused;
};
// Nothing when all is so already.
events decide_configuration(const queue&, const queue_change&, time_point now);

// Whether a live token admits `user` to book now. Refuses with QUEUE_TOKEN_INVALID or
// QUEUE_TOKEN_WAITING (with when to ask again).
std::optional<rejection> check_admission(const queue&, const queue_rules&, token_key,
                                         const user_id&, time_point now);

} // namespace boxoffice::domain
