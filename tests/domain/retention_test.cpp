// What is forgotten, and when.
#include "actors/domain/option_desk.hpp"
#include "actors/domain/retention.hpp"
#include "actors/domain/wallet.hpp"
#include "tests/domain/samples.hpp"

namespace boxoffice::domain::test {

namespace {

const domain::retention_rules rules{std::chrono::seconds(60), std::chrono::seconds(90)};

token_key key_of(std::uint64_t n) { return make_token_key(n, n); }

past_token dead(std::uint64_t n, time_point at, concert_id concert = {2}) {
  return {key_of(n), {static_cast<std::int64_t>(n)}, concert, at};
}

past_booking over(std::int64_t id, time_point until, const user_id& user = alice,
                  option_id option = {4}) {
  return {{id}, option, user, booking_status::expired, until, false};
}

events forgotten(const past& part, time_point now) {
  held_back none;
  return decide_forgetting(part, rules, now, none);
}

std::vector<booking_id> bookings_of(const events& facts) {
  std::vector<booking_id> all;
  for (const auto& e : facts)
    if (const auto* gone = std::get_if<bookings_forgotten>(&e))
      all.insert(all.end(), gone->bookings.begin(), gone->bookings.end());
  return all;
}

booking over_booking(std::int64_t id, time_point until, booking_status status) {
  auto b = with_status(pending({id}), status);
  b.expires_at = until;
  return b;
}

error_code refusal_to_pay(const option_desk& desk) {
  return code_of(find_payable(desk, alice, points(200)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(retention_rules)

BOOST_AUTO_TEST_CASE(a_dead_token_goes_when_its_time_is_over_and_not_before) {
  const past part{{dead(1, noon)}, {}};
  BOOST_TEST(forgotten(part, seconds_past(60) - tick).empty());
  const auto facts = forgotten(part, seconds_past(60));
  BOOST_TEST_REQUIRE(facts.size() == 1u);
  const auto& gone = std::get<tokens_forgotten>(facts[0]);
  BOOST_TEST((gone.concert == concert_id{2} && gone.tokens == std::vector{key_of(1)}));
  BOOST_TEST((gone.at == seconds_past(60)));
}

BOOST_AUTO_TEST_CASE(a_token_stays_that_somebody_needs) {
  auto last = dead(1, noon), named = dead(2, noon);
  last.is_last = true;
  named.is_named = true;
  BOOST_TEST(forgotten({{last, named}, {}}, seconds_past(1000)).empty());
}

BOOST_AUTO_TEST_CASE(an_unpaid_booking_goes_when_its_time_is_over_and_not_before) {
  const past part{{}, {over(77, noon)}};
  BOOST_TEST(forgotten(part, seconds_past(90) - tick).empty());
  const auto facts = forgotten(part, seconds_past(90));
  BOOST_TEST_REQUIRE(facts.size() == 1u);
  const auto& gone = std::get<bookings_forgotten>(facts[0]);
  BOOST_TEST((gone.option == option_id{4} && gone.bookings == std::vector{booking_id{77}}));
}

BOOST_AUTO_TEST_CASE(each_concert_and_each_option_has_a_fact_of_its_own) {
  const auto facts = forgotten({{dead(1, noon, {2}), dead(2, noon, {3}), dead(3, noon, {2})},
                                {over(1, noon), over(2, noon, bob, {5}), over(3, noon)}},
                               seconds_past(1000));
  BOOST_TEST_REQUIRE(facts.size() == 4u);
  BOOST_TEST((std::get<tokens_forgotten>(facts[0]).tokens == std::vector{key_of(1), key_of(3)}));
  BOOST_TEST((std::get<tokens_forgotten>(facts[1]).concert == concert_id{3}));
  BOOST_TEST((std::get<bookings_forgotten>(facts[2]).bookings ==
              std::vector{booking_id{1}, booking_id{3}}));
  BOOST_TEST((std::get<bookings_forgotten>(facts[3]).option == option_id{5}));
}

// A desk hears how far a user's bookings are forgotten, so none may go ahead of one that stays.
BOOST_AUTO_TEST_CASE(a_booking_that_is_asked_for_stays_and_holds_back_its_users_later_ones) {
  auto asked_for = over(2, seconds_past(1));
  asked_for.is_asked_for = true;
  held_back waiting;
  const past first{{},
                   {over(1, noon), asked_for, over(3, seconds_past(2)),
                    over(4, seconds_past(2), bob), over(5, seconds_past(2), alice, {5})}};
  const auto now = seconds_past(1000);
  BOOST_TEST((bookings_of(decide_forgetting(first, rules, now, waiting)) ==
              std::vector{booking_id{1}, booking_id{4}, booking_id{5}}));
  const past second{{}, {over(6, seconds_past(3))}};
  BOOST_TEST(decide_forgetting(second, rules, now, waiting).empty());
}

// Nobody has said yet that its time is over: when they do it stands before those that are past.
BOOST_AUTO_TEST_CASE(a_hold_that_should_have_run_out_holds_back_its_users_later_ones) {
  held_back waiting;
  past first{{}, {over(3, seconds_past(2)), over(4, seconds_past(2), bob)}};
  first.overdue = {{{4}, alice}};
  const auto now = seconds_past(1000);
  BOOST_TEST(
      (bookings_of(decide_forgetting(first, rules, now, waiting)) == std::vector{booking_id{4}}));
  const past second{{}, {over(5, seconds_past(3)), over(6, seconds_past(3), alice, {5})}};
  BOOST_TEST(
      (bookings_of(decide_forgetting(second, rules, now, waiting)) == std::vector{booking_id{6}}));
}

BOOST_AUTO_TEST_CASE(the_past_is_read_part_by_part) {
  const auto first = begin_of_past(rules, seconds_past(1000), 2);
  BOOST_TEST(first.most == 2u);
  BOOST_TEST((first.tokens.until == seconds_past(940)));
  BOOST_TEST((first.bookings.until == seconds_past(910)));
  const auto second =
      next_of_past(first, {{dead(1, noon), dead(2, seconds_past(1))}, {over(7, noon)}});
  BOOST_TEST((second.tokens.after == std::pair(seconds_past(1), token_id{2})));
  BOOST_TEST((second.bookings.after == std::pair(noon, booking_id{7})));
  const auto third = next_of_past(second, {{dead(3, seconds_past(2))}, {}});
  BOOST_TEST((third.tokens.after.second == token_id{3}));
  BOOST_TEST((third.bookings.after.second == booking_id{7}));
  BOOST_TEST((third.tokens.until == first.tokens.until));
  BOOST_TEST((first.begins && !second.begins && !third.begins));
}

BOOST_AUTO_TEST_CASE(the_past_is_looked_at_often_enough_and_hourly_at_least) {
  BOOST_TEST((look_back_every({std::chrono::hours(1), std::chrono::hours(720)}) ==
              std::chrono::minutes(15)));
  BOOST_TEST((look_back_every({}) == std::chrono::hours(1)));
}

BOOST_AUTO_TEST_CASE(a_desk_tells_of_a_booking_until_it_is_forgotten) {
  using s = booking_status;
  option_desk desk;
  for (const auto& b :
       {over_booking(1, noon, s::expired), over_booking(2, seconds_past(1), s::expired),
        over_booking(3, noon, s::cancelled)})
    desk.note(b);
  BOOST_TEST(refusal_to_pay(desk) == error_code::booking_expired);
  desk.forget(alice, s::expired, {noon, {1}});
  BOOST_TEST(refusal_to_pay(desk) == error_code::booking_expired); // the other one
  desk.forget(alice, s::expired, {seconds_past(1), {2}});
  BOOST_TEST(refusal_to_pay(desk) == error_code::booking_not_pending); // the cancelled one
  desk.forget(alice, s::cancelled, {noon, {3}});
  BOOST_TEST(refusal_to_pay(desk) == error_code::booking_not_found);
  BOOST_TEST(desk.customers.empty());
  desk.forget(bob, s::expired, {noon, {9}}); // whom it never knew
}

BOOST_AUTO_TEST_CASE(a_desk_keeps_who_has_live_bookings_and_what_was_paid_back) {
  using s = booking_status;
  option_desk desk;
  auto refunded = over_booking(1, noon, s::cancelled);
  refunded.confirmed_at = noon;
  desk.note(refunded);
  desk.note(over_booking(2, seconds_past(1), s::cancelled));
  desk.forget(alice, s::cancelled, {seconds_past(1), {2}});
  BOOST_TEST(refusal_to_pay(desk) == error_code::booking_not_pending);
  option_desk other;
  other.note(pending({5}));
  other.note(over_booking(6, noon, s::expired));
  other.forget(alice, s::expired, {noon, {6}});
  BOOST_TEST(live_bookings(other).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_wallet_forgets_refusals_and_nothing_else) {
  wallet w;
  w.debited = {{1}};
  w.refused = {{{7}, {2}}, {{8}, {3}}};
  forget_refusals(w, {{7}, {9}});
  BOOST_TEST((w.debited == std::set<payment_id>{{1}}));
  BOOST_TEST((w.refused == std::map<booking_id, payment_id>{{{8}, {3}}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
