// What every store must refuse, and what it must remember of requests with a key.
#include "tests/persistence/conformance_bench.hpp"

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_FIXTURE_TEST_CASE(a_seat_that_is_held_or_sold, opened) {
  commit({booked(1, ann, {1, 2}), charged(ann, 1, points(500), points(500))});
  check_refused(booked(2, bob, {2}));
  check_refused(booked(2, bob, {4, 1}));
  commit({paying(1, 1), debited(ann, 2, 1, 1, price + price, points(500) - price - price),
          paid(1, 1, {1, 2})});
  check_refused(booked(2, bob, {2}));
  check_refused(booked(2, ann, {2}));
  check_refused(run_out(1, {1, 2}));
}

BOOST_FIXTURE_TEST_CASE(a_seat_of_no_or_another_option, opened) {
  check_refused(booked(1, ann, {5}));
  auto elsewhere = booked(1, ann, {1});
  elsewhere.option = {2};
  check_refused(elsewhere);
}

BOOST_FIXTURE_TEST_CASE(a_balance_below_zero, opened) {
  commit({booked(1, ann, {1}), charged(ann, 1, money{100}, money{100}), paying(1, 1)});
  check_refused(debited(ann, 2, 1, 1, price, money{100} - price));
}

BOOST_FIXTURE_TEST_CASE(a_balance_that_does_not_follow, opened) {
  commit({charged(ann, 1, money{100}, money{100})});
  check_refused(charged(ann, 2, money{100}, money{300}));
  check_refused(charged({"nobody"}, 2, money{100}, money{100}));
}

BOOST_FIXTURE_TEST_CASE(a_second_debit_for_a_booking, opened) {
  commit({booked(1, ann, {1}), charged(ann, 1, points(500), points(500)), paying(1, 1),
          debited(ann, 2, 1, 1, price, points(500) - price)});
  check_refused(debited(ann, 3, 1, 1, price, points(500) - price - price)); // the same payment
  check_refused(debited(ann, 3, 2, 1, price, points(500) - price - price)); // another
}

BOOST_FIXTURE_TEST_CASE(a_booking_that_is_not_in_the_state, opened) {
  commit({booked(1, ann, {1, 2}), charged(ann, 1, points(500), points(500))});
  check_refused(paid(1, 1, {1, 2}));
  check_refused(unpaid(1, 1));
  check_refused(booking_settled{{1}});
  check_refused(run_out(1, {1}));    // not all of its seats
  check_refused(run_out(1, {1, 3})); // others
  check_refused(run_out(9, {1, 2}));
  check_refused(booked(1, bob, {3})); // its number is taken
  commit({paying(1, 1)});
  check_refused(paying(1, 2));
  check_refused(run_out(1, {1, 2}));
  check_refused(paid(1, 2, {1, 2})); // another payment
  check_refused(unpaid(1, 2));
  check_refused(paid(1, 1, {1}));
  commit({debited(ann, 2, 1, 1, price + price, points(500) - price - price), paid(1, 1, {1, 2}),
          booking_settled{{1}}});
  check_refused(booking_settled{{1}});
  check_refused(paying(1, 2));
}

BOOST_FIXTURE_TEST_CASE(a_booking_that_can_not_be_given_up, opened) {
  commit({booked(1, ann, {1, 2}), charged(ann, 1, points(500), points(500))});
  check_refused(refunding(1, 1));
  check_refused(given_up(1, {1}));
  check_refused(given_up(9, {1, 2}));
  commit({paying(1, 1)});
  check_refused(given_up(1, {1, 2}));
  commit({debited(ann, 2, 1, 1, price + price, points(500) - price - price), paid(1, 1, {1, 2})});
  check_refused(refunding(1, 1)); // not settled
  check_refused(given_up(1, {1, 2}));
  commit({booking_settled{{1}}});
  check_refused(refunding(1, 2)); // another payment
  check_refused(given_up(1, {1, 2}));
  commit({refunding(1, 1)});
  check_refused(refunding(1, 1));
  check_refused(given_up(1, {1, 2})); // the money is not back
  commit({refunded(ann, 3, 1, 1, price + price, points(500)), given_up(1, {1, 2})});
  check_refused(given_up(1, {1, 2}));
  check_refused(refunding(1, 1));
}

BOOST_FIXTURE_TEST_CASE(a_refund_nobody_is_due, opened) {
  commit(bought());
  check_refused(refunded(ann, 3, 1, 1, price, price)); // CONFIRMED
  commit({refunding(1, 1)});
  check_refused(refunded(bob, 3, 1, 1, price, price));
  check_refused(refunded(ann, 3, 2, 1, price, price));
  check_refused(refunded(ann, 3, 1, 2, price, price));
  check_refused(refunded(ann, 3, 1, 1, price + price, price + price));
  check_refused(refunded(ann, 3, 1, 1, price, price + price)); // a balance that does not follow
  commit({refunded(ann, 3, 1, 1, price, price)});
  check_refused(refunded(ann, 4, 1, 1, price, price + price)); // again
}

