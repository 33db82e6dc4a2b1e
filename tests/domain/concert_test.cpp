// Seat names and hours of sale (CONTRACT 1, 2 and 5).
#include "actors/domain/concert.hpp"
#include "tests/domain/samples.hpp"

namespace boxoffice::domain::test {

namespace {

using names = std::vector<seat_name>;

// The pointer that the refusal of a body names.
std::string fault_of(std::string_view text, std::size_t max_seats = 10) {
  const auto answer = parse_seat_names(text, max_seats, "/seats");
  BOOST_TEST(code_of(answer) == error_code::invalid_request);
  BOOST_TEST_REQUIRE(refused(answer)->faults.size() == 1u);
  BOOST_TEST(refused(answer)->faults.front().pointer == "/seats");
  return refused(answer)->faults.front().detail;
}

} // namespace

BOOST_AUTO_TEST_SUITE(concert_rules)

BOOST_AUTO_TEST_CASE(a_seat_is_written_as_section_and_number) {
  BOOST_TEST(to_string(seat_name{"A", 10}) == "A_10");
  BOOST_TEST(to_string(names{{"A", 10}, {"A", 11}}) == "A_10,A_11");
  BOOST_TEST(to_string(names{}) == "");
  BOOST_TEST((parse_seat_name("A_10") == seat_name{"A", 10}));
  BOOST_TEST((parse_seat_name("balcony2_1") == seat_name{"balcony2", 1}));
  BOOST_TEST((parse_seat_name("1_2147483647") == seat_name{"1", 2147483647}));
}

BOOST_AUTO_TEST_CASE(a_section_has_1_to_16_letters_or_digits) {
  BOOST_TEST(parse_seat_name(std::string(16, 'S') + "_1").has_value());
  BOOST_TEST(!parse_seat_name(std::string(17, 'S') + "_1").has_value());
  for (const char* text : {"_1", " _1", "A-B_1", "A B_1", "\xC3\x84_1", "A\n_1"})
    BOOST_TEST(!parse_seat_name(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_malformed_seat_name_is_refused) {
  for (const char* text :
       {"", "A", "A_", "_", "A10", "A_0", "A_01", "A_-1", "A_+1", "A_1.0", "A_1x", "A_x", "A_1 ",
        " A_1", "A__1", "A_1_1", "A_1,A_2", "A_2147483648", "A_99999999999999999999"})
    BOOST_TEST(!parse_seat_name(text).has_value(), text);
  BOOST_TEST(!parse_seat_name(std::string_view("A_1\0", 4)).has_value());
}

BOOST_AUTO_TEST_CASE(seats_of_a_request_are_listed_with_commas_and_blanks_if_one_likes) {
  BOOST_TEST((value_of(parse_seat_names("A_10", 10, "/seats")) == names{{"A", 10}}));
  BOOST_TEST(
      (value_of(parse_seat_names("A_11,A_10", 10, "/seats")) == names{{"A", 11}, {"A", 10}}));
  BOOST_TEST(
      (value_of(parse_seat_names("  A_10 ,  B_1 ", 10, "/seats")) == names{{"A", 10}, {"B", 1}}));
}

BOOST_AUTO_TEST_CASE(a_request_names_at_least_one_seat) {
  for (const char* text : {"", " ", ",", "A_1,", ",A_1", "A_1,,A_2", "A_1;A_2", "A_1 A_2"})
    fault_of(text);
}

BOOST_AUTO_TEST_CASE(a_request_names_a_seat_once) {
  BOOST_TEST(fault_of("A_1,A_2,A_1") == "The seat A_1 is named twice.");
  BOOST_TEST(fault_of("A_1, A_1") == "The seat A_1 is named twice.");
}

BOOST_AUTO_TEST_CASE(a_request_names_at_most_the_seats_a_booking_may_have) {
  BOOST_TEST(value_of(parse_seat_names("A_1,A_2,A_3", 3, "/seats")).size() == 3u);
  BOOST_TEST(fault_of("A_1,A_2,A_3,A_4", 3) == "At most 3 seats a booking.");
}

BOOST_AUTO_TEST_CASE(seats_of_a_section_follow_one_another) {
  const auto option = an_option();
  BOOST_TEST(option.seat_count() == 70);
  BOOST_TEST(option.first_seat() == seat_id{1});
  BOOST_TEST(find_seat(option, {"A", 1})->id == seat_id{1});
  BOOST_TEST(find_seat(option, {"A", 50})->id == seat_id{50});
  BOOST_TEST(find_seat(option, {"B", 1})->id == seat_id{51});
  BOOST_TEST(find_seat(option, {"B", 20})->id == seat_id{70});
  BOOST_TEST(find_seat(option, {"A", 1})->price == points(100));
  BOOST_TEST(find_seat(option, {"B", 1})->price == money{5050});
}

BOOST_AUTO_TEST_CASE(a_seat_outside_its_section_does_not_exist) {
  const auto option = an_option();
  for (const auto& name : names{{"A", 0}, {"A", -1}, {"A", 51}, {"B", 21}, {"C", 1}, {"a", 1}})
    BOOST_TEST(!find_seat(option, name).has_value(), to_string(name));
}

BOOST_AUTO_TEST_CASE(a_sale_opens_on_time_and_closes_on_time) {
  const auto option = an_option();
  BOOST_TEST(check_sale_hours(option, noon - tick)->code == error_code::sale_not_open);
  BOOST_TEST(!check_sale_hours(option, noon));
  BOOST_TEST(!check_sale_hours(option, seconds_past(100) - tick));
  BOOST_TEST(check_sale_hours(option, seconds_past(100))->code == error_code::sale_closed);
}

BOOST_AUTO_TEST_CASE(a_performance_that_has_begun_sells_nothing) {
  auto option = an_option();
  option.sales_close_at = seconds_past(1000);
  BOOST_TEST(!check_sale_hours(option, seconds_past(200) - tick));
  BOOST_TEST(check_sale_hours(option, seconds_past(200))->code == error_code::sale_closed);
}

BOOST_AUTO_TEST_CASE(the_catalogue_finds_what_it_holds) {
  catalogue all;
  all.options[{4}] = std::make_shared<const concert_option>(an_option());
  BOOST_TEST_REQUIRE(all.option({4}) != nullptr);
  BOOST_TEST(all.option({4})->id == option_id{4});
  BOOST_TEST((all.option({5}) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
