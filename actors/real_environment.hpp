// Time and randomness as the machine has them. A simulator brings its own.
#pragma once

#include "actors/environment.hpp"

#include <array>
#include <chrono>
#include <mutex>

namespace boxoffice::actors {

// What a clock says first (CONTRACT 2, Time): the wall's time, but never behind the last journalled
// one.
constexpr domain::time_point first_reading(domain::time_point wall,
                                           domain::time_point last_journalled) {
  return wall < last_journalled ? last_journalled : wall;
}

// The wall clock as read once, at start, and carried on by the monotonic one: a wall clock that is
// set while we run moves no deadline. Never behind `not_before`, the last journalled time.
class machine_clock : public clock {
public:
  explicit machine_clock(domain::time_point not_before);
  domain::time_point now() const override;

private:
  domain::time_point started_at_;
  std::chrono::steady_clock::time_point origin_;
};

// The operating system's random bits, fetched a block at a time.
class machine_random : public random_source {
public:
  std::uint64_t next() override;

private:
  std::mutex mutex_;
  std::array<std::uint64_t, 32> block_{};
  std::size_t used_ = 32;
};

} // namespace boxoffice::actors
