// The rules that a client can see: tokens and their queue, seats, holds, payments, double submits.
#include "tests/e2e/documents.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::e2e;

namespace {

const std::string unknown_token = "00000000-0000-4000-8000-000000000000";

struct house {
  explicit house(std::vector<std::string> flags = {})
      : service(directory / "store", std::move(flags)), client(service) {}
  scratch_directory directory;
  server service;
  caller client;
};

// The lasting proof that a hold has ended: only then can another have the seat.
bool gets_seat(caller& client, const std::string& user, const std::string& seat) {
  const auto token = client.token_of(user);
  return eventually([&] { return client.book(token, user, 1, seat).status == 200; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_rules)

BOOST_AUTO_TEST_CASE(a_booking_needs_an_own_admitted_token_of_the_concert) {
  house h;
  auto& client = h.client;
  const auto token = client.token_of("user1");
  const json body{{"userId", "user1"}, {"concertOptionId", 1}, {"seats", "A_1"}};
  check_refusal(client.http.send_json("POST", "/mock/booking", body), 401, "QUEUE_TOKEN_MISSING");
  check_refusal(client.book("no token", "user1", 1, "A_1"), 403, "QUEUE_TOKEN_INVALID");
  check_refusal(client.book(unknown_token, "user1", 1, "A_1"), 403, "QUEUE_TOKEN_INVALID");
  check_refusal(client.book(token, "user2", 1, "A_1"), 403, "QUEUE_TOKEN_INVALID");
  check_refusal(client.book(token, "user1", 4, "A_1"), 403, "QUEUE_TOKEN_INVALID");
  BOOST_CHECK_EQUAL(client.book(token, "user1", 1, "A_1").status, 200);
}

BOOST_AUTO_TEST_CASE(a_payment_needs_an_own_token_of_the_concert) {
  house h;
  auto& client = h.client;
  const auto token = client.token_of("user1"), others = client.token_of("user2");
  const auto booking = client.booking_of(token, "user1", 1, "A_1");
  client.give("user1", 100);
  const json body{{"bookingId", booking}, {"concertId", 1}, {"userId", "user1"}, {"seats", "A_1"}};
  check_refusal(client.http.send_json("POST", "/mock/payment", body), 401, "QUEUE_TOKEN_MISSING");
  check_refusal(client.pay(unknown_token, "user1", booking, 1, "A_1"), 403, "QUEUE_TOKEN_INVALID");
  check_refusal(client.pay(others, "user1", booking, 1, "A_1"), 403, "QUEUE_TOKEN_INVALID");
  check_refusal(client.pay(client.token_of("user1", 2), "user1", booking, 1, "A_1"), 403,
                "QUEUE_TOKEN_INVALID");
  check_refusal(client.pay(others, "user2", booking, 1, "A_1"), 404, "BOOKING_NOT_FOUND");
  check_refusal(client.pay(token, "user1", booking + 1, 1, "A_1"), 404, "BOOKING_NOT_FOUND");
  check_refusal(client.pay(token, "user1", booking, 1, "A_2"), 400, "INVALID_REQUEST");
  check_refusal(client.pay(token, "user1", booking, 1, "A_1,A_2"), 400, "INVALID_REQUEST");
  check_refusal(client.pay(client.token_of("user1", 2), "user1", booking, 2, "A_1"), 400,
                "INVALID_REQUEST");
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 100);
  BOOST_CHECK_EQUAL(client.pay(token, "user1", booking, 1, "A_1").status, 200);
  check_refusal(client.pay(token, "user1", booking, 1, "A_1"), 409, "BOOKING_NOT_PENDING");
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 0);
}

BOOST_AUTO_TEST_CASE(the_queue_admits_one_after_the_other) {
  house h({"--queue.active_limit", "1"});
  auto& client = h.client;
  const auto first = client.token_of("user1");
  for (int place = 1; place <= 3; ++place) {
    const auto token = well(client.enter("user" + std::to_string(place + 1)));
    check_token(token, "WAITING");
    BOOST_CHECK_EQUAL(token["position"], place);
  }
  // A client's own priority counts for nothing, and asking again loses no place.
  const auto eager = well(
      client.http.send_json("POST", "/mock/queue", {{"userId", "user5"}, {"priority", 2'000'000}}));
  BOOST_CHECK_EQUAL(eager["position"], 4);
  const auto second = well(client.enter("user2"));
  BOOST_CHECK_EQUAL(second["position"], 1);
  const std::string second_token = second["queueToken"];
  check_refusal(client.book(second_token, "user2", 1, "A_1"), 403, "QUEUE_TOKEN_WAITING");
  check_token(well(client.enter("user2", 2)), "PROCESSING"); // each concert has a queue of its own

  const auto booking = client.booking_of(first, "user1", 1, "A_1");
  client.give("user1", 100);
  well(client.pay(first, "user1", booking, 1, "A_1"));
  const auto admitted = well(client.enter("user2"));
  check_token(admitted, "PROCESSING");
  BOOST_CHECK_EQUAL(admitted["position"], 0);
  BOOST_CHECK_EQUAL(admitted["queueToken"], second_token);
  BOOST_CHECK_EQUAL(well(client.enter("user3"))["position"], 1);
  BOOST_CHECK_EQUAL(well(client.enter("user5"))["position"], 3);
  check_refusal(client.book(first, "user1", 1, "A_2"), 403, "QUEUE_TOKEN_INVALID");
  BOOST_CHECK_EQUAL(client.book(second_token, "user2", 1, "A_2").status, 200);
  const auto anew = well(client.enter("user1")); // behind all others
  BOOST_CHECK_EQUAL(anew["position"], 4);
  BOOST_CHECK_NE(anew["queueToken"], first);
}

BOOST_AUTO_TEST_CASE(an_admission_runs_out) {
  house h({"--queue.active_limit", "1", "--queue.active_ttl", "300ms"});
  auto& client = h.client;
  const auto first = client.token_of("user1");
  const auto booking = client.booking_of(first, "user1", 1, "A_1");
  client.token_of("user2");
  BOOST_CHECK(
      eventually([&] { return well(client.enter("user2")).at("queueStatus") == "PROCESSING"; }));
  check_refusal(client.book(first, "user1", 1, "A_2"), 403, "QUEUE_TOKEN_INVALID");
  client.give("user1", 100); // it pays what it has booked all the same
  BOOST_CHECK_EQUAL(client.pay(first, "user1", booking, 1, "A_1").status, 200);
}

BOOST_AUTO_TEST_CASE(a_hold_expires) {
  house h({"--booking.hold_for", "300ms"});
  auto& client = h.client;
  const auto token = client.token_of("user1");
  client.give("user1", 100);
  client.give("user1", 99);
  const auto booking = client.booking_of(token, "user1", 1, "A_1");
  BOOST_CHECK(gets_seat(client, "user2", "A_1"));
  check_refusal(client.pay(token, "user1", booking, 1, "A_1"), 410, "BOOKING_EXPIRED");
  check_refusal(client.pay_pending("user1", 1, 100), 410, "BOOKING_EXPIRED");
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 199);
}

