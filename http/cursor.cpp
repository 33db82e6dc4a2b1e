#include "http/cursor.hpp"

#include <array>

namespace boxoffice::http {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// A byte of kind and eight of id are 72 bits: twelve characters, and none is left over to be
// written in two ways.
constexpr std::size_t cursor_bytes = 9;
constexpr std::size_t cursor_length = 12;
using packed = std::array<unsigned char, cursor_bytes>;

} // namespace

std::string write_cursor(list_kind kind, std::int64_t last_id) {
  packed bytes{};
  bytes[0] = static_cast<unsigned char>(kind);
  const auto id = static_cast<std::uint64_t>(last_id);
  for (std::size_t i = 1; i < cursor_bytes; ++i)
    bytes[i] = static_cast<unsigned char>(id >> (8 * (cursor_bytes - 1 - i)));
  std::string text;
  for (std::size_t i = 0; i < cursor_bytes; i += 3) {
    const unsigned group = unsigned{bytes[i]} << 16 | unsigned{bytes[i + 1]} << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) text += alphabet[group >> shift & 63U];
  }
  return text;
}

std::optional<std::int64_t> read_cursor(list_kind kind, std::string_view text) {
  if (text.size() != cursor_length) return std::nullopt;
  packed bytes{};
  for (std::size_t i = 0; i < cursor_length; i += 4) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const auto digit = alphabet.find(text[i + j]);
      if (digit == alphabet.npos) return std::nullopt;
      group = group << 6 | static_cast<unsigned>(digit);
    }
    for (std::size_t j = 0; j < 3; ++j)
      bytes[i / 4 * 3 + j] = static_cast<unsigned char>(group >> (16 - 8 * j) & 255U);
  }
  if (bytes[0] != static_cast<unsigned char>(kind)) return std::nullopt;
  std::uint64_t id = 0;
  for (std::size_t i = 1; i < cursor_bytes; ++i) id = id << 8 | bytes[i];
  const auto last_id = static_cast<std::int64_t>(id);
  return last_id >= 0 ? std::optional(last_id) : std::nullopt;
}

} // namespace boxoffice::http
