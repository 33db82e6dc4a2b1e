#include "actors/time_zones.hpp"

#include <absl/time/time.h>

#include <algorithm>
#include <string_view>

namespace boxoffice::actors {

namespace {

constexpr std::size_t longest_name = 64;

bool begins_with(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

// Names become paths: only such as the database has are looked for. Beside its zones the directory
// holds the same ones with and without leap seconds, and what stands for this machine's own.
bool may_be_zone(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  });
  if (!plain || name.empty() || name.size() > longest_name) return false;
  if (name.front() < 'A' || name.front() > 'Z') return false; // "posix/…", "right/…", "localtime"
  return !begins_with(name, "Factory") && !begins_with(name, "Fixed/");
}

} // namespace

std::optional<domain::duration> zone_offset(const std::string& zone, domain::time_point at) {
  absl::TimeZone found;
  if (!may_be_zone(zone) || !absl::LoadTimeZone(zone, &found)) return std::nullopt;
  return std::chrono::seconds(found.At(absl::FromUnixMicros(domain::to_micros(at))).offset);
}

} // namespace boxoffice::actors