BOOST_AUTO_TEST_CASE(too_little_money_keeps_the_hold) {
  house h;
  auto& client = h.client;
  const auto token = client.token_of("user1");
  const auto booking = client.booking_of(token, "user1", 1, "A_1,A_2");
  client.give("user1", 199.99);
  check_refusal(client.pay(token, "user1", booking, 1, "A_1,A_2"), 402, "INSUFFICIENT_BALANCE");
  check_refusal(client.pay_pending("user1", 1, 200), 402, "INSUFFICIENT_BALANCE");
  check_refusal(client.book(client.token_of("user2"), "user2", 1, "A_2"), 409,
                "SEAT_ALREADY_RESERVED");
  client.give("user1", 0.01);
  const auto paid = well(client.pay(token, "user1", booking, 1, "A_2,A_1"));
  BOOST_CHECK_EQUAL(paid["bookingResponse"]["user"]["balance"], 0);
}

BOOST_AUTO_TEST_CASE(seats_a_request_and_a_user_are_limited) {
  house h({"--booking.max_seats", "4", "--booking.max_seats_per_user", "5"});
  auto& client = h.client;
  const auto token = client.token_of("user1");
  check_refusal(client.book(token, "user1", 1, "A_1,A_2,A_3,A_4,A_5"), 400, "INVALID_REQUEST");
  well(client.book(token, "user1", 1, "A_1,A_2,A_3,A_4"));
  check_refusal(client.book(token, "user1", 1, "A_5,A_6"), 409, "SEAT_LIMIT");
  well(client.book(token, "user1", 1, "A_5"));
  check_refusal(client.book(token, "user1", 1, "A_6"), 409, "SEAT_LIMIT");
  well(client.book(token, "user1", 2, "A_6")); // of another performance
}

