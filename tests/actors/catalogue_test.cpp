// Performances put on offer while the node crashes, fails, or sells others, in many orders.
#define BOOST_TEST_MODULE actors.catalogue
#include "tests/actors/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;

namespace {

constexpr int orders = 30;
constexpr domain::option_id new_one{3}; // the stage has options 1 and 2

void in_small_steps(actors::rules& r) { r.catalogue.seats_a_step = 3; }

domain::wanted_option a_wish() {
  domain::wanted_option wanted;
  wanted.concert = {1};
  wanted.starts_at = sim::opening_day() + 24h;
  wanted.venue = "Small Hall";
  wanted.time_zone = "Asia/Seoul";
  wanted.zone_offset = 9h;
  wanted.sections = {{"A", 11, domain::points(1)}, {"B", 9, domain::points(2)}};
  return wanted;
}

bool on_offer(stage& s, domain::option_id id = new_one) {
  return s.site().node().catalogue()->option(id) != nullptr;
}

actors::create_booking booking_of(stage& s, const std::string& user, const std::string& token_of) {
  auto c = std::get<actors::create_booking>(s.booking(token_of, "A_1"));
  c.user = {user};
  c.option = new_one;
  return c;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_performance_appears_with_its_answer_and_is_sold) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, in_small_steps);
    const auto made = s.asks("user8", actors::create_option{a_wish()});
    const auto& outcome = s.wait_for(made);
    const auto* view = std::get_if<actors::option_view>(&outcome);
    BOOST_REQUIRE(view);
    BOOST_TEST(view->what.id.value == new_one.value);
    BOOST_TEST(view->what.seat_count() == 20);
    BOOST_REQUIRE(on_offer(s));
    s.enter("user1");
    BOOST_CHECK(!s.refusal(s.asks("user1", booking_of(s, "user1", "user1"))));
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_step_leaves_it_whole_or_not_begun) {
  int whole = 0, none = 0;
  for (int steps = 0; steps < 90; ++steps) {
    BOOST_TEST_CONTEXT("crash after " << steps << " steps") {
      stage s(5, in_small_steps);
      s.asks("user8", actors::create_option{a_wish()});
      s.run_steps(steps);
      s.crash();
      s.start();
      s.run_for(1s);
      ++(on_offer(s) ? whole : none);
      // The next one has ids of its own, whatever became of the first.
      const auto next = s.asks("user8", actors::create_option{a_wish()});
      BOOST_CHECK(!s.refusal(next));
      s.finish();
    }
  }
  BOOST_TEST(whole > 10);
  BOOST_TEST(none > 0);
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_in_the_midst_is_gone_on_with) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, in_small_steps);
    const auto made = s.asks("user8", actors::create_option{a_wish()});
    s.run_steps(static_cast<int>(seed) % 60);
    s.trouble().fail_next_commit(sim::commit_fate::done_untold);
    // Takes up what fails, if it was not the option.
    const auto charged = s.asks("user1", actors::charge_wallet{{"user1"}, domain::points(1)});
    for (const auto& asked : {made, charged}) {
      const auto refusal = s.refusal(asked);
      BOOST_CHECK(!refusal || refusal == error_code::store_unavailable);
    }
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(two_at_once_are_made_one_after_the_other) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, in_small_steps);
    const auto first = s.asks("user8", actors::create_option{a_wish()});
    const auto second = s.asks("user7", actors::create_option{a_wish()});
    const auto concert = s.asks("user6", actors::create_concert{"concertC"});
    BOOST_CHECK(!s.refusal(first));
    BOOST_CHECK(!s.refusal(second));
    BOOST_CHECK(!s.refusal(concert));
    BOOST_CHECK(on_offer(s, {3}) && on_offer(s, {4}));
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(other_sales_have_their_commits_in_between) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, [](actors::rules& r) {
      r.catalogue.seats_a_step = 1;
      r.catalogue.pause_between_steps = {};
    });
    s.enter("user1");
    auto wish = a_wish();
    wish.sections = {{"A", 400, {}}};
    const auto made = s.asks("user8", actors::create_option{wish});
    s.book("user1", "A_1");
    BOOST_TEST(!made->has_value()); // 400 commits take longer than a booking's few
    BOOST_CHECK(!on_offer(s));
    BOOST_CHECK(!s.refusal(made));
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_pause_is_made_between_steps_and_nobody_else_waits_for_it) {
  static constexpr auto pause = 5s;
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, [](actors::rules& r) {
      r.catalogue.seats_a_step = 5;
      r.catalogue.pause_between_steps = pause;
    });
    s.enter("user1");
    const auto begun = s.site().now();
    const auto made = s.asks("user8", actors::create_option{a_wish()}); // 20 seats: four steps
    s.wait_for(s.asks("user7", actors::create_concert{"concertC"}));    // the catalogue's as well
    s.book("user1", "A_1");
    BOOST_TEST((s.site().now() - begun < pause));
    BOOST_CHECK(!s.refusal(made));
    const auto took = s.site().now() - begun;
    BOOST_TEST((took >= 3 * pause && took < 4 * pause)); // none before the first, none for the last
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
  stage s(1);
  auto wish = a_wish();
  wish.concert = {77};
  BOOST_CHECK(s.refusal(s.asks("user8", actors::create_option{wish})) ==
              error_code::concert_not_found);
  wish = a_wish();
  wish.starts_at = sim::opening_day();
  BOOST_CHECK(s.refusal(s.asks("user8", actors::create_option{wish})) ==
              error_code::invalid_request);
  wish = a_wish();
  wish.zone_offset.reset();
  BOOST_CHECK(s.refusal(s.asks("user8", actors::create_option{wish})) ==
              error_code::invalid_request);
  s.finish();
}

BOOST_AUTO_TEST_CASE(a_sale_opens_and_closes_to_the_moment) {
  stage s(1);
  auto wish = a_wish();
  wish.sales_open_at = sim::opening_day() + 2s;
  wish.sales_close_at = sim::opening_day() + 3s;
  BOOST_CHECK(!s.refusal(s.asks("user8", actors::create_option{wish})));
  s.enter("user1");
  BOOST_CHECK(s.refusal(s.asks("user1", booking_of(s, "user1", "user1"))) ==
              error_code::sale_not_open);
  s.run_until([&] { return s.site().now() >= sim::opening_day() + 2s; });
  BOOST_CHECK(!s.refusal(s.asks("user1", booking_of(s, "user1", "user1"))));
  s.run_until([&] { return s.site().now() >= sim::opening_day() + 3s; });
  BOOST_CHECK(s.refusal(s.asks("user1", booking_of(s, "user1", "user1"))) ==
              error_code::sale_closed);
  s.finish();
}
