// The demo's data, to the letter (CONTRACT 6).
#include "actors/domain/demo.hpp"
#include "tests/domain/samples.hpp"

#include <set>

namespace boxoffice::domain::test {

namespace {

id_source fresh_ids() {
  id_counters counters;
  counters.fill(1);
  return id_source(counters);
}

template <class E>
std::vector<E> of_kind(const events& plan) {
  std::vector<E> found;
  for (const auto& e : plan)
    if (const auto* wanted = std::get_if<E>(&e)) found.push_back(*wanted);
  return found;
}

events plan_for_an_empty_store(time_point now = noon) {
  auto ids = fresh_ids();
  return plan_demo({}, true, ids, now);
}

catalogue catalogue_of(const events& plan) {
  catalogue all;
  for (const auto& e : of_kind<concert_created>(plan)) all.concerts[e.what.id] = e.what;
  for (const auto& e : of_kind<option_created>(plan))
    all.options[e.what.id] = std::make_shared<const concert_option>(e.what);
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(demo_rules)

BOOST_AUTO_TEST_CASE(an_empty_store_gets_concerts_1_and_2) {
  const auto concerts = of_kind<concert_created>(plan_for_an_empty_store());
  BOOST_TEST_REQUIRE(concerts.size() == 2u);
  BOOST_TEST((concerts[0].what.id == concert_id{1} && concerts[0].what.title == "concertA"));
  BOOST_TEST((concerts[1].what.id == concert_id{2} && concerts[1].what.title == "concertB"));
}

BOOST_AUTO_TEST_CASE(each_concert_has_three_options_on_the_next_three_days) {
  const auto options = of_kind<option_created>(plan_for_an_empty_store());
  BOOST_TEST_REQUIRE(options.size() == 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto& option = options[i].what;
    BOOST_TEST(option.id == option_id{static_cast<std::int64_t>(i) + 1});
    BOOST_TEST(option.concert == concert_id{i < 3 ? 1 : 2});
    const auto day = to_calendar(noon + std::chrono::hours(24) * (i % 3 + 1)).date;
    BOOST_TEST(to_calendar(option.starts_at).date == day);
    BOOST_TEST(option.local_date == day);
    BOOST_TEST(option.time_zone == "UTC");
  }
}

BOOST_AUTO_TEST_CASE(an_hour_before_midnight_the_next_day_still_is_the_next_day) {
  const auto late = from_calendar({{2026, 12, 31}, 23, 0, 0, 0});
  const auto options = of_kind<option_created>(plan_for_an_empty_store(late));
  BOOST_TEST(options.front().what.local_date == (calendar_date{2027, 1, 1}));
}

BOOST_AUTO_TEST_CASE(all_of_it_is_on_sale_now) {
  for (const auto& e : of_kind<option_created>(plan_for_an_empty_store()))
    BOOST_TEST(!check_sale_hours(e.what, noon));
}

BOOST_AUTO_TEST_CASE(each_option_has_a_1_to_b_50_at_100_points) {
  std::set<seat_id> all;
  for (const auto& e : of_kind<option_created>(plan_for_an_empty_store())) {
    BOOST_TEST(e.what.seat_count() == 100);
    auto next = e.what.first_seat().value;
    for (const char* section : {"A", "B"})
      for (int n = 1; n <= 50; ++n) {
        const auto place = find_seat(e.what, {section, n});
        BOOST_TEST_REQUIRE(place.has_value());
        BOOST_TEST_REQUIRE(place->id == seat_id{next++}); // the ids of an option have no gaps
        BOOST_TEST_REQUIRE(place->price == points(100));
        BOOST_TEST_REQUIRE(all.insert(place->id).second);
      }
  }
  BOOST_TEST(*all.begin() == seat_id{1});
}

BOOST_AUTO_TEST_CASE(its_users_are_the_seed_s_and_user1_to_user1000) {
  const auto users = of_kind<user_created>(plan_for_an_empty_store());
  BOOST_TEST_REQUIRE(users.size() == 1003u);
  BOOST_TEST((users[0].who.id.value == "1" && users[0].who.name == "아무개"));
  BOOST_TEST(users[1].who.id.value == "1001");
  BOOST_TEST(users[2].who.id.value == "spring123");
  BOOST_TEST(users[3].who.id.value == "user1");
  BOOST_TEST(users[1002].who.id.value == "user1000");
  std::set<point_id> wallets;
  for (const auto& u : users) {
    BOOST_TEST_REQUIRE(is_valid_user_id(u.who.id.value));
    BOOST_TEST_REQUIRE(wallets.insert(u.wallet).second);
  }
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_empty_gets_nothing) {
  auto ids = fresh_ids();
  BOOST_TEST(plan_demo({}, false, ids, noon).empty());
  BOOST_TEST(plan_demo(catalogue_of(plan_for_an_empty_store()), false, ids, noon).empty());
}

BOOST_AUTO_TEST_CASE(a_concert_gets_three_new_options_when_all_its_own_have_passed) {
  const auto present = catalogue_of(plan_for_an_empty_store());
  const auto last_start = present.option({6})->starts_at;
  auto ids = fresh_ids();
  BOOST_TEST(plan_demo(present, false, ids, last_start - tick).empty());

  const auto plan = plan_demo(present, false, ids, last_start);
  const auto options = of_kind<option_created>(plan);
  BOOST_TEST(plan.size() == 6u);
  BOOST_TEST_REQUIRE(options.size() == 6u);
  for (const auto& e : options) BOOST_TEST(e.what.starts_at > last_start);
}

BOOST_AUTO_TEST_CASE(the_concerts_of_others_get_nothing) {
  auto present = catalogue_of(plan_for_an_empty_store());
  for (auto& [id, concert] : present.concerts) concert.title = "theirs";
  auto ids = fresh_ids();
  BOOST_TEST(plan_demo(present, false, ids, seconds_past(1'000'000)).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
