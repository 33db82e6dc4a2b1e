// A booking from hold to sale (CONTRACT 2, Booking and Payment; 5: which code).
#include "actors/domain/booking.hpp"
#include "tests/domain/samples.hpp"

namespace boxoffice::domain::test {

namespace {

constexpr time_point hold_ends = seconds_past(100);

payment_claim by(const user_id& user) {
  payment_claim claim;
  claim.user = user;
  return claim;
}

result<events> pay(const booking& b, const payment_claim& claim = by(alice),
                   time_point now = noon) {
  return decide_payment(b, claim, attempt, false, now);
}

// The place that a mismatch with the booking names.
std::string mismatch(const payment_claim& claim) {
  const auto answer = pay(pending(), claim);
  BOOST_TEST(code_of(answer) == error_code::invalid_request);
  return refused(answer)->faults.at(0).pointer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(booking_rules)

BOOST_AUTO_TEST_CASE(a_new_booking_is_pending_with_all_its_seats) {
  const auto b = pending();
  BOOST_TEST(b.status == booking_status::pending);
  BOOST_TEST(b.id == booking_id{77});
  BOOST_TEST((b.option == option_id{4} && b.concert == concert_id{2}));
  BOOST_TEST(b.user == alice);
  BOOST_TEST(b.token == some_token);
  BOOST_TEST((seat_ids(b) == std::vector<seat_id>{{10}, {11}}));
  BOOST_TEST(b.total == points(200));
  BOOST_TEST((b.created_at == noon && b.expires_at == hold_ends));
  BOOST_TEST(!b.settled);
  BOOST_TEST(!b.payment);
}

BOOST_AUTO_TEST_CASE(a_payment_begins_with_the_attempt_and_the_token_that_the_payer_named) {
  auto claim = by(alice);
  claim.token = token_key{5, 6};
  const auto e = only<payment_started>(value_of(pay(pending(), claim)));
  BOOST_TEST(e.booking == booking_id{77});
  BOOST_TEST(e.payment == attempt);
  BOOST_TEST((e.token == claim.token));
  BOOST_TEST(e.at == noon);

  const auto b = then(pending(), {e});
  BOOST_TEST(b.status == booking_status::paying);
  BOOST_TEST(b.payment == attempt);
  BOOST_TEST((b.paid_with == claim.token));
  BOOST_TEST(b.token == some_token);
}

BOOST_AUTO_TEST_CASE(another_user_s_booking_is_not_found_whatever_its_state) {
  for (const auto& b : {pending(), paying(), confirmed(), expired()})
    BOOST_TEST(code_of(pay(b, by(bob))) == error_code::booking_not_found);
}

BOOST_AUTO_TEST_CASE(the_booking_s_owner_is_checked_before_its_other_details) {
  auto claim = by(bob);
  claim.concert = concert_id{3};
  BOOST_TEST(code_of(pay(pending(), claim)) == error_code::booking_not_found);
}

BOOST_AUTO_TEST_CASE(a_named_concert_must_be_the_booking_s) {
  auto claim = by(alice);
  claim.concert = concert_id{2};
  BOOST_TEST(value_of(pay(pending(), claim)).size() == 1u);
  claim.concert = concert_id{3};
  BOOST_TEST(mismatch(claim) == "/concertId");
}

BOOST_AUTO_TEST_CASE(named_seats_must_be_the_booking_s_in_any_order) {
  auto claim = by(alice);
  claim.seats = {{"A", 11}, {"A", 10}};
  BOOST_TEST(value_of(pay(pending(), claim)).size() == 1u);
  const std::vector<std::vector<seat_name>> others = {{},
                                                      {{"A", 10}},
                                                      {{"A", 10}, {"A", 12}},
                                                      {{"A", 10}, {"A", 10}},
                                                      {{"A", 10}, {"A", 11}, {"A", 12}},
                                                      {{"B", 10}, {"B", 11}}};
  for (const auto& seats : others) {
    claim.seats = seats;
    BOOST_TEST(mismatch(claim) == "/seats");
  }
}

// CONTRACT 5: paying an expired booking is 410 on every route, whatever else is said of it.
BOOST_AUTO_TEST_CASE(the_booking_s_state_is_told_before_a_mismatch) {
  auto claim = by(alice);
  claim.concert = concert_id{3};
  BOOST_TEST(code_of(pay(confirmed(), claim)) == error_code::booking_not_pending);
  BOOST_TEST(code_of(pay(expired(), claim)) == error_code::booking_expired);
  BOOST_TEST(code_of(pay(pending(), claim)) == error_code::invalid_request);
}

BOOST_AUTO_TEST_CASE(a_token_for_another_concert_is_told_first) {
  auto claim = by(bob);
  claim.token_concert = concert_id{3};
  BOOST_TEST(code_of(pay(confirmed(), claim)) == error_code::queue_token_invalid);
}

BOOST_AUTO_TEST_CASE(a_token_of_the_concert_that_the_payer_names_is_in_order_but_the_name_is_not) {
  auto claim = by(alice);
  claim.token_concert = claim.concert = concert_id{3};
  BOOST_TEST(code_of(pay(pending(), claim)) == error_code::invalid_request);
}

BOOST_AUTO_TEST_CASE(a_booking_is_paid_up_to_the_moment_its_hold_ends) {
  BOOST_TEST(value_of(pay(pending(), by(alice), hold_ends - tick)).size() == 1u);
  BOOST_TEST(code_of(pay(pending(), by(alice), hold_ends)) == error_code::booking_expired);
  BOOST_TEST(code_of(pay(expired())) == error_code::booking_expired);
}

BOOST_AUTO_TEST_CASE(only_a_pending_booking_is_paid) {
  for (const auto& b : {paying(), confirmed(), with_status(confirmed(), booking_status::refunding),
                        with_status(confirmed(), booking_status::cancelled)})
    BOOST_TEST(code_of(pay(b)) == error_code::booking_not_pending, b.status);
}

BOOST_AUTO_TEST_CASE(a_debit_confirms_the_booking_and_sells_its_seats) {
  const auto e = only<booking_confirmed>(decide_debit_outcome(paying(), attempt, true, noon));
  BOOST_TEST((e.booking == booking_id{77} && e.option == option_id{4} && e.payment == attempt));
  BOOST_TEST((e.seats == std::vector<seat_id>{{10}, {11}}));
  BOOST_TEST(then(paying(), {e}).status == booking_status::confirmed);
}

BOOST_AUTO_TEST_CASE(a_payment_that_began_in_time_finishes_whatever_the_clock_says) {
  const auto years_later = hold_ends + std::chrono::hours(24 * 365);
  BOOST_TEST(decide_expiry(paying(), years_later).empty());
  only<booking_confirmed>(decide_debit_outcome(paying(), attempt, true, years_later));
}

BOOST_AUTO_TEST_CASE(too_little_money_keeps_the_hold_and_lets_the_client_pay_again) {
  const auto facts = decide_debit_outcome(paying(), attempt, false, hold_ends - tick);
  only<payment_refused>(facts);
  const auto b = then(paying(), facts);
  BOOST_TEST(b.status == booking_status::pending);
  BOOST_TEST(b.expires_at == hold_ends);

  const payment_id next{10};
  const auto again = then(b, value_of(decide_payment(b, by(alice), next, false, noon)));
  BOOST_TEST(again.payment == next);
  BOOST_TEST(decide_debit_outcome(again, attempt, true, noon).empty());
  only<booking_confirmed>(decide_debit_outcome(again, next, true, noon));
}

BOOST_AUTO_TEST_CASE(too_little_money_behind_the_end_of_the_hold_expires_the_booking) {
  const auto facts = decide_debit_outcome(paying(), attempt, false, hold_ends);
  BOOST_TEST_REQUIRE(facts.size() == 2u);
  BOOST_TEST(std::holds_alternative<payment_refused>(facts[0]));
  BOOST_TEST_REQUIRE(std::holds_alternative<booking_expired>(facts[1]));
  BOOST_TEST((std::get<booking_expired>(facts[1]).seats == std::vector<seat_id>{{10}, {11}}));
  BOOST_TEST(then(paying(), facts).status == booking_status::expired);
}

BOOST_AUTO_TEST_CASE(a_late_duplicate_of_a_debit_changes_nothing) {
  for (const bool debited : {true, false}) {
    BOOST_TEST(decide_debit_outcome(paying(), {8}, debited, noon).empty());
    for (const auto& b :
         {pending(), confirmed(), expired(), with_status(confirmed(), booking_status::refunding),
          with_status(confirmed(), booking_status::cancelled)})
      BOOST_TEST(decide_debit_outcome(b, attempt, debited, noon).empty());
  }
}

BOOST_AUTO_TEST_CASE(a_booking_not_paid_in_time_expires_and_frees_its_seats) {
  BOOST_TEST(decide_expiry(pending(), hold_ends - tick).empty());
  const auto e = only<booking_expired>(decide_expiry(pending(), hold_ends));
  BOOST_TEST((e.booking == booking_id{77} && e.option == option_id{4} && e.at == hold_ends));
  BOOST_TEST((e.seats == std::vector<seat_id>{{10}, {11}}));
  BOOST_TEST(then(pending(), {e}).status == booking_status::expired);
}

BOOST_AUTO_TEST_CASE(only_a_pending_booking_expires) {
  for (const auto& b :
       {paying(), confirmed(), expired(), with_status(confirmed(), booking_status::refunding),
        with_status(confirmed(), booking_status::cancelled)})
    BOOST_TEST(decide_expiry(b, seconds_past(1'000'000)).empty());
}

BOOST_AUTO_TEST_CASE(a_confirmed_booking_is_settled_once) {
  only<booking_settled>(decide_settled(confirmed()));
  const auto settled = then(confirmed(), decide_settled(confirmed()));
  BOOST_TEST(settled.settled);
  BOOST_TEST(decide_settled(settled).empty());
  for (const auto& b : {pending(), paying(), expired()}) BOOST_TEST(decide_settled(b).empty());
}

BOOST_AUTO_TEST_CASE(a_booking_is_final_when_nothing_more_happens_to_it_by_itself) {
  BOOST_TEST(!is_final(pending()));
  BOOST_TEST(!is_final(paying()));
  BOOST_TEST(!is_final(confirmed()));
  BOOST_TEST(!is_final(with_status(confirmed(), booking_status::refunding)));
  BOOST_TEST(is_final(then(confirmed(), {booking_settled{{77}}})));
  BOOST_TEST(is_final(expired()));
  BOOST_TEST(is_final(with_status(confirmed(), booking_status::cancelled)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
