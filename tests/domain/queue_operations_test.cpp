// What an operator does to a queue, and what the opening of a sale does.
#include "tests/domain/queue_scene.hpp"

namespace boxoffice::domain::test {

namespace {

using limit = std::optional<std::size_t>;

queue_change limited_to(limit active) { return {active, {}, {}}; }
queue_change at_a_rate_of(limit rate) { return {{}, rate, {}}; }

std::vector<token_key> admitted(const events& facts) {
  std::vector<token_key> keys;
  for (const auto& e : facts)
    if (const auto* a = std::get_if<token_admitted>(&e)) keys.push_back(a->token);
  return keys;
}

} // namespace

BOOST_AUTO_TEST_SUITE(queue_operations_rules)

BOOST_AUTO_TEST_CASE(a_paused_queue_admits_nobody_and_goes_on_in_order_and_at_the_rate) {
  queue_scene s;
  s.rules.admit_per_second = 2;
  s.pause();
  s.enter_many(1, 5);
  BOOST_TEST(s.q.processing() == 0u);
  BOOST_TEST(s.turn(seconds_past(30)).empty());
  BOOST_TEST((s.wake(seconds_past(30)) == noon + s.rules.abandon_after));
  s.pause(false, seconds_past(40));
  BOOST_TEST((admitted(s.turn(seconds_past(40))) == std::vector{key(1), key(2)}));
  BOOST_TEST((admitted(s.turn(seconds_past(41))) == std::vector{key(3), key(4)}));
  BOOST_TEST((admitted(s.turn(seconds_past(42))) == std::vector{key(5)}));
}

BOOST_AUTO_TEST_CASE(who_is_admitted_stays_so_in_a_pause_and_those_who_wait_are_dropped) {
  queue_scene s;
  s.rules.active_limit = 1;
  s.rules.abandon_after = std::chrono::seconds(60);
  s.enter_many(1, 2);
  s.pause();
  BOOST_TEST(!check_admission(s.q, s.in_force(), key(1), user_number(1), seconds_past(1)));
  BOOST_TEST(only<token_expired>(s.turn(seconds_past(60))).token == key(2));
  BOOST_TEST(only<token_expired>(s.turn(noon + s.rules.active_ttl)).token == key(1));
}

BOOST_AUTO_TEST_CASE(a_lower_limit_expels_nobody_and_a_higher_one_lets_in) {
  queue_scene s;
  s.enter_many(1, 10);
  s.configure(limited_to(3));
  BOOST_TEST(s.turn(seconds_past(1)).empty());
  BOOST_TEST(s.q.processing() == 10u);
  s.enter(11, seconds_past(1));
  for (std::uint64_t n = 1; n <= 7; ++n) {
    s.release(n, seconds_past(2));
    BOOST_TEST(s.turn(seconds_past(2)).empty());
  }
  s.release(8, seconds_past(2));
  BOOST_TEST((admitted(s.turn(seconds_past(2))) == std::vector{key(11)}));
  s.enter_many(12, 13, seconds_past(2));
  s.configure(limited_to(5), seconds_past(3));
  BOOST_TEST(s.turn(seconds_past(3)).size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_not_set_goes_by_the_settings_and_can_go_back_to_them) {
  queue_scene s;
  s.configure({limit(7), limit(9), true});
  auto rules = s.in_force();
  BOOST_TEST((rules.active_limit == 7u && rules.admit_per_second == 9u && rules.paused));
  s.configure(limited_to({}));
  s.rules.active_limit = 55;
  rules = s.in_force();
  BOOST_TEST((rules.active_limit == 55u && rules.admit_per_second == 9u && rules.paused));
  s.configure({{}, limit(), false});
  BOOST_TEST((s.q.overridden() == queue_override{}));
}

BOOST_AUTO_TEST_CASE(a_change_that_changes_nothing_is_no_event) {
  queue_scene s;
  BOOST_TEST(decide_configuration(s.q, {}, noon).empty());
  BOOST_TEST(decide_configuration(s.q, {{}, {}, false}, noon).empty());
  BOOST_TEST(decide_configuration(s.q, limited_to({}), noon).empty());
  s.configure(at_a_rate_of(5));
  BOOST_TEST(decide_configuration(s.q, at_a_rate_of(5), noon).empty());
  BOOST_TEST(decide_configuration(s.q, at_a_rate_of(6), noon).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_token_s_priority_moves_it_and_keeps_its_arrival) {
  queue_scene s;
  s.rules.active_limit = 1;
  s.enter_many(1, 5);
  s.prioritize(4, 1);
  BOOST_TEST((s.position(4) == 1u && s.position(2) == 2u && s.position(5) == 4u));
  s.prioritize(5, 1);
  BOOST_TEST((s.position(4) == 1u && s.position(5) == 2u));
  s.prioritize(4, -1);
  BOOST_TEST((s.position(5) == 1u && s.position(4) == 4u));
  s.prioritize(4, 0);
  BOOST_TEST((s.position(2) == 2u && s.position(3) == 3u && s.position(4) == 4u));
  s.release(1);
  BOOST_TEST((admitted(s.turn(noon)) == std::vector{key(5)}));
}

BOOST_AUTO_TEST_CASE(only_a_live_token_gets_another_priority) {
  queue_scene s;
  s.enter(1);
  BOOST_TEST(decide_priority(s.q, key(1), 0, noon).empty());
  BOOST_TEST(decide_priority(s.q, key(9), 5, noon).empty());
  s.prioritize(1, 5); // admitted already: it changes nothing but the number
  BOOST_TEST((s.of(1).priority == 5 && s.position(1) == 0u));
  s.release(1);
  BOOST_TEST(s.gone(1));
}

BOOST_AUTO_TEST_CASE(before_the_sale_opens_the_line_forms_and_nobody_is_admitted) {
  queue_scene s;
  s.admits_from = seconds_past(100);
  s.enter_many(1, 3);
  BOOST_TEST(s.q.waiting() == 3u);
  BOOST_TEST(s.turn(s.admits_from - tick).empty());
  BOOST_TEST((s.wake(noon) == s.admits_from));
  BOOST_TEST(s.turn(s.admits_from).size() == 3u);
  s.enter(4, s.admits_from);
  BOOST_TEST(s.position(4) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
