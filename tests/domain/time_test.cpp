// Instants and days (CONTRACT 3: a request's times are ISO 8601, everything is UTC).
#include "actors/domain/time.hpp"
#include "tests/domain/support.hpp"

namespace boxoffice::domain::test {

namespace {

std::string reading(std::string_view iso) {
  const auto t = parse_iso_time(iso);
  return t ? to_sql_text(*t) : "refused";
}

std::string day_of(time_point t) { return to_string(to_calendar(t).date); }

constexpr duration a_day = std::chrono::hours(24);

} // namespace

BOOST_AUTO_TEST_SUITE(time_rules)

BOOST_AUTO_TEST_CASE(the_epoch_and_the_microsecond_before_it) {
  BOOST_TEST(to_sql_text(from_micros(0)) == "1970-01-01 00:00:00.000000");
  BOOST_TEST(to_sql_text(from_micros(-1)) == "1969-12-31 23:59:59.999999");
  BOOST_TEST(to_sql_text(from_micros(1'720'000'800'000'001)) == "2024-07-03 10:00:00.000001");
}

BOOST_AUTO_TEST_CASE(leap_years_are_every_fourth_but_three_in_four_hundred) {
  const auto next_day = [](const char* text) {
    calendar_time t;
    t.date = parse_date(text).value();
    return day_of(from_calendar(t) + a_day);
  };
  BOOST_TEST(next_day("2024-02-28") == "2024-02-29");
  BOOST_TEST(next_day("2023-02-28") == "2023-03-01");
  BOOST_TEST(next_day("1900-02-28") == "1900-03-01");
  BOOST_TEST(next_day("2100-02-28") == "2100-03-01");
  BOOST_TEST(next_day("2000-02-28") == "2000-02-29");
  BOOST_TEST(next_day("2000-02-29") == "2000-03-01");
  BOOST_TEST(next_day("2026-12-31") == "2027-01-01");
}

BOOST_AUTO_TEST_CASE(a_date_is_read_only_when_the_day_exists) {
  BOOST_TEST((parse_date("2026-11-22") == calendar_date{2026, 11, 22}));
  for (const char* text : {"2024-02-29", "2026-01-31", "2026-04-30", "2000-02-29", "9999-12-31"})
    BOOST_TEST(to_string(parse_date(text).value()) == text);
  for (const char* text :
       {"", "2026", "2026-11", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "2026-04-31",
        "2023-02-29", "1900-02-29", "2026-1-1", "26-01-01", "2026/01/01", "2026-01-01 ",
        "2026-01-01T00:00:00", " 2026-01-01", "-026-01-01", "2026-+1-01", "20x6-01-01"})
    BOOST_TEST(!parse_date(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(an_iso_time_is_utc_unless_it_says_otherwise) {
  BOOST_TEST(reading("2024-07-03T10:00:00") == "2024-07-03 10:00:00.000000");
  BOOST_TEST(reading("2024-07-03t10:00:00z") == "2024-07-03 10:00:00.000000");
  BOOST_TEST(reading("2024-07-03T10:00:00Z") == "2024-07-03 10:00:00.000000");
  BOOST_TEST(reading("2024-07-03T10:00:00+09:00") == "2024-07-03 01:00:00.000000");
  BOOST_TEST(reading("2024-07-03T10:00:00-05:30") == "2024-07-03 15:30:00.000000");
  BOOST_TEST(reading("2024-01-01T00:30:00+01:00") == "2023-12-31 23:30:00.000000");
}

BOOST_AUTO_TEST_CASE(a_fraction_has_one_to_nine_digits_and_is_cut_to_microseconds) {
  BOOST_TEST(reading("2024-07-03T10:00:00.5") == "2024-07-03 10:00:00.500000");
  BOOST_TEST(reading("2024-07-03T10:00:00.123456789Z") == "2024-07-03 10:00:00.123456");
  BOOST_TEST(reading("2024-07-03T10:00:00.000001") == "2024-07-03 10:00:00.000001");
  BOOST_TEST(reading("2024-07-03T10:00:00.") == "refused");
  BOOST_TEST(reading("2024-07-03T10:00:00.1234567890") == "refused");
}

BOOST_AUTO_TEST_CASE(the_last_moment_of_a_day_is_read_and_the_one_behind_it_is_not) {
  BOOST_TEST(reading("2024-07-03T23:59:59") == "2024-07-03 23:59:59.000000");
  for (const char* text :
       {"2024-07-03T24:00:00", "2024-07-03T23:60:00", "2024-07-03T23:59:60", "2024-02-30T00:00:00"})
    BOOST_TEST(reading(text) == "refused", text);
}

BOOST_AUTO_TEST_CASE(what_is_no_iso_time_is_refused) {
  for (const char* text :
       {"", "T", "2024-07-03", "2024-07-03T", "2024-07-03 10:00:00", "2024-07-03T10:00:00X",
        "2024-07-03T10:00:00ZZ", "2024-07-03T1:00:00", "2024-07-03T10:00:00+24:00",
        "2024-07-03T10:00:00+09:60", "2024-07-03T10:00:00+", "2024-07-03T-1:00:00",
        "2024-07-03T10:00:00Z+09:00", "now", "1720000800"})
    BOOST_TEST(reading(text) == "refused", text);
}

BOOST_AUTO_TEST_CASE(an_offset_never_leads_out_of_the_years_that_can_be_written) {
  BOOST_TEST(reading("0000-01-01T00:00:00") == "0000-01-01 00:00:00.000000");
  BOOST_TEST(reading("0000-01-01T00:00:00+00:01") == "refused");
  BOOST_TEST(reading("9999-12-31T23:59:59.999999") == "9999-12-31 23:59:59.999999");
  BOOST_TEST(reading("9999-12-31T23:59:59-00:01") == "refused");
}

BOOST_AUTO_TEST_CASE(a_time_as_the_tables_hold_it_is_read_back) {
  const auto t = from_micros(1'795'351'288'123'456);
  BOOST_TEST(parse_sql_text(to_sql_text(t)).value() == t);
  BOOST_TEST(parse_sql_text("2024-07-03 10:00:00").value() == from_micros(1'720'000'800'000'000));
  for (const char* text : {"", "2024-07-03", "2024-07-03T10:00:00", "2024-07-03 25:00:00.000000",
                           "2024-07-03 10:00:00.000000Z", "2024-07-03 10:00"})
    BOOST_TEST(!parse_sql_text(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(an_instant_has_seven_numbers) {
  const auto c = to_calendar(from_micros(1'720'000'800'000'001));
  BOOST_TEST(c.date == (calendar_date{2024, 7, 3}));
  BOOST_TEST((c.hour == 10 && c.minute == 0 && c.second == 0));
  BOOST_TEST(c.nanosecond == 1000);
}

BOOST_AUTO_TEST_CASE(seconds_may_be_left_out_as_java_does) {
  BOOST_TEST(reading("2024-07-18T11:20") == "2024-07-18 11:20:00.000000");
  BOOST_TEST(reading("2024-07-18T11:20+09:00") == "2024-07-18 02:20:00.000000");
  BOOST_TEST(reading("2024-07-18T11:20.5") == "refused");
  BOOST_TEST(!parse_sql_text("2024-07-18 11:20"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
