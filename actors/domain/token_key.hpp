// What a client holds of its queue token: a version 4 UUID, 122 of its bits random (CONTRACT 2).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::domain {

struct token_key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  explicit operator bool() const { return high != 0 || low != 0; }
  friend bool operator==(token_key a, token_key b) { return a.high == b.high && a.low == b.low; }
  friend bool operator!=(token_key a, token_key b) { return !(a == b); }
  friend bool operator<(token_key a, token_key b) {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  }
};

// Makes a version 4 UUID of 128 random bits, of which it keeps 122.
token_key make_token_key(std::uint64_t random_high, std::uint64_t random_low);

// "ca20bc2a-577b-4055-ab3b-7e197c668b35"
std::string to_string(token_key);

// Takes the 36-character form in either case; nothing else.
std::optional<token_key> parse_token_key(std::string_view);

} // namespace boxoffice::domain

template <>
struct std::hash<boxoffice::domain::token_key> {
  std::size_t operator()(boxoffice::domain::token_key k) const noexcept {
    // Mixed one after the other, so that keys whose halves depend on each other scatter as well.
    auto mixed = (k.high ^ (k.high >> 32)) * 0xBF58476D1CE4E5B9ull;
    mixed = (mixed ^ k.low ^ (mixed >> 29)) * 0x94D049BB133111EBull;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32));
  }
};
