#include "actors/domain/token_key.hpp"

namespace boxoffice::domain {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

} // namespace

token_key make_token_key(std::uint64_t random_high, std::uint64_t random_low) {
  constexpr std::uint64_t version_mask = 0xF000, version_4 = 0x4000;
  constexpr std::uint64_t variant_mask = 0xC000000000000000, variant_rfc = 0x8000000000000000;
  return {(random_high & ~version_mask) | version_4, (random_low & ~variant_mask) | variant_rfc};
}

std::string to_string(token_key key) {
  std::string text;
  text.reserve(36);
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (is_dash_position(text.size())) text += '-';
    const auto half = nibble < 16 ? key.high : key.low;
    text += hex_digits[(half >> (60 - 4 * (nibble % 16))) & 0xF];
  }
  return text;
}

std::optional<token_key> parse_token_key(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  token_key key;
  int nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_value(text[i]);
    if (value < 0) return std::nullopt;
    auto& half = nibble < 16 ? key.high : key.low;
    half = half << 4 | static_cast<std::uint64_t>(value);
    ++nibble;
  }
  return key;
}

} // namespace boxoffice::domain
