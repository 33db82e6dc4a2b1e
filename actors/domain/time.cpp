#include "actors/domain/time.hpp"

#include <cstdio>

namespace boxoffice::domain {

namespace {

using days = std::chrono::duration<std::int64_t, std::ratio<86400>>;

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_month(int year, int month) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

// Days are counted in years that begin on 1 March, so that the leap day is a year's last and a
// month's place in the year is a straight line: 153 days in each five months.
constexpr std::int64_t days_in_era = 146097;         // 400 years
constexpr std::int64_t epoch_in_march_days = 719468; // 1970-01-01, counted from 0000-03-01

std::int64_t to_days(calendar_date d) {
  const std::int64_t year = d.month <= 2 ? d.year - 1 : d.year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month_from_march = (d.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + d.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * days_in_era + day_of_era - epoch_in_march_days;
}

calendar_date from_days(std::int64_t since_epoch) {
  const std::int64_t day = since_epoch + epoch_in_march_days;
  const std::int64_t era = (day >= 0 ? day : day - days_in_era + 1) / days_in_era;
  const std::int64_t of_era = day - era * days_in_era;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / (days_in_era - 1)) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * of_year + 2) / 153;
  const auto month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {static_cast<int>(era * 400 + year_of_era + (month <= 2 ? 1 : 0)), static_cast<int>(month),
          static_cast<int>(of_year - (153 * month_from_march + 2) / 5 + 1)};
}

// Reads fixed-width fields from the front of a text; ok() turns false at the first misfit.
class field_reader {
public:
  explicit field_reader(std::string_view text) : rest_(text) {}

  int number(std::size_t width) {
    int value = 0;
    if (rest_.size() < width) ok_ = false;
    for (std::size_t i = 0; ok_ && i < width; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9')
        ok_ = false;
      else
        value = value * 10 + (rest_[i] - '0');
    }
    if (ok_) rest_.remove_prefix(width);
    return ok_ ? value : 0;
  }

  void expect(char c) {
    if (!accept(c)) ok_ = false;
  }

  bool accept(char c) {
    if (!ok_ || rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // One to nine digits of a fraction, as nanoseconds.
  int fraction() {
    int value = 0, digits = 0;
    for (; digits < 9 && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits) {
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (digits == 0) ok_ = false;
    for (; digits < 9; ++digits) value *= 10;
    return value;
  }

  calendar_date date() {
    calendar_date d;
    d.year = number(4);
    expect('-');
    d.month = number(2);
    expect('-');
    d.day = number(2);
    if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > days_in_month(d.year, d.month))
      ok_ = false;
    return d;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

private:
  std::string_view rest_;
  bool ok_ = true;
};

enum class seconds { required, optional };

// "hh:mm:ss" and an optional fraction behind a date.
void read_clock(field_reader& in, calendar_time& t, seconds wanted) {
  t.hour = in.number(2);
  in.expect(':');
  t.minute = in.number(2);
  if (!in.accept(':')) {
    if (wanted == seconds::required) in.expect(':');
    return;
  }
  t.second = in.number(2);
  if (in.accept('.')) t.nanosecond = in.fraction();
}

bool clock_in_range(const calendar_time& t) {
  return t.hour <= 23 && t.minute <= 59 && t.second <= 59;
}

} // namespace

calendar_time to_calendar(time_point t) {
  const auto micros = to_micros(t);
  constexpr std::int64_t micros_a_day = 86'400'000'000;
  auto day = micros / micros_a_day;
  if (micros % micros_a_day < 0) --day;
  const auto of_day = micros - day * micros_a_day;
  const auto seconds = static_cast<int>(of_day / 1'000'000);
  return {from_days(day), seconds / 3600, seconds / 60 % 60, seconds % 60,
          static_cast<int>(of_day % 1'000'000) * 1000};
}

time_point from_calendar(const calendar_time& t) {
  const auto seconds = to_days(t.date) * 86400 + t.hour * 3600 + t.minute * 60 + t.second;
  return from_micros(seconds * 1'000'000 + t.nanosecond / 1000);
}

std::string to_string(calendar_date d) {
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", d.year, d.month, d.day);
  return text;
}

std::optional<calendar_date> parse_date(std::string_view text) {
  field_reader in(text);
  const auto d = in.date();
  return in.at_end() ? std::optional(d) : std::nullopt;
}

std::string to_sql_text(time_point t) {
  const auto c = to_calendar(t);
  char text[32];
  auto put = [&text](int at, int width, int value) {
    for (int i = width - 1; i >= 0; --i, value /= 10)
      text[at + i] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, c.date.year);
  put(5, 2, c.date.month);
  put(8, 2, c.date.day);
  put(11, 2, c.hour);
  put(14, 2, c.minute);
  put(17, 2, c.second);
  put(20, 6, c.nanosecond / 1000);
  text[4] = text[7] = '-';
  text[10] = ' ';
  text[13] = text[16] = ':';
  text[19] = '.';
  return {text, 26};
}

std::optional<time_point> parse_sql_text(std::string_view text) {
  field_reader in(text);
  calendar_time t;
  t.date = in.date();
  in.expect(' ');
  read_clock(in, t, seconds::required);
  if (!in.at_end() || !clock_in_range(t)) return std::nullopt;
  return from_calendar(t);
}

std::optional<time_point> parse_iso_time(std::string_view text) {
  field_reader in(text);
  calendar_time t;
  t.date = in.date();
  if (!in.accept('T')) in.expect('t');
  read_clock(in, t, seconds::optional);
  int offset_minutes = 0;
  if (!in.accept('Z') && !in.accept('z')) {
    const bool east = in.accept('+');
    if (east || in.accept('-')) {
      const int hours = in.number(2);
      in.expect(':');
      const int minutes = in.number(2);
      if (hours > 23 || minutes > 59) return std::nullopt;
      offset_minutes = (east ? 1 : -1) * (hours * 60 + minutes);
    }
  }
  if (!in.at_end() || !clock_in_range(t)) return std::nullopt;

  // An offset may carry the instant past the years that four digits can write.
  const auto instant = from_calendar(t) - std::chrono::minutes(offset_minutes);
  const auto year = to_calendar(instant).date.year;
  return year >= 0 && year <= 9999 ? std::optional(instant) : std::nullopt;
}

} // namespace boxoffice::domain
