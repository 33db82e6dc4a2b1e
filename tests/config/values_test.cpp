#include "config/values.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::config;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(durations_are_a_number_and_a_unit) {
  BOOST_TEST((parse_duration("250ms") == 250ms));
  BOOST_TEST((parse_duration("2s") == 2s));
  BOOST_TEST((parse_duration("5m") == 5min));
  BOOST_TEST((parse_duration("24h") == 24h));
  BOOST_TEST((parse_duration("0ms") == 0ms));
  for (const auto* wrong : {"", "5", "s", "-1s", "+1s", "1.5s", "5 s", " 5s", "5S", "5d", "5ss",
                            "99999999999999999999s", "9223372036854775807h"})
    BOOST_TEST(!parse_duration(wrong), "accepted " << wrong);
}

BOOST_AUTO_TEST_CASE(durations_are_written_with_the_largest_unit_that_fits) {
  BOOST_TEST(format_duration(0ms) == "0ms");
  BOOST_TEST(format_duration(250ms) == "250ms");
  BOOST_TEST(format_duration(60s) == "1m");
  BOOST_TEST(format_duration(90s) == "90s");
  BOOST_TEST(format_duration(24h) == "24h");
}

BOOST_AUTO_TEST_CASE(points_are_exact) {
  BOOST_TEST(parse_points("100").value() == 10000);
  BOOST_TEST(parse_points("100.5").value() == 10050);
  BOOST_TEST(parse_points("100.50").value() == 10050);
  BOOST_TEST(parse_points("0.07").value() == 7);
  BOOST_TEST(parse_points("92233720368547758.07").value() == INT64_MAX);
  for (const auto* wrong : {"", ".", "1.", ".5", "1.234", "-1", "1.-5", "+1", "1e3", "1,5", "0x1",
                            "92233720368547758.08", "92233720368547759"})
    BOOST_TEST(!parse_points(wrong), "accepted " << wrong);
}

BOOST_AUTO_TEST_CASE(points_are_written_with_the_decimals_they_need) {
  BOOST_TEST(format_points(10000) == "100");
  BOOST_TEST(format_points(10050) == "100.50");
  BOOST_TEST(format_points(7) == "0.07");
}

BOOST_AUTO_TEST_CASE(loopback_is_recognized_however_it_is_written) {
  for (const auto* inside : {"127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"})
    BOOST_TEST(is_loopback(inside), inside);
  for (const auto* outside : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "::ffff:10.0.0.1"})
    BOOST_TEST(!is_loopback(outside), outside);
  BOOST_TEST(parse_address("localhost").value() == "127.0.0.1");
  for (const auto* wrong : {"", "example.org", "1.2.3", "127.0.0.1:80", "[::1]", "127.1"})
    BOOST_TEST(!parse_address(wrong), "accepted " << wrong);
}

BOOST_AUTO_TEST_SUITE_END()
