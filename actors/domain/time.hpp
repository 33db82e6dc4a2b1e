// Instants and calendar days. UTC throughout; a performance knows its own local day.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::domain {

using duration = std::chrono::microseconds;
using time_point = std::chrono::time_point<std::chrono::system_clock, duration>;

constexpr time_point from_micros(std::int64_t since_epoch) {
  return time_point{duration{since_epoch}};
}
constexpr std::int64_t to_micros(time_point t) { return t.time_since_epoch().count(); }

struct calendar_date {
  int year = 1970;
  int month = 1; // 1 to 12
  int day = 1;   // 1 to 31

  friend bool operator==(calendar_date a, calendar_date b) {
    return a.year == b.year && a.month == b.month && a.day == b.day;
  }
  friend bool operator!=(calendar_date a, calendar_date b) { return !(a == b); }
};

struct calendar_time {
  calendar_date date;
  int hour = 0, minute = 0, second = 0;
  int nanosecond = 0;
};

calendar_time to_calendar(time_point);
time_point from_calendar(const calendar_time&);

// "2026-11-22"; the reader also checks that the day exists.
std::string to_string(calendar_date);
std::optional<calendar_date> parse_date(std::string_view);

// "2026-11-22 12:41:28.123456": what the tables hold, sortable as text.
std::string to_sql_text(time_point);
std::optional<time_point> parse_sql_text(std::string_view);

// An ISO 8601 date-time as clients write it: "2024-07-03T10:00:00", with or without a fraction,
// with or without "Z" or an offset (without one: UTC). Seconds may be left out: Java's
// LocalDateTime leaves them out when they are zero. Years 0000 to 9999 in UTC.
std::optional<time_point> parse_iso_time(std::string_view);

} // namespace boxoffice::domain
