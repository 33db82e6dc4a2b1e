#include "http/base64url.hpp"

namespace boxoffice::http {

namespace {

// -1 for what is not of the alphabet.
int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

} // namespace

std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  unsigned waiting = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    waiting = waiting << 6 | static_cast<unsigned>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(waiting >> bits & 255U);
    waiting &= (1U << bits) - 1;
  }
  if (waiting != 0) return std::nullopt;
  return bytes;
}

} // namespace boxoffice::http
