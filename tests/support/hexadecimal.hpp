// Bytes as a test names them.
#pragma once

#include <string>

namespace boxoffice::test {

inline std::string hexadecimal(const std::string& bytes) {
  std::string out;
  for (const char byte : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15];
  }
  return out;
}

} // namespace boxoffice::test
