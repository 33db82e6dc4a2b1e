// How long those who were admitted keep their places, as seen lately.
#pragma once

#include "actors/domain/time.hpp"

#include <cstddef>
#include <cstdint>

namespace boxoffice::domain {

// Counts the places that came free, and for how long how many places were taken meanwhile; what
// lies further back counts for less and less. In integers only, so that a simulated sale goes the
// same way on every machine.
class turnover {
public:
  // Until `now`, since the last call, `taken` places were taken.
  void elapse(std::size_t taken, time_point now);
  void place_freed();

  // The mean time that a place is kept; `longest` as long as none was seen to come free.
  duration stay(duration longest) const;

private:
  void fade(duration by);

  time_point seen_until_; // the epoch: nothing was seen yet
  duration to_next_fading_{};
  std::int64_t freed_ = 0; // in units of `one`
  std::int64_t taken_ = 0; // in microseconds, of all places together
};

} // namespace boxoffice::domain
