#include "actors/domain/turnover.hpp"

#include <algorithm>

namespace boxoffice::domain {

namespace {

// Every five seconds what was seen loses a sixteenth of its weight: the last minute and a half
// count, so that a rush is noticed, and a few who dawdle don't frighten the rest.
constexpr duration fading = std::chrono::seconds(5);
constexpr std::int64_t fades_by = 16;
constexpr int all_but_gone = 200; // fadings
constexpr std::int64_t one = 1 << 16;
// What nobody has seen yet is doubted as if a quarter of a place had come free at the very end.
constexpr std::int64_t doubt = 4;
// What a long time without news may add at once: more would have faded anyway.
constexpr duration most_at_once = fading * fades_by;

} // namespace

void turnover::fade(duration by) {
  to_next_fading_ += by;
  auto times = to_next_fading_ / fading;
  to_next_fading_ %= fading;
  if (times >= all_but_gone) freed_ = taken_ = 0;
  for (; freed_ + taken_ > 0 && times > 0; --times) {
    freed_ -= freed_ / fades_by;
    taken_ -= taken_ / fades_by;
  }
}

void turnover::elapse(std::size_t taken, time_point now) {
  if (now <= seen_until_) return;
  if (seen_until_ != time_point{}) {
    const auto by = now - seen_until_;
    fade(by);
    taken_ += std::min(by, most_at_once).count() * static_cast<std::int64_t>(taken);
  }
  seen_until_ = now;
}

void turnover::place_freed() { freed_ += one; }

duration turnover::stay(duration longest) const {
  const auto taken = taken_ + longest.count() / doubt;
  const auto freed = freed_ + one / doubt;
  return std::min(duration(taken / freed * one + taken % freed * one / freed), longest);
}

} // namespace boxoffice::domain
