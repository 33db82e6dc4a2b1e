// How many are admitted, how fast, and when the queue next has work (CONTRACT 2, Queue).
#include "tests/domain/queue_scene.hpp"

namespace boxoffice::domain::test {

namespace {

queue_scene limited_to(std::size_t active, std::size_t per_second) {
  queue_scene s;
  s.rules.active_limit = active;
  s.rules.admit_per_second = per_second;
  return s;
}

// A token as a restart reads it.
token stored(std::uint64_t n, token_status status, time_point admitted_at) {
  token t;
  t.key = key(n);
  t.user = user_number(n);
  t.arrival = static_cast<std::int64_t>(n);
  t.status = status;
  t.issued_at = t.last_polled = noon;
  t.admitted_at = admitted_at;
  t.expires_at = admitted_at + std::chrono::minutes(5);
  return t;
}

} // namespace

BOOST_AUTO_TEST_SUITE(queue_rules)

BOOST_AUTO_TEST_CASE(at_most_active_limit_are_processing_at_once) {
  auto s = limited_to(3, 50);
  s.enter_many(1, 5);
  BOOST_TEST((s.q.processing() == 3u && s.q.waiting() == 2u));
  s.turn(seconds_past(10));
  BOOST_TEST(s.q.processing() == 3u);
  s.release(2, seconds_past(10));
  BOOST_TEST(only<token_admitted>(s.turn(seconds_past(10))).token == key(4));
}

BOOST_AUTO_TEST_CASE(lowering_the_limit_expels_nobody_and_admits_nobody_until_there_is_room) {
  auto s = limited_to(3, 50);
  s.enter_many(1, 4);
  s.rules.active_limit = 1;
  BOOST_TEST(s.turn(seconds_past(5)).empty());
  BOOST_TEST(s.q.processing() == 3u);
  s.release(1);
  s.release(2);
  BOOST_TEST(s.turn(seconds_past(5)).empty());
  s.release(3);
  BOOST_TEST(only<token_admitted>(s.turn(seconds_past(5))).token == key(4));
}

BOOST_AUTO_TEST_CASE(raising_the_limit_admits_those_who_wait_in_order) {
  auto s = limited_to(1, 50);
  s.enter_many(1, 4);
  s.rules.active_limit = 3;
  const auto facts = s.turn(seconds_past(5));
  BOOST_TEST_REQUIRE(facts.size() == 2u);
  BOOST_TEST(std::get<token_admitted>(facts[0]).token == key(2));
  BOOST_TEST(std::get<token_admitted>(facts[1]).token == key(3));
}

BOOST_AUTO_TEST_CASE(at_most_admit_per_second_are_admitted_in_any_one_second) {
  auto s = limited_to(100, 3);
  s.enter_many(1, 2, noon);
  s.enter_many(3, 9, millis_past(500));
  BOOST_TEST(s.q.processing() == 3u);
  BOOST_TEST(s.q.recent_admissions(millis_past(500)) == 3u);
  BOOST_TEST(s.turn(seconds_past(1) - tick).empty());
  BOOST_TEST(s.turn(seconds_past(1)).size() == 2u);
  BOOST_TEST(s.turn(millis_past(1500) - tick).empty());
  BOOST_TEST(s.turn(millis_past(1500)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_expired_admission_still_counts_for_the_rate) {
  auto s = limited_to(100, 2);
  s.enter_many(1, 3);
  s.release(1);
  s.release(2);
  BOOST_TEST(s.turn(seconds_past(1) - tick).empty());
  BOOST_TEST(s.turn(seconds_past(1)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_window_survives_a_restart_whatever_order_tokens_are_read_in) {
  auto s = limited_to(100, 3);
  s.q.restore(stored(1, token_status::processing, millis_past(600)));
  s.q.restore(stored(4, token_status::waiting, {}));
  s.q.restore(stored(2, token_status::expired, millis_past(300)));
  s.q.restore(stored(3, token_status::processing, millis_past(900)));
  s.q.restore(stored(5, token_status::expired, {})); // dropped, never admitted
  s.q.restore_arrivals(5);
  BOOST_TEST(s.gone(2));
  BOOST_TEST(s.turn(millis_past(1300) - tick).empty());
  BOOST_TEST((s.wake(millis_past(1000)) == millis_past(1300)));
  BOOST_TEST(only<token_admitted>(s.turn(millis_past(1300))).token == key(4));
}

BOOST_AUTO_TEST_CASE(a_lower_rate_counts_what_was_admitted_before) {
  auto s = limited_to(100, 10);
  for (std::uint64_t n = 1; n <= 10; ++n) s.enter(n, millis_past(static_cast<int>(n) * 10));
  s.rules.admit_per_second = 2;
  s.enter(11, millis_past(200));
  BOOST_TEST(s.position(11) == 1u);
  const auto second_to_last_leaves = millis_past(1090);
  BOOST_TEST((s.wake(millis_past(200)) == second_to_last_leaves));
  BOOST_TEST(s.turn(second_to_last_leaves - tick).empty());
  BOOST_TEST(s.turn(second_to_last_leaves).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_empty_queue_needs_no_wake_up) {
  const queue_scene s;
  BOOST_TEST((s.wake(noon) == std::nullopt));
}

BOOST_AUTO_TEST_CASE(the_queue_wakes_for_the_first_expiry_drop_or_admission) {
  auto s = limited_to(2, 1);
  s.rules.active_ttl = std::chrono::seconds(30);
  s.rules.abandon_after = std::chrono::seconds(20);
  s.enter(1);
  BOOST_TEST((s.wake(noon) == seconds_past(30)));
  s.enter(2, millis_past(100));
  BOOST_TEST((s.wake(millis_past(100)) == seconds_past(1)));
  s.turn(seconds_past(1));
  s.enter(3, seconds_past(2));
  BOOST_TEST((s.wake(seconds_past(2)) == seconds_past(22)));
  s.q.polled(key(3), seconds_past(15));
  BOOST_TEST((s.wake(seconds_past(15)) == seconds_past(30)));
}

BOOST_AUTO_TEST_CASE(a_place_that_fell_free_is_due_now) {
  auto s = limited_to(1, 50);
  s.enter_many(1, 2);
  s.release(1, seconds_past(7));
  BOOST_TEST((s.wake(seconds_past(7)) == seconds_past(7)));
}

BOOST_AUTO_TEST_CASE(a_limit_or_rate_of_0_admits_nobody_and_asks_for_no_wake_up_to_admit) {
  for (auto s : {limited_to(0, 50), limited_to(100, 0)}) {
    BOOST_TEST(s.enter(1).size() == 1u);
    BOOST_TEST(s.turn(seconds_past(5)).empty());
    BOOST_TEST((s.wake(seconds_past(5)) == noon + s.rules.abandon_after));
    const auto r = check_admission(s.q, s.in_force(), key(1), user_number(1), noon);
    BOOST_TEST(r.value().code == error_code::queue_token_waiting);
  }
}

BOOST_AUTO_TEST_CASE(a_turn_does_at_most_what_it_is_asked_for) {
  auto s = limited_to(3, 50);
  s.enter_many(1, 6);
  const auto end = noon + s.rules.active_ttl;
  BOOST_TEST(advance(s.q, s.in_force(), end, 0).empty());
  for (std::size_t most = 1; most <= 7; ++most)
    BOOST_TEST(advance(s.q, s.in_force(), end, most).size() == std::min<std::size_t>(most, 6));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
