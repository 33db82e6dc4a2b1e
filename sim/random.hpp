// The simulator's own source of chance: the same numbers on every machine, from one seed.
//
// The standard library's distributions differ from one implementation to the next, so none is used.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace boxoffice::sim {

class random {
public:
  explicit random(std::uint64_t seed) : state_(seed * step + 1) {}

  std::uint64_t next() {
    state_ += step;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }

  // 0 to n - 1; n > 0.
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  // True once in n times.
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  // True in `percent` of 100 times.
  bool percent(unsigned of_hundred) { return below(100) < of_hundred; }
  // low to high, both possible.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  std::chrono::microseconds between(std::chrono::microseconds low, std::chrono::microseconds high) {
    return std::chrono::microseconds(between(low.count(), high.count()));
  }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(below(from.size()))];
  }

  // A stream of its own, so that what one part of a run draws shifts nothing in another.
  random stream(std::uint64_t number) const {
    return random(state_ ^ (number * 0xD1342543DE82EF95ull));
  }

private:
  static constexpr std::uint64_t step = 0x9E3779B97F4A7C15ull;
  std::uint64_t state_;
};

} // namespace boxoffice::sim
