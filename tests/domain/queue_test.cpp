// A place in the queue: its order, its life, what it admits to (CONTRACT 2, Queue).
#include "tests/domain/queue_scene.hpp"

namespace boxoffice::domain::test {

namespace {

// User 1 is admitted; whoever comes next waits.
queue_scene one_at_a_time() {
  queue_scene s;
  s.rules.active_limit = 1;
  s.enter(1);
  return s;
}

std::optional<error_code> refusal(const queue_scene& s, std::uint64_t n, const user_id& user,
                                  time_point now = noon) {
  const auto r = check_admission(s.q, s.in_force(), key(n), user, now);
  return r ? std::optional(r->code) : std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(queue_rules)

BOOST_AUTO_TEST_CASE(a_newcomer_is_admitted_at_once_when_there_is_room_and_nobody_waits) {
  queue_scene s;
  const auto facts = s.enter(1);
  BOOST_TEST_REQUIRE(facts.size() == 2u);
  const auto issued = std::get<token_issued>(facts[0]);
  BOOST_TEST((issued.token == key(1) && issued.row == token_id{1}));
  BOOST_TEST((issued.concert == concert_id{2} && issued.user == user_number(1)));
  BOOST_TEST((issued.at == noon && issued.expires_at == noon + std::chrono::minutes(10)));
  const auto admitted = std::get<token_admitted>(facts[1]);
  BOOST_TEST((admitted.token == key(1) && admitted.user == user_number(1)));
  BOOST_TEST((admitted.at == noon && admitted.expires_at == noon + std::chrono::minutes(5)));
  BOOST_TEST(s.of(1).status == token_status::processing);
  BOOST_TEST(s.position(1) == 0u);
}

BOOST_AUTO_TEST_CASE(who_comes_to_a_full_queue_waits_at_position_1_or_behind) {
  auto s = one_at_a_time();
  s.enter_many(2, 4);
  BOOST_TEST(s.of(2).status == token_status::waiting);
  BOOST_TEST((s.position(2) == 1u && s.position(3) == 2u && s.position(4) == 3u));
  BOOST_TEST((s.q.processing() == 1u && s.q.waiting() == 3u));
}

BOOST_AUTO_TEST_CASE(a_newcomer_does_not_pass_those_who_wait_even_when_there_is_room) {
  auto s = one_at_a_time();
  s.enter(2);
  s.release(1);
  s.enter(3);
  BOOST_TEST((s.position(2) == 1u && s.position(3) == 2u));
}

BOOST_AUTO_TEST_CASE(arrivals_are_numbered_one_after_the_other) {
  auto s = one_at_a_time();
  s.enter_many(2, 3);
  BOOST_TEST((s.of(1).arrival == 1 && s.of(2).arrival == 2 && s.of(3).arrival == 3));
  BOOST_TEST(s.q.next_arrival() == 4);
}

BOOST_AUTO_TEST_CASE(a_user_is_found_by_name_while_the_token_lives) {
  auto s = one_at_a_time();
  s.enter(2);
  for (const std::uint64_t n : {1, 2}) {
    BOOST_TEST_REQUIRE((s.q.find_live(user_number(n)) != nullptr));
    BOOST_TEST(s.q.find_live(user_number(n))->key == key(n));
    s.release(n);
    BOOST_TEST((s.q.find_live(user_number(n)) == nullptr));
    BOOST_TEST(s.gone(n));
  }
  BOOST_TEST((s.q.find_live(user_number(3)) == nullptr));
}

BOOST_AUTO_TEST_CASE(a_client_s_own_priority_counts_as_0) {
  auto s = one_at_a_time();
  s.enter(2);
  s.enter(3, noon, 1000);
  BOOST_TEST(s.of(3).priority == 0);
  BOOST_TEST(s.position(3) == 2u);
}

BOOST_AUTO_TEST_CASE(an_honoured_priority_goes_first_then_first_come_first_served) {
  auto s = one_at_a_time();
  s.rules.honour_client_priority = true;
  s.enter(2);
  s.enter(3, noon, 5);
  s.enter(4, noon, 5);
  s.enter(5, noon, -1);
  s.enter(6, noon, std::numeric_limits<std::int32_t>::max());
  s.enter(7, noon, std::numeric_limits<std::int32_t>::min());
  const auto head = s.q.head_of_line(10);
  std::vector<token_key> order;
  for (const auto* t : head) order.push_back(t->key);
  BOOST_TEST((order == std::vector<token_key>{key(6), key(3), key(4), key(2), key(5), key(7)}));
  BOOST_TEST((s.position(6) == 1u && s.position(2) == 4u && s.position(7) == 6u));
  BOOST_TEST(s.q.head_of_line(2).size() == 2u);

  s.release(1);
  s.turn(noon);
  BOOST_TEST(s.of(6).status == token_status::processing);
}

BOOST_AUTO_TEST_CASE(an_admission_ends_its_time_after_it_began) {
  queue_scene s;
  s.enter(1);
  const auto end = noon + s.rules.active_ttl;
  BOOST_TEST(s.turn(end - tick).empty());
  const auto e = only<token_expired>(s.turn(end));
  BOOST_TEST((e.token == key(1) && e.user == user_number(1) && e.at == end));
  BOOST_TEST(e.concert == concert_id{2});
  BOOST_TEST(s.gone(1));
}

BOOST_AUTO_TEST_CASE(the_next_in_line_is_admitted_at_once_when_another_s_time_is_over) {
  auto s = one_at_a_time();
  s.enter(2);
  const auto end = noon + s.rules.active_ttl;
  const auto facts = s.turn(end);
  BOOST_TEST_REQUIRE(facts.size() == 2u);
  BOOST_TEST(std::get<token_expired>(facts[0]).token == key(1));
  BOOST_TEST(std::get<token_admitted>(facts[1]).token == key(2));
  BOOST_TEST(s.of(2).expires_at == end + s.rules.active_ttl);
}

BOOST_AUTO_TEST_CASE(a_completed_payment_expires_its_token_and_admits_the_next) {
  auto s = one_at_a_time();
  s.enter(2);
  const auto e = only<token_expired>(decide_release(s.q, key(1), seconds_past(3)));
  BOOST_TEST((e.token == key(1) && e.user == user_number(1) && e.at == seconds_past(3)));
  s.apply({e});
  BOOST_TEST(only<token_admitted>(s.turn(seconds_past(3))).token == key(2));
  BOOST_TEST(decide_release(s.q, key(1), noon).empty());
  s.apply({e}); // told twice
  BOOST_TEST(s.q.processing() == 1u);
}

BOOST_AUTO_TEST_CASE(a_waiting_token_nobody_polls_is_dropped) {
  auto s = one_at_a_time();
  s.rules.abandon_after = std::chrono::seconds(60);
  s.enter(2);
  BOOST_TEST(s.turn(seconds_past(60) - tick).empty());
  BOOST_TEST(only<token_expired>(s.turn(seconds_past(60))).token == key(2));
  BOOST_TEST(s.gone(2));
  BOOST_TEST(s.q.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(a_poll_keeps_a_waiting_token_and_moves_its_expiration) {
  auto s = one_at_a_time();
  s.rules.abandon_after = std::chrono::seconds(60);
  s.enter(2);
  BOOST_TEST(view(s.q, s.rules, s.of(2), noon).expires_at == seconds_past(60));
  s.q.polled(key(2), seconds_past(40));
  BOOST_TEST(view(s.q, s.rules, s.of(2), noon).expires_at == seconds_past(100));
  BOOST_TEST(s.turn(seconds_past(100) - tick).empty());
  BOOST_TEST(s.turn(seconds_past(100)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_poll_never_shortens_a_token_s_life) {
  auto s = one_at_a_time();
  s.enter(2, seconds_past(10));
  s.q.polled(key(2), noon);
  BOOST_TEST(s.of(2).last_polled == seconds_past(10));
}

BOOST_AUTO_TEST_CASE(a_poll_keeps_the_place_and_does_not_prolong_an_admission) {
  auto s = one_at_a_time();
  s.enter_many(2, 3);
  s.q.polled(key(2), seconds_past(5));
  s.q.polled(key(1), seconds_past(5));
  s.q.polled(key(99), seconds_past(5));
  BOOST_TEST(s.position(2) == 1u);
  BOOST_TEST(s.of(1).expires_at == noon + s.rules.active_ttl);
}

BOOST_AUTO_TEST_CASE(a_dropped_token_is_not_admitted_in_the_same_breath) {
  queue_scene s;
  s.rules.active_limit = 1;
  s.rules.active_ttl = s.rules.abandon_after = std::chrono::seconds(60);
  s.enter_many(1, 3);
  s.q.polled(key(3), seconds_past(1));
  const auto facts = s.turn(seconds_past(60));
  BOOST_TEST_REQUIRE(facts.size() == 3u);
  BOOST_TEST(std::get<token_expired>(facts[0]).token == key(1));
  BOOST_TEST(std::get<token_expired>(facts[1]).token == key(2));
  BOOST_TEST(std::get<token_admitted>(facts[2]).token == key(3));
}

BOOST_AUTO_TEST_CASE(a_client_is_told_its_place_and_when_its_token_expires) {
  auto s = one_at_a_time();
  s.enter(2, seconds_past(1));
  const auto admitted = view(s.q, s.rules, s.of(1), noon),
             waits = view(s.q, s.rules, s.of(2), noon);
  BOOST_TEST((admitted.key == key(1) && admitted.user == user_number(1)));
  BOOST_TEST((admitted.status == token_status::processing && admitted.position == 0u));
  BOOST_TEST((admitted.issued_at == noon && admitted.expires_at == noon + s.rules.active_ttl));
  BOOST_TEST((waits.status == token_status::waiting && waits.position == 1u));
  BOOST_TEST(waits.issued_at == seconds_past(1));
  BOOST_TEST(waits.expires_at == seconds_past(1) + s.rules.abandon_after);
}

BOOST_AUTO_TEST_CASE(an_admitted_token_of_the_same_user_opens_the_desk_until_it_expires) {
  queue_scene s;
  s.enter(1);
  const auto end = noon + s.rules.active_ttl;
  BOOST_TEST(!refusal(s, 1, user_number(1)));
  BOOST_TEST(!refusal(s, 1, user_number(1), end - tick));
  BOOST_TEST((refusal(s, 1, user_number(1), end) == error_code::queue_token_invalid));
}

BOOST_AUTO_TEST_CASE(another_s_or_an_unknown_token_opens_nothing) {
  auto s = one_at_a_time();
  s.enter(2);
  BOOST_TEST((refusal(s, 1, user_number(2)) == error_code::queue_token_invalid));
  BOOST_TEST((refusal(s, 2, user_number(1)) == error_code::queue_token_invalid));
  BOOST_TEST((refusal(s, 99, user_number(1)) == error_code::queue_token_invalid));
}

BOOST_AUTO_TEST_CASE(a_waiting_token_is_told_when_to_ask_again) {
  auto s = one_at_a_time();
  s.rules.admit_per_second = 10;
  s.enter_many(2, 1001);
  s.rules.active_limit = 10'000;
  const auto retry = [&s](std::uint64_t n) {
    const auto r = check_admission(s.q, s.in_force(), key(n), user_number(n), noon);
    BOOST_TEST_REQUIRE(r.has_value());
    BOOST_TEST(r->code == error_code::queue_token_waiting);
    return r->retry_after.value().count();
  };
  BOOST_TEST(retry(2) == 1);
  for (const std::uint64_t n : {101, 102, 103}) BOOST_TEST((retry(n) >= 5 && retry(n) <= 11));
  for (const std::uint64_t n : {999, 1000, 1001}) BOOST_TEST((retry(n) >= 15 && retry(n) <= 30));
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_tokens_and_their_order) {
  auto before = one_at_a_time();
  before.rules.honour_client_priority = true;
  before.enter(2);
  before.enter(3, noon, 7);
  queue_scene after;
  after.rules = before.rules;
  for (const std::uint64_t n : {2, 1, 3}) after.q.restore(before.of(n));
  after.q.restore_arrivals(3);
  BOOST_TEST((after.position(1) == 0u && after.position(2) == 2u && after.position(3) == 1u));
  BOOST_TEST((after.q.find_live(user_number(2)) == after.q.find(key(2))));
  after.enter(4);
  BOOST_TEST(after.of(4).arrival == 4);
  BOOST_TEST(after.position(4) == 3u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
