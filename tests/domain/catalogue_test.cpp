// Putting performances on offer, and the hours in which they sell (CONTRACT 2 and 4).
#include "actors/domain/catalogue.hpp"
#include "actors/domain/sale_hours.hpp"
#include "tests/domain/samples.hpp"

namespace boxoffice::domain::test {

namespace {

wanted_option a_wish() {
  wanted_option wish;
  wish.concert = {2};
  wish.starts_at = seconds_past(1000);
  wish.venue = "Main Hall";
  wish.time_zone = "Asia/Seoul";
  wish.zone_offset = std::chrono::hours(9);
  wish.sections = {{"A", 5, points(100)}, {"B", 3, {}}};
  return wish;
}

// What is wrong with the wish, by place.
std::vector<std::string> faults_of(const wanted_option& wish) {
  const auto plan = plan_option(wish, noon);
  BOOST_TEST(code_of(plan) == error_code::invalid_request);
  std::vector<std::string> places;
  for (const auto& f : refused(plan)->faults) places.push_back(f.pointer);
  return places;
}
using places = std::vector<std::string>;

id_source fresh_ids() { return id_source({7, 7, 70, 7, 7, 7, 7, 7, 7}); }

option_draft a_draft() {
  option_draft draft{value_of(plan_option(a_wish(), noon)), 0};
  auto ids = fresh_ids();
  number_option(draft.what, ids);
  return draft;
}

catalogue with_hours(const std::vector<std::pair<int, int>>& hours) {
  catalogue all;
  for (const auto& [open, close] : hours) {
    auto option = an_option();
    option.id = {static_cast<std::int64_t>(all.options.size()) + 1};
    option.sales_open_at = seconds_past(open);
    option.sales_close_at = seconds_past(close);
    option.starts_at = seconds_past(close + 1000);
    all.options[option.id] = std::make_shared<const concert_option>(option);
  }
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalogue_rules)

BOOST_AUTO_TEST_CASE(a_performance_sells_from_now_until_it_starts_unless_told_otherwise) {
  const auto plan = value_of(plan_option(a_wish(), noon));
  BOOST_TEST(plan.sales_open_at == noon);
  BOOST_TEST(plan.sales_close_at == seconds_past(1000));
  BOOST_TEST(plan.seat_count() == 8);

  auto wish = a_wish();
  wish.sales_open_at = seconds_past(10);
  wish.sales_close_at = seconds_past(900);
  const auto told = value_of(plan_option(wish, noon));
  BOOST_TEST(told.sales_open_at == seconds_past(10));
  BOOST_TEST(told.sales_close_at == seconds_past(900));
}

BOOST_AUTO_TEST_CASE(the_day_is_the_venues) {
  auto wish = a_wish();
  wish.starts_at = from_calendar({{2027, 3, 1}, 15, 30, 0, 0});
  BOOST_TEST(value_of(plan_option(wish, noon)).local_date == (calendar_date{2027, 3, 2}));
  wish.zone_offset = -std::chrono::hours(11);
  BOOST_TEST(value_of(plan_option(wish, noon)).local_date == (calendar_date{2027, 3, 1}));
  wish.zone_offset = -std::chrono::hours(16);
  BOOST_TEST(value_of(plan_option(wish, noon)).local_date == (calendar_date{2027, 2, 28}));
}

BOOST_AUTO_TEST_CASE(times_are_in_order) {
  auto wish = a_wish();
  wish.starts_at = noon;
  wish.sales_open_at = seconds_past(-10);
  BOOST_TEST(faults_of(wish) == places{"/startsAt"}, boost::test_tools::per_element());
  wish = a_wish();
  wish.sales_close_at = seconds_past(1000) + tick;
  BOOST_TEST(faults_of(wish) == places{"/salesCloseAt"}, boost::test_tools::per_element());
  wish = a_wish();
  wish.sales_open_at = seconds_past(1000);
  BOOST_TEST(faults_of(wish) == places{"/salesOpenAt"}, boost::test_tools::per_element());
  wish = a_wish();
  wish.sales_close_at = noon; // it would open now
  BOOST_TEST(faults_of(wish) == places{"/salesOpenAt"}, boost::test_tools::per_element());
  wish = a_wish();
  wish.starts_at = from_calendar({{9999, 1, 1}, 0, 0, 0, 0});
  BOOST_TEST(faults_of(wish) == places{"/startsAt"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(sections_have_names_of_their_own_seats_and_prices) {
  auto wish = a_wish();
  wish.sections = {};
  BOOST_TEST(faults_of(wish) == places{"/sections"}, boost::test_tools::per_element());
  wish.sections = {{"A", 1, {}}, {"A", 1, {}}, {"no such", 0, money{-1}}};
  BOOST_TEST(faults_of(wish) == (places{"/sections/1/name", "/sections/2/name", "/sections/2/seats",
                                        "/sections/2/price"}),
             boost::test_tools::per_element());
  wish.sections = {{"A", 60'000, {}}, {"B", 40'000, {}}};
  BOOST_TEST(value_of(plan_option(wish, noon)).seat_count() == max_seats_of_an_option);
  wish.sections = {{"A", 60'000, {}}, {"B", 40'001, {}}};
  BOOST_TEST(faults_of(wish) == places{"/sections"}, boost::test_tools::per_element());
  wish.sections = {{"A", std::numeric_limits<std::int64_t>::max(), {}}};
  BOOST_TEST(faults_of(wish) == places{"/sections/0/seats"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(all_that_is_wrong_is_told_at_once) {
  wanted_option wish;
  BOOST_TEST(faults_of(wish).size() == 5u);
}

BOOST_AUTO_TEST_CASE(seats_are_numbered_without_gaps) {
  const auto draft = a_draft();
  BOOST_TEST(draft.what.id == option_id{7});
  BOOST_TEST(draft.what.sections[0].first_seat == seat_id{70});
  BOOST_TEST(draft.what.sections[1].first_seat == seat_id{75});
}

BOOST_AUTO_TEST_CASE(seats_are_laid_step_by_step_and_published_with_the_last) {
  for (const int step : {1, 2, 3, 4, 5, 7, 8, 100}) {
    auto draft = a_draft();
    std::vector<seat_name> names;
    auto next = draft.what.first_seat();
    for (bool published = false; !published;) {
      BOOST_TEST_REQUIRE(!draft.complete());
      int count = 0;
      for (const auto& e : lay_seats(draft, {step})) {
        if (const auto* laid = std::get_if<seats_laid>(&e)) {
          BOOST_TEST(laid->first == next);
          for (int i = 0; i < laid->count; ++i)
            names.push_back({laid->section, laid->first_number + i});
          next.value += laid->count;
          count += laid->count;
          evolve(draft, *laid);
        } else {
          BOOST_TEST(std::get<option_published>(e).what.id == draft.what.id);
          published = true;
        }
      }
      BOOST_TEST(count <= step);
      BOOST_TEST(published == draft.complete());
    }
    BOOST_TEST(to_string(names) == "A_1,A_2,A_3,A_4,A_5,B_1,B_2,B_3");
  }
}

BOOST_AUTO_TEST_CASE(a_status_follows_the_hours_of_sale) {
  const auto option = an_option();
  BOOST_TEST(status_of(option, noon - tick) == option_status::scheduled);
  BOOST_TEST(status_of(option, noon) == option_status::on_sale);
  BOOST_TEST(status_of(option, seconds_past(100) - tick) == option_status::on_sale);
  BOOST_TEST(status_of(option, seconds_past(100)) == option_status::closed);
  for (int s = -10; s <= 300; s += 10)
    BOOST_TEST((status_of(option, seconds_past(s)) == option_status::on_sale) ==
               !check_sale_hours(option, seconds_past(s)));
}

BOOST_AUTO_TEST_CASE(what_is_cancelled_is_that_and_opens_no_line) {
  auto option = an_option();
  option.cancelled.emplace();
  for (int s = -10; s <= 300; s += 10)
    BOOST_TEST(status_of(option, seconds_past(s)) == option_status::cancelled);
  catalogue all;
  all.options[option.id] = std::make_shared<const concert_option>(option);
  BOOST_TEST(sale_calendar(all, option.concert).admits_from(seconds_past(-10)) == time_point{});
}

BOOST_AUTO_TEST_CASE(a_line_forms_until_the_sale_opens_and_then_moves) {
  const sale_calendar hours(with_hours({{100, 200}}), {2});
  BOOST_TEST(hours.admits_from(noon) == seconds_past(100));
  BOOST_TEST(hours.admits_from(seconds_past(100) - tick) == seconds_past(100));
  BOOST_TEST(hours.admits_from(seconds_past(100)) == seconds_past(100));
  BOOST_TEST(hours.admits_from(seconds_past(150)) == seconds_past(100));
}

BOOST_AUTO_TEST_CASE(where_nothing_will_sell_any_more_the_line_moves_as_it_comes) {
  BOOST_TEST(sale_calendar().admits_from(noon) == time_point{});
  BOOST_TEST(sale_calendar({}, {2}).admits_from(noon) == time_point{});
  const sale_calendar over(with_hours({{-100, -50}}), {2});
  BOOST_TEST(over.admits_from(noon) == time_point{});
  const sale_calendar others(with_hours({{100, 200}}), {3});
  BOOST_TEST(others.admits_from(noon) == time_point{});
}

BOOST_AUTO_TEST_CASE(between_two_sales_the_line_forms_again) {
  const sale_calendar hours(with_hours({{300, 400}, {0, 100}, {90, 200}, {400, 500}}), {2});
  BOOST_TEST(hours.admits_from(seconds_past(-1)) == noon);
  BOOST_TEST(hours.admits_from(seconds_past(150)) == noon);
  BOOST_TEST(hours.admits_from(seconds_past(200)) == seconds_past(300));
  BOOST_TEST(hours.admits_from(seconds_past(400)) == seconds_past(300));
  BOOST_TEST(hours.admits_from(seconds_past(499)) == seconds_past(300));
  BOOST_TEST(hours.admits_from(seconds_past(500)) == time_point{});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