BOOST_FIXTURE_TEST_CASE(an_option_cancelled_or_completed_out_of_turn, opened) {
  check_refused(option_cancelled{{9}, at(30)});
  check_refused(cancellation_completed{option_1, at(31)});
  commit({booked(1, ann, {1}), option_cancelled{option_1, at(30)}});
  check_refused(option_cancelled{option_1, at(31)});
  check_refused(cancellation_completed{option_1, at(31)}); // a booking lives
  commit({given_up(1, {1}), cancellation_completed{option_1, at(32)}});
  check_refused(cancellation_completed{option_1, at(33)});
}

BOOST_FIXTURE_TEST_CASE(a_token_that_is_not_in_the_state, opened) {
  check_refused(issued(1, {"nobody"}));
  check_refused(admitted(1, ann, at(1)));
  check_refused(expired(1, ann, at(1)));
  commit({issued(1, ann), admitted(1, ann, at(1))});
  check_refused(admitted(1, ann, at(2)));
  check_refused(issued(2, ann)); // one live token a user and concert
  auto same_arrival = issued(2, bob);
  same_arrival.arrival = 1;
  check_refused(same_arrival);
  commit({expired(1, ann, at(3))});
  check_refused(expired(1, ann, at(4)));
  check_refused(admitted(1, ann, at(4)));
}

BOOST_FIXTURE_TEST_CASE(what_exists_already, opened) {
  for (const auto& e : opening()) check_refused(e);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(keyed_requests)

BOOST_FIXTURE_TEST_CASE(an_answer_comes_back_as_it_was_given, opened) {
  const auto request = keyed(ann, "k");
  commit({charged(ann, 1, price, price), answered(request, 0)});
  check();
  reopen();
  check();
  const auto kept = stored->load_kept_requests(ann, at(100));
  const auto found = kept.find(request, at(100));
  const auto* const* answer = std::get_if<const written_answer*>(&found);
  BOOST_REQUIRE(answer);
  BOOST_TEST((**answer == answered(request, 0).answer));
}

BOOST_FIXTURE_TEST_CASE(each_owner_remembers_its_own, opened) {
  const request_owner owners[] = {whole_catalogue{}, ann, bob, option_1, booking_id{1}};
  events facts;
  for (const auto& owner : owners) facts.push_back(answered(keyed(owner, "k"), 0));
  std::get<request_answered>(facts.back()).booking = booking_id{1};
  commit(facts);
  check();
  for (const auto& owner : owners)
    BOOST_TEST(stored->load_kept_requests(owner, at(100)).size() == 1);
  BOOST_TEST(stored->load_kept_requests(user_id{"nobody"}, at(100)).size() == 0);
  BOOST_TEST(stored->load_kept_requests(option_id{12}, at(100)).size() == 0);
}

BOOST_FIXTURE_TEST_CASE(what_was_begun_is_answered_or_dropped, opened) {
  commit({booked(1, ann, {1}), booked(2, ann, {2}), paying(1, 1), begun(keyed(option_1, "a"), 1),
          paying(2, 2), begun(keyed(booking_id{2}, "b"), 2)});
  check();
  reopen();
  check();
  const auto open = stored->load_kept_requests(booking_id{1}, at(100)).under_way();
  BOOST_REQUIRE(open);
  BOOST_TEST((scope_of(*open) == scope_of(keyed(option_1, "a"))));
  BOOST_TEST((open->detail == keyed(option_1, "a").detail));
  commit({unpaid(2, 2), request_dropped{keyed(booking_id{2}, "b")}});
  check();
  commit({answered(keyed(option_1, "a"), 1)});
  check();
  reopen();
  check();
  commit({paying(2, 3), begun(keyed(booking_id{2}, "b", 2), 2, 30)});
  check();
}

BOOST_FIXTURE_TEST_CASE(an_expired_answer_is_forgotten_and_its_key_free, opened) {
  const auto request = keyed(ann, "k");
  const int a_day_later = 22 + 86'400;
  commit({answered(request, 0)});
  BOOST_TEST(stored->load_kept_requests(ann, at(a_day_later - 1)).size() == 1);
  BOOST_TEST(stored->load_kept_requests(ann, at(a_day_later)).size() == 0);
  commit({answered(keyed(ann, "k", 2), 0, a_day_later)});
  check();
  BOOST_TEST(stored->load_kept_requests(ann, at(a_day_later)).size() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_step_that_does_not_follow_is_refused, opened) {
  commit({booked(1, ann, {1}), begun(keyed(booking_id{1}, "open"), 1),
          answered(keyed(booking_id{1}, "done"), 1)});
  check_refused(begun(keyed(booking_id{1}, "open"), 1));
  check_refused(begun(keyed(booking_id{1}, "done"), 1));
  check_refused(answered(keyed(booking_id{1}, "done"), 1));
  check_refused(request_dropped{keyed(booking_id{1}, "done")});
  check_refused(request_dropped{keyed(booking_id{1}, "never")});
}

BOOST_AUTO_TEST_SUITE_END()
