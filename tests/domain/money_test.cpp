// Points are exact (CONTRACT 2, Wallet; 5: which amounts are refused).
#include "actors/domain/money.hpp"
#include "tests/domain/support.hpp"

#include <string>
#include <utility>

namespace boxoffice::domain::test {

BOOST_AUTO_TEST_SUITE(money_rules)

BOOST_AUTO_TEST_CASE(a_json_number_with_at_most_two_decimals_is_read_exactly) {
  const std::pair<const char*, std::int64_t> readings[] = {
      {"0", 0},          {"100", 10000}, {"100.5", 10050}, {"100.05", 10005},
      {"100.50", 10050}, {"0.01", 1},    {"0.10", 10},     {"-0", 0},
      {"-3.25", -325},   {"1e2", 10000}, {"1E+2", 10000},  {"12.5e1", 12500},
      {"1.05e2", 10500}, {"5e-1", 50},   {"5e-2", 5},      {"100e-2", 100},
      {"1.000e1", 1000}, {"0e99", 0},    {"0.0e-1", 0},    {"1e007", 1000000000},
  };
  for (const auto& [text, minor] : readings) {
    const auto amount = parse_points(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST_REQUIRE(amount.has_value());
      BOOST_TEST(amount->minor == minor);
    }
  }
}

BOOST_AUTO_TEST_CASE(three_decimals_are_refused_even_when_they_are_zeros) {
  for (const char* text : {"0.001", "1.000", "100.123", "1e-3", "0.1e-2", "100e-3", "-1.005"})
    BOOST_TEST(!parse_points(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_is_no_json_number_is_refused) {
  for (const char* text :
       {"",      "-",     "+1",  ".5",  "1.",   "1e",   "1e+",      "1e--2", "1e+-2",
        "--1",   "1 ",    " 1",  "1,5", "0x10", "NaN",  "Infinity", "abc",   "1.5.5",
        "1e2e2", "\"1\"", "007", "00",  "-01",  "00.5", "1e.5"})
    BOOST_TEST(!parse_points(text).has_value(), text);
  BOOST_TEST(!parse_points(std::string_view("1\0", 2)).has_value());
}

BOOST_AUTO_TEST_CASE(the_largest_amount_is_read_and_one_unit_more_is_not) {
  BOOST_TEST(parse_points("10000000000000").value() == max_money);
  BOOST_TEST(parse_points("-10000000000000.00").value() == money{-max_money.minor});
  BOOST_TEST(parse_points("1e13").value() == max_money);
  BOOST_TEST(!parse_points("10000000000000.01").has_value());
  BOOST_TEST(!parse_points("-10000000000000.01").has_value());
  BOOST_TEST(!parse_points("1e14").has_value());
}

BOOST_AUTO_TEST_CASE(a_number_too_big_for_any_integer_is_refused_and_never_wraps) {
  for (const char* text : {"9223372036854775808", "18446744073709551617", "184467440737095516.17",
                           "1e99", "1e100", "1e2147483648", "1e99999999999999999999"})
    BOOST_TEST(!parse_points(text).has_value(), text);
  BOOST_TEST(!parse_points(std::string(100'000, '9')).has_value());
  BOOST_TEST(!parse_points("0." + std::string(100'000, '0')).has_value());
  BOOST_TEST(!parse_points("1e-" + std::string(100'000, '0') + "1000").has_value());
}

BOOST_AUTO_TEST_CASE(a_whole_balance_is_written_without_decimals_and_others_as_short_as_they_are) {
  BOOST_TEST(to_points({0}) == "0");
  BOOST_TEST(to_points({10000}) == "100");
  BOOST_TEST(to_points({10050}) == "100.5");
  BOOST_TEST(to_points({10005}) == "100.05");
  BOOST_TEST(to_points({10099}) == "100.99");
  BOOST_TEST(to_points({1}) == "0.01");
  BOOST_TEST(to_points({-5}) == "-0.05");
  BOOST_TEST(to_points({-10050}) == "-100.5");
  BOOST_TEST(to_points(max_money) == "10000000000000");
}

BOOST_AUTO_TEST_CASE(ten_dimes_are_one_point_which_no_binary_fraction_manages) {
  money sum;
  for (int i = 0; i < 10; ++i) sum = sum + parse_points("0.1").value();
  BOOST_TEST(sum == points(1));
}

BOOST_AUTO_TEST_CASE(amounts_compare_by_value) {
  const money small{1}, large{2};
  BOOST_TEST((small < large && large > small && small <= large && large >= small));
  BOOST_TEST((small <= small && small >= small && small == small && small != large));
  BOOST_TEST(!(small > large || large < small || small >= large || large <= small));
  BOOST_TEST((large - small).minor == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
