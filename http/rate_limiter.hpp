// How often somebody may ask: a bucket of tokens for each of them, filled at a steady rate. A
// bucket is kept as the one time at which it will be full again (GCRA), and those who asked longest
// ago are forgotten when too many are known: theirs are the fullest.
#pragma once

#include "actors/domain/time.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace boxoffice::http {

struct rate {
  std::size_t per_second = 0; // 0: no limit
  std::size_t burst = 1;      // how many at once after a pause; 1 or more
};

// What a bucket says to one request.
struct rate_verdict {
  bool allowed = true;
  std::size_t left = 0;                 // so many more would be allowed at once
  std::chrono::seconds full_in{0};      // without further requests, rounded up
  std::chrono::seconds ask_again_in{0}; // when refused, rounded up
};

// Any thread.
class rate_limiter {
public:
  // Memory is bounded by `most_known`, some 200 bytes each.
  explicit rate_limiter(rate, std::size_t most_known = 65536);

  // From now on. Whoever had used up more than the new burst has used up just that.
  void set(rate);
  bool on() const { return interval_ > 0; }
  std::size_t burst() const { return burst_; }
  // In which an empty bucket fills up, rounded up.
  std::chrono::seconds window() const;

  // Takes one from the bucket of `who`, if there is one; a refusal takes nothing.
  rate_verdict ask(std::string_view who, domain::time_point now);

  std::size_t known() const;

private:
  struct bucket {
    std::string owner;
    std::int64_t full_at = 0; // nanoseconds since 1970
  };
  struct shard {
    mutable std::mutex mutex;
    std::list<bucket> by_use; // the last to have asked first
    std::unordered_map<std::string_view, std::list<bucket>::iterator> buckets; // owners' text
  };
  static constexpr std::size_t shards = 16;

  bucket& find_or_make(shard&, std::string_view who);

  const std::size_t most_in_shard_;
  std::atomic<std::int64_t> interval_{0}; // nanoseconds for one; 0: no limit
  std::atomic<std::size_t> burst_{1};
  std::array<shard, shards> shards_;
};

} // namespace boxoffice::http
