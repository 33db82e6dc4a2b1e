// The world's time zones, with the day on which their clocks change.
#define BOOST_TEST_MODULE actors.time_zones
#include "actors/time_zones.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

using namespace boxoffice;
using actors::zone_offset;

namespace {

domain::time_point utc(int year, int month, int day, int hour, int minute = 0) {
  return domain::from_calendar({{year, month, day}, hour, minute, 0, 0});
}

// In minutes; -1: there is no such zone.
long minutes(const std::string& zone, domain::time_point at) {
  const auto offset = zone_offset(zone, at);
  return offset ? std::chrono::duration_cast<std::chrono::minutes>(*offset).count() : -1;
}

} // namespace

BOOST_AUTO_TEST_CASE(clocks_are_ahead_as_the_database_says) {
  BOOST_TEST(minutes("UTC", utc(2026, 7, 1, 0)) == 0);
  BOOST_TEST(minutes("Asia/Seoul", utc(2026, 7, 1, 0)) == 540);
  BOOST_TEST(minutes("Asia/Kathmandu", utc(2026, 7, 1, 0)) == 345);
  BOOST_TEST(minutes("Pacific/Kiritimati", utc(2026, 7, 1, 0)) == 840);
  BOOST_TEST(minutes("America/Argentina/Buenos_Aires", utc(2026, 7, 1, 0)) == -180);
  BOOST_TEST(minutes("Etc/GMT+12", utc(2026, 7, 1, 0)) == -720);
}

BOOST_AUTO_TEST_CASE(clocks_change_at_the_moment) {
  BOOST_TEST(minutes("Europe/Berlin", utc(2027, 3, 28, 0, 59)) == 60);
  BOOST_TEST(minutes("Europe/Berlin", utc(2027, 3, 28, 1)) == 120);
  BOOST_TEST(minutes("Europe/Berlin", utc(2027, 10, 31, 0, 59)) == 120);
  BOOST_TEST(minutes("Europe/Berlin", utc(2027, 10, 31, 1)) == 60);
  BOOST_TEST(minutes("Australia/Lord_Howe", utc(2027, 1, 1, 0)) == 660);
  BOOST_TEST(minutes("Australia/Lord_Howe", utc(2027, 7, 1, 0)) == 630);
}

// The database lists changes up to 2037; what comes after goes by the rule behind them.
BOOST_AUTO_TEST_CASE(clocks_change_in_a_century_too) {
  BOOST_TEST(minutes("Europe/Berlin", utc(2099, 1, 15, 12)) == 60);
  BOOST_TEST(minutes("Europe/Berlin", utc(2099, 7, 15, 12)) == 120);
  BOOST_TEST(minutes("America/New_York", utc(2150, 7, 15, 12)) == -240);
}

BOOST_AUTO_TEST_CASE(what_is_no_zone_is_told) {
  for (const char* name :
       {"", "Mars/Olympus", "Europe", "europe/berlin", "Europe/Berlin ", "/etc/localtime",
        "../../../etc/passwd", "Europe/../UTC", "posix/UTC", "right/UTC", "localtime", "posixrules",
        "Factory", "Fixed/UTC+01:00:00", "zone.tab", "UTC+1", "Europe/Berl\xC3\xADn"})
    BOOST_TEST(!zone_offset(name, utc(2026, 1, 1, 0)).has_value(), name);
  BOOST_TEST(!zone_offset(std::string("UTC\0x", 5), utc(2026, 1, 1, 0)).has_value());
  BOOST_TEST(!zone_offset(std::string(1000, 'A'), utc(2026, 1, 1, 0)).has_value());
}

BOOST_AUTO_TEST_CASE(many_may_ask_at_once) {
  std::vector<std::thread> askers;
  for (int n = 0; n < 8; ++n)
    askers.emplace_back([] {
      for (int month = 1; month <= 12; ++month)
        for (const char* zone : {"Europe/Paris", "Asia/Tokyo", "America/Lima", "No/Where"})
          zone_offset(zone, utc(2026, month, 1, 0));
    });
  for (auto& a : askers) a.join();
  BOOST_TEST(minutes("Asia/Tokyo", utc(2026, 1, 1, 0)) == 540);
}
