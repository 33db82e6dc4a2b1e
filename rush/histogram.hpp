// Durations counted in buckets whose width grows with the value, so that every percentile is right
// to within 1 % whatever its size (hdr_histogram's idea; Debian has no C library of it).
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace boxoffice::rush {

class histogram {
public:
  using duration = std::chrono::microseconds;
  static constexpr duration longest = std::chrono::hours(24); // longer ones count as this

  void add(duration value); // below zero counts as zero
  void add(const histogram& other);

  std::uint64_t count() const { return count_; }
  duration max() const { return max_; }
  // The least value that `share` (0 to 1) of all are not above; zero when there is none.
  duration percentile(double share) const;

private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  duration max_{};
};

} // namespace boxoffice::rush
