// When users come: open-loop, decided before the clock starts, so a slow server can't slow them.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace boxoffice::rush {

// A Poisson process: ascending times from the start, the same for the same seed.
std::vector<std::chrono::microseconds> poisson_arrivals(std::uint64_t seed, std::size_t users,
                                                        double per_second);

// Chance that is the same on every machine, which the standard's distributions are not.
class dice {
public:
  explicit dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double share();                       // 0 <= x < 1
  std::size_t below(std::size_t bound); // 0 to bound - 1
  bool happens(double chance) { return share() < chance; }
  std::chrono::milliseconds between(std::chrono::milliseconds least,
                                    std::chrono::milliseconds most);

private:
  std::uint64_t state_;
};

} // namespace boxoffice::rush
