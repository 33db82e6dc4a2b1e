#include "http/trace.hpp"

namespace boxoffice::http {

namespace {

// Appends `digits` hexadecimal digits, the highest first.
void append_hex(std::string& out, std::uint64_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += "0123456789abcdef"[(value >> shift) & 0xF];
}

// Up to 16 lower-case hexadecimal digits: traceparent knows no others.
std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      value = value << 4 | static_cast<std::uint64_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      value = value << 4 | static_cast<std::uint64_t>(c - 'a' + 10);
    else
      return std::nullopt;
  }
  return value;
}

} // namespace

std::string trace_id(const trace& t) {
  std::string text;
  text.reserve(32);
  append_hex(text, t.high, 16);
  append_hex(text, t.low, 16);
  return text;
}

std::string to_header(const trace& t) {
  std::string text = "00-";
  text.reserve(55);
  append_hex(text, t.high, 16);
  append_hex(text, t.low, 16);
  text += '-';
  append_hex(text, t.span, 16);
  text += '-';
  append_hex(text, t.flags, 2);
  return text;
}

std::optional<trace> parse_traceparent(std::string_view text) {
  constexpr std::size_t length = 55;
  if (text.size() < length || text[2] != '-' || text[35] != '-' || text[52] != '-')
    return std::nullopt;
  const auto version = read_hex(text.substr(0, 2));
  if (!version || *version == 0xFF) return std::nullopt;
  // A later version may say more behind another dash; version 0 ends here.
  if (text.size() > length && (*version == 0 || text[length] != '-')) return std::nullopt;

  const auto high = read_hex(text.substr(3, 16)), low = read_hex(text.substr(19, 16));
  const auto parent = read_hex(text.substr(36, 16)), flags = read_hex(text.substr(53, 2));
  if (!high || !low || !parent || !flags) return std::nullopt;
  if ((*high == 0 && *low == 0) || *parent == 0) return std::nullopt;
  return trace{*high, *low, *parent, static_cast<std::uint8_t>(*flags)};
}

trace trace_source::begin(const std::string* traceparent) {
  auto continued = traceparent ? parse_traceparent(*traceparent) : std::nullopt;
  constexpr std::uint8_t sampled = 1;
  auto t = continued ? *continued : trace{next(), next(), 0, sampled};
  t.span = next();
  return t;
}

// SplitMix64: a counter, scrambled. 0 means "invalid" in a traceparent, so it is never given.
std::uint64_t trace_source::next() {
  auto z = state_.fetch_add(0x9E3779B97F4A7C15, std::memory_order_relaxed) + 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  z ^= z >> 31;
  return z == 0 ? 1 : z;
}

} // namespace boxoffice::http
