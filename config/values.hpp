// How a setting's value is written: whole numbers, durations, points. Each reads exactly what it
// writes, and refuses everything else rather than guessing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::config {

// `42`; decimal digits only.
std::optional<std::int64_t> parse_whole(std::string_view text);

// `250ms`, `2s`, `5m`, `24h`: a whole number and one unit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string format_duration(std::chrono::milliseconds value);

// `100`, `100.5` or `100.50` points as minor units, exactly.
std::optional<std::int64_t> parse_points(std::string_view text);
std::string format_points(std::int64_t minor_units);

// The text of an IPv4 or IPv6 address; `localhost` is 127.0.0.1, since nothing here asks a
// resolver.
std::optional<std::string> parse_address(std::string_view text);
bool is_loopback(const std::string& address);

} // namespace boxoffice::config
