#include "config/values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace boxoffice::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t milliseconds;
};

// From the largest, so that the first that divides a value writes it shortest.
constexpr std::array<unit, 4> units{{{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

std::optional<std::int64_t> multiplied(std::int64_t value, std::int64_t by) {
  if (value > std::numeric_limits<std::int64_t>::max() / by) return std::nullopt;
  return value * by;
}

} // namespace

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  // from_chars alone would take a minus sign, and stop at the first character that is no digit.
  if (text.empty() || text.front() == '-' || result.ec != std::errc() || result.ptr != end)
    return std::nullopt;
  return value;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_whole(text.substr(0, digits));
  const auto* found = std::find_if(units.begin(), units.end(), [&](const unit& candidate) {
    return candidate.name == text.substr(digits);
  });
  if (!count || found == units.end()) return std::nullopt;
  const auto value = multiplied(*count, found->milliseconds);
  if (!value) return std::nullopt;
  return std::chrono::milliseconds(*value);
}

std::string format_duration(std::chrono::milliseconds value) {
  const auto count = value.count();
  if (count == 0) return "0ms";
  const auto* largest = std::find_if(units.begin(), units.end(), [&](const unit& candidate) {
    return count % candidate.milliseconds == 0;
  });
  return std::to_string(count / largest->milliseconds) + std::string(largest->name);
}

std::optional<std::int64_t> parse_points(std::string_view text) {
  const auto dot = text.find('.');
  const auto whole = parse_whole(text.substr(0, dot));
  if (!whole) return std::nullopt;
  std::int64_t minor_units = 0;
  if (dot != std::string_view::npos) {
    const auto decimals = text.substr(dot + 1);
    const auto value = parse_whole(decimals);
    if (!value || decimals.size() > 2) return std::nullopt;
    minor_units = decimals.size() == 1 ? *value * 10 : *value;
  }
  const auto scaled = multiplied(*whole, 100);
  if (!scaled || *scaled > std::numeric_limits<std::int64_t>::max() - minor_units)
    return std::nullopt;
  return *scaled + minor_units;
}

std::string format_points(std::int64_t minor_units) {
  auto text = std::to_string(minor_units / 100);
  if (const auto cents = minor_units % 100; cents != 0) {
    text += cents < 10 ? ".0" : ".";
    text += std::to_string(cents);
  }
  return text;
}

std::optional<std::string> parse_address(std::string_view text) {
  std::string address(text == "localhost" ? std::string_view("127.0.0.1") : text);
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, address.c_str(), &four) != 1 &&
      inet_pton(AF_INET6, address.c_str(), &six) != 1)
    return std::nullopt;
  return address;
}

bool is_loopback(const std::string& address) {
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  in6_addr six{};
  if (inet_pton(AF_INET6, address.c_str(), &six) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&six)) return six.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&six);
}

} // namespace boxoffice::config
