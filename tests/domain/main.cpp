#define BOOST_TEST_MODULE domain
#include "tests/domain/support.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace boxoffice::domain::test {

std::uint64_t first_seed() {
  static const std::uint64_t seed = [] {
    const char* wanted = std::getenv("BOXOFFICE_SEED");
    const auto chosen = wanted ? std::strtoull(wanted, nullptr, 10) : std::random_device{}();
    std::cout << "BOXOFFICE_SEED=" << chosen << std::endl;
    return std::uint64_t{chosen};
  }();
  return seed;
}

int rounds(int usual) {
  const char* wanted = std::getenv("BOXOFFICE_TEST_LONG");
  return wanted && std::string_view(wanted) == "1" ? usual * 20 : usual;
}

} // namespace boxoffice::domain::test
