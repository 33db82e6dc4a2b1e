#include "rush/arrivals.hpp"

#include <cmath>

namespace boxoffice::rush {

// SplitMix64.
std::uint64_t dice::next() {
  state_ += 0x9E3779B97F4A7C15U;
  auto z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

double dice::share() {
  constexpr double one = 9007199254740992.0; // 2^53
  return static_cast<double>(next() >> 11U) / one;
}

std::size_t dice::below(std::size_t bound) {
  return bound == 0 ? 0 : static_cast<std::size_t>(share() * static_cast<double>(bound));
}

std::chrono::milliseconds dice::between(std::chrono::milliseconds least,
                                        std::chrono::milliseconds most) {
  return least + std::chrono::milliseconds(below(static_cast<std::size_t>((most - least).count())));
}

std::vector<std::chrono::microseconds> poisson_arrivals(std::uint64_t seed, std::size_t users,
                                                        double per_second) {
  std::vector<std::chrono::microseconds> times;
  times.reserve(users);
  dice chance(seed);
  double at = 0; // seconds
  for (std::size_t user = 0; user < users; ++user) {
    at -= std::log(1 - chance.share()) / per_second;
    times.emplace_back(static_cast<std::int64_t>(at * 1e6));
  }
  return times;
}

} // namespace boxoffice::rush
