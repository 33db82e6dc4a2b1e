#include "persistence/incarnation.hpp"

#include "persistence/store.hpp"

#include <sys/random.h>

#include <array>

namespace boxoffice::persistence {

std::string draw_incarnation() {
  std::array<unsigned char, 16> bytes{};
  if (getentropy(bytes.data(), bytes.size()) != 0)
    throw store_failed(store_failed::reason::unavailable, "The system gives no random bytes.");
  std::string hex;
  for (const auto byte : bytes) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

} // namespace boxoffice::persistence
