#include "rush/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace boxoffice::rush {
namespace {

// Values below `exact` have a bucket each; above, each doubling has `exact` buckets of equal width,
// so none is wider than 1/128 of what it holds.
constexpr unsigned exact_bits = 7;
constexpr std::uint64_t exact = 1U << exact_bits;

std::size_t bucket_of(std::uint64_t value) {
  unsigned shift = 0;
  while ((value >> shift) >= 2 * exact) ++shift;
  return static_cast<std::size_t>(shift * exact + (value >> shift));
}

// The largest value in a bucket.
std::uint64_t end_of(std::size_t bucket) {
  if (bucket < 2 * exact) return bucket;
  const auto shift = bucket / exact - 1;
  const auto step = bucket - shift * exact;
  return ((step + 1) << shift) - 1;
}

} // namespace

void histogram::add(duration value) {
  value = std::clamp(value, duration::zero(), longest);
  const auto bucket = bucket_of(static_cast<std::uint64_t>(value.count()));
  if (bucket >= counts_.size()) counts_.resize(bucket + 1);
  ++counts_[bucket];
  ++count_;
  max_ = std::max(max_, value);
}

void histogram::add(const histogram& other) {
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t at = 0; at < other.counts_.size(); ++at) counts_[at] += other.counts_[at];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

histogram::duration histogram::percentile(double share) const {
  if (count_ == 0) return {};
  const auto wanted = std::max(1.0, std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t at = 0; at < counts_.size(); ++at) {
    seen += counts_[at];
    if (static_cast<double>(seen) >= wanted)
      return std::min(max_, duration(static_cast<std::int64_t>(end_of(at))));
  }
  return max_;
}

} // namespace boxoffice::rush
