// What the store's tests share: scratch directories and seeds.
#pragma once

#include "tests/support/scratch_directory.hpp"

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

namespace boxoffice::persistence::test {

using boxoffice::test::scratch_directory;

// The first of the seeds that random tests play, one a round. BOXOFFICE_SEED sets it; else it is
// another every time. A test names its seed when it fails.
std::uint64_t first_seed();

// `shortly` rounds, or `thoroughly` when BOXOFFICE_TEST_LONG is set.
int rounds(int shortly, int thoroughly);

class dice {
public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t bits() { return engine_(); }
  // From 0 to n - 1.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class Container>
  auto pick(Container& from) {
    return std::next(from.begin(), static_cast<std::ptrdiff_t>(below(from.size())));
  }

private:
  std::mt19937_64 engine_;
};

} // namespace boxoffice::persistence::test
