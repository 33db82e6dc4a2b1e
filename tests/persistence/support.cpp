#include "tests/persistence/support.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace boxoffice::persistence::test {

std::uint64_t first_seed() {
  static const std::uint64_t seed = [] {
    const char* wanted = std::getenv("BOXOFFICE_SEED");
    const auto drawn = wanted != nullptr ? std::strtoull(wanted, nullptr, 10)
                                         : std::uint64_t{std::random_device{}()};
    std::printf("BOXOFFICE_SEED=%llu\n", static_cast<unsigned long long>(drawn));
    return std::uint64_t{drawn};
  }();
  return seed;
}

int rounds(int shortly, int thoroughly) {
  return std::getenv("BOXOFFICE_TEST_LONG") != nullptr ? thoroughly : shortly;
}

} // namespace boxoffice::persistence::test