BOOST_AUTO_TEST_CASE(a_loser_hears_which_seats_are_taken) {
  house h;
  auto& client = h.client;
  client.booking_of(client.token_of("user1"), "user1", 1, "A_2,A_4");
  const auto lost = client.book(client.token_of("user2"), "user2", 1, "A_1,A_2,A_3,A_4");
  check_refusal(lost, 409, "SEAT_ALREADY_RESERVED");
  const std::string detail = lost.document().at("detail");
  for (const char* seat : {"A_2", "A_4"}) BOOST_CHECK_NE(detail.find(seat), std::string::npos);
  for (const char* seat : {"A_1", "A_3"}) BOOST_CHECK_EQUAL(detail.find(seat), std::string::npos);
  well(client.book(client.token_of("user3"), "user3", 1, "A_1,A_3"));
}

BOOST_AUTO_TEST_CASE(paying_the_one_pending_booking) {
  house h({"--booking.hold_for", "5m"});
  auto& client = h.client;
  client.give("user1", 1000);
  check_refusal(client.pay_pending("user1", 1, 100), 404, "BOOKING_NOT_FOUND");
  const auto token = client.token_of("user1");
  const auto first = client.booking_of(token, "user1", 1, "A_1");
  check_refusal(client.pay_pending("user1", 2, 100), 404, "BOOKING_NOT_FOUND");
  check_refusal(client.pay_pending("user1", 1, 100.01), 400, "INVALID_REQUEST");
  check_refusal(client.pay_pending("user1", 1, 99), 400, "INVALID_REQUEST");

  const auto second = client.booking_of(token, "user1", 1, "A_2");
  const auto several = client.pay_pending("user1", 1, 100);
  check_refusal(several, 409, "BOOKING_NOT_PENDING");
  const std::string detail = several.document().at("detail");
  for (const auto id : {first, second})
    BOOST_CHECK_NE(detail.find(std::to_string(id)), std::string::npos);
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 1000);

  well(client.pay(token, "user1", second, 1, "A_2"));
  well(client.pay_pending("user1", 1, 100));
  check_refusal(client.pay_pending("user1", 1, 100), 409, "BOOKING_NOT_PENDING");
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 800);
}

BOOST_AUTO_TEST_CASE(a_double_submit_is_refused_for_a_while) {
  house h({"--wallet.double_submit_window", "1h"});
  auto& client = h.client;
  client.give("user1", 100);
  check_refusal(client.charge("user1", 100), 409, "DUPLICATE_REQUEST");
  check_refusal(client.charge("user1", 100.00), 409, "DUPLICATE_REQUEST");
  check_refusal(client.charge_points("user1", 100), 409, "DUPLICATE_REQUEST");
  client.give("user2", 100);   // another user
  client.give("user1", 100.5); // another amount, the last one from here on
  client.give("user1", 100);
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 300.5);

  h.service.restart();
  caller later(h.service);
  check_refusal(later.charge("user1", 100), 409, "DUPLICATE_REQUEST");
  BOOST_CHECK_EQUAL(later.balance_of("user1"), 300.5);
}

BOOST_AUTO_TEST_CASE(a_double_submit_is_forgotten) {
  house h({"--wallet.double_submit_window", "200ms"});
  h.client.give("user1", 100);
  BOOST_CHECK(eventually([&] { return h.client.charge("user1", 100).status == 200; }));
  BOOST_CHECK_EQUAL(h.client.balance_of("user1"), 200);
}

BOOST_AUTO_TEST_CASE(charges_and_balances_are_limited) {
  house h({"--wallet.max_charge", "500", "--wallet.max_balance", "700.5"});
  auto& client = h.client;
  check_refusal(client.charge("user1", 500.01), 400, "INVALID_REQUEST");
  client.give("user1", 500);
  check_refusal(client.charge("user1", 200.51), 409, "BALANCE_LIMIT");
  client.give("user1", 200.5);
  check_refusal(client.charge("user1", 0.01), 409, "BALANCE_LIMIT");
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 700.5);
}

BOOST_AUTO_TEST_SUITE_END()
