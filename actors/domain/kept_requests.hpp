// The keyed requests that an entity remembers: under way, or answered (CONTRACT 5,
// Idempotency-Key). What changed nothing is not among them, and is decided afresh.
//
//   (fresh) --begun--> under way --answered--> answered --keep_for--> (fresh)
//      ^                   |
//      +------dropped------+     a request that is decided at once is answered without being begun
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/events.hpp"
#include "actors/domain/request_key.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace boxoffice::domain {

struct request_rules {
  duration keep_for = std::chrono::hours(24);
};

class kept_requests {
public:
  // What is known of a request that carries this key: nothing (decide it), the answer to give
  // again, or why it is refused: another body 422, still under way 409.
  using verdict = std::variant<std::monostate, const written_answer*, rejection>;
  verdict find(const request_key&, time_point now) const;

  // Repeating a step changes nothing. What has expired by an answer's time is forgotten.
  void evolve(const request_begun&);
  void evolve(const request_answered&);
  void evolve(const request_dropped&);
  // Takes an event that is one of these three.
  void evolve(const event&);

  // Under way from now on, as far as this entity knows: a note that no store has.
  void begin(const request_key&);
  void drop(const request_key&);

  // What a booking's act under way will answer; nothing when no keyed one is.
  std::optional<request_key> under_way() const;
  // The one under way with this detail.
  std::optional<request_key> under_way(std::string_view detail) const;

  std::size_t size() const { return records_.size(); }

  friend bool operator==(const kept_requests&, const kept_requests&);

private:
  using scope = std::tuple<request_owner, std::string, std::string, std::string>;
  struct record {
    request_key key;
    std::optional<written_answer> answer; // nothing: under way
    time_point expires_at;                // of an answered one
  };

  void forget_expired(time_point now);

  std::map<scope, record> records_;
  // Answers expire in the order in which they were given, as long as keep_for stays what it is;
  // where it does not, one is forgotten a little late.
  std::deque<std::pair<time_point, scope>> expiries_;
};

} // namespace boxoffice::domain
