// What a restart brings back, also one after kill -9.
#include "tests/e2e/documents.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::e2e;

BOOST_AUTO_TEST_SUITE(api_restart)

BOOST_AUTO_TEST_CASE(queue_places_and_deadlines) {
  scratch_directory directory;
  server service(directory / "store", {"--queue.active_limit", "1"});
  std::vector<json> before;
  const auto ask_all = [&] {
    caller client(service);
    std::vector<json> places;
    for (int n = 1; n <= 5; ++n) places.push_back(well(client.enter("user" + std::to_string(n))));
    return places;
  };
  before = ask_all();
  for (const bool kindly : {false, true}) {
    if (kindly) {
      BOOST_CHECK_EQUAL(service.terminate(), 0);
      service.start();
    } else {
      service.restart();
    }
    const auto after = ask_all();
    for (std::size_t i = 0; i < before.size(); ++i)
      for (const char* name : {"queueToken", "position", "issueTime", "queueStatus"})
        BOOST_CHECK_EQUAL(after[i][name], before[i][name]);
    BOOST_CHECK_EQUAL(after[0]["expirationTime"], before[0]["expirationTime"]); // downtime counts
    for (std::size_t i = 1; i < before.size(); ++i) // a restart counts as a poll
      BOOST_CHECK_GE(seconds_of(after[i]["expirationTime"]),
                     seconds_of(before[i]["expirationTime"]));
  }
}

BOOST_AUTO_TEST_CASE(pending_and_paid_bookings_and_balances) {
  scratch_directory directory;
  server service(directory / "store");
  std::string token, other;
  std::int64_t pending = 0, paid = 0;
  json concerts;
  {
    caller client(service);
    token = client.token_of("user1");
    other = client.token_of("user2");
    pending = client.booking_of(token, "user1", 1, "A_1,B_2");
    paid = client.booking_of(other, "user2", 1, "A_3");
    client.give("user1", 250);
    client.give("user2", 100.5);
    well(client.pay(other, "user2", paid, 1, "A_3"));
    concerts = well(client.http.get("/mock/concerts"));
  }
  service.restart();
  caller client(service);
  BOOST_CHECK(well(client.http.get("/mock/concerts")) == concerts);
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 250);
  BOOST_CHECK_EQUAL(client.balance_of("user2"), 0.5);
  const auto third = client.token_of("user3");
  check_refusal(client.book(third, "user3", 1, "A_1"), 409, "SEAT_ALREADY_RESERVED");
  check_refusal(client.book(third, "user3", 1, "A_3"), 409, "SEAT_ALREADY_RESERVED");
  check_refusal(client.pay(other, "user2", paid, 1, "A_3"), 409, "BOOKING_NOT_PENDING");
  const auto done = well(client.pay(token, "user1", pending, 1, "A_1,B_2"));
  BOOST_CHECK_EQUAL(done["bookingResponse"]["user"]["balance"], 50);
  // The ids go on where they were, or later.
  BOOST_CHECK_GT(client.booking_of(third, "user3", 1, "A_4"), std::max(pending, paid));
}

BOOST_AUTO_TEST_CASE(a_booking_from_before_a_limit_was_lowered_can_be_paid) {
  scratch_directory directory;
  server service(directory / "store");
  std::string token;
  std::int64_t booking = 0;
  {
    caller client(service);
    token = client.token_of("user1");
    booking = client.booking_of(token, "user1", 1, "A_1,A_2");
    client.give("user1", 200);
  }
  service.flags().insert(service.flags().end(), {"--booking.max_seats", "1"});
  service.restart();
  caller client(service);
  check_refusal(client.book(token, "user1", 1, "A_3,A_4"), 400, "INVALID_REQUEST");
  well(client.pay(token, "user1", booking, 1, "A_1,A_2"));
}

BOOST_AUTO_TEST_CASE(a_hold_that_ran_out_while_nobody_served) {
  scratch_directory directory;
  server service(directory / "store", {"--booking.hold_for", "1s"});
  std::string token;
  std::int64_t booking = 0;
  {
    caller client(service);
    token = client.token_of("user1");
    booking = client.booking_of(token, "user1", 1, "A_1");
  }
  service.kill();
  const auto over = clock::now() + 1s;
  BOOST_REQUIRE(eventually([&] { return clock::now() > over; }));
  service.start();
  caller client(service);
  client.give("user1", 100);
  check_refusal(client.pay(token, "user1", booking, 1, "A_1"), 410, "BOOKING_EXPIRED");
  const auto other = client.token_of("user2");
  BOOST_CHECK(eventually([&] { return client.book(other, "user2", 1, "A_1").status == 200; }));
}

BOOST_AUTO_TEST_CASE(the_demo_is_not_added_twice) {
  scratch_directory directory;
  server service(directory / "store");
  const auto before = http_client(service.port()).get("/mock/concerts");
  BOOST_CHECK_EQUAL(service.terminate(), 0);
  service.start();
  BOOST_CHECK_EQUAL(http_client(service.port()).get("/mock/concerts").body, before.body);
}

BOOST_AUTO_TEST_SUITE_END()
