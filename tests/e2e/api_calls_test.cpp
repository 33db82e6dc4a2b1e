// The seed's nine calls on the demo data: each answer field by field, and that it tells the truth.
#include "tests/e2e/documents.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::e2e;

namespace {

constexpr int options = 6, seats_an_option = 100;

struct demo {
  scratch_directory directory;
  server service{directory / "store"};
  caller client{service};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_calls, demo)

BOOST_AUTO_TEST_CASE(a_token_as_the_seed_asks_for_it) {
  const auto token = well(client.http.send_json(
      "POST", "/mock/queue",
      {{"userId", "spring123"}, {"requestedTime", "2024-07-03T10:00:00"}, {"priority", 2}}));
  check_token(token, "PROCESSING");
  BOOST_CHECK_EQUAL(token["position"], 0);
  BOOST_CHECK_SMALL(seconds_of(token["issueTime"]) - seconds_now(), 5.0);
  BOOST_CHECK_CLOSE(seconds_of(token["expirationTime"]) - seconds_of(token["issueTime"]), 300.0,
                    0.1);

  const auto again = well(client.enter("spring123"));
  BOOST_CHECK(again == token);
  BOOST_CHECK_NE(client.token_of("spring123", 2), token["queueToken"].get<std::string>());
}

BOOST_AUTO_TEST_CASE(all_concerts) {
  const auto document = well(client.http.get("/mock/concerts"));
  BOOST_CHECK_EQUAL(members_fault(document, {"concerts"}), "");
  const auto& concerts = document["concerts"];
  BOOST_REQUIRE_EQUAL(concerts.size(), options);
  for (std::size_t i = 0; i < concerts.size(); ++i) {
    const auto& concert = concerts[i];
    check_concert(concert);
    BOOST_CHECK_EQUAL(concert["concertOptionId"], i + 1);
    BOOST_CHECK_EQUAL(concert["concertId"], i / 3 + 1);
    BOOST_CHECK_EQUAL(concert["name"], i < 3 ? "concertA" : "concertB");
    const auto from_now = seconds_of(concert["date"]) - seconds_now();
    BOOST_CHECK(from_now > 0 && from_now < 4 * 86'400);
    BOOST_REQUIRE_EQUAL(concert["seats"].size(), seats_an_option);
    for (std::size_t n = 0; n < seats_an_option; ++n) {
      const auto& seat = concert["seats"][n];
      BOOST_CHECK_EQUAL(seat["section"], n < 50 ? "A" : "B");
      BOOST_CHECK_EQUAL(seat["seatNumber"], n % 50 + 1);
      BOOST_CHECK_EQUAL(seat["price"], 100);
      BOOST_CHECK_EQUAL(seat["reserved"], false);
    }
  }
}

BOOST_AUTO_TEST_CASE(available_seats_are_the_free_ones_of_that_day) {
  const auto concerts = well(client.http.get("/mock/concerts"));
  const auto path =
      "/mock/available-seats?concertId=1&date=" + day_of(concerts["concerts"][0]["date"]);
  const auto all = well(client.http.get(path));
  BOOST_REQUIRE_EQUAL(all.size(), seats_an_option);
  for (const auto& seat : all) {
    check_seat(seat, true);
    BOOST_CHECK_EQUAL(seat["concertOptionId"], 1);
    BOOST_CHECK_EQUAL(seat["reserved"], false);
  }
  client.booking_of(client.token_of(1), 1, 1, "A_1,B_50");
  const auto rest = well(client.http.get(path));
  BOOST_CHECK(rest == json(all.begin() + 1, all.end() - 1));
  BOOST_CHECK(well(client.http.get("/mock/available-seats?concertId=1&date=2024-07-10")).empty());
}

BOOST_AUTO_TEST_CASE(booking_balance_and_payment_as_the_seed_asks_for_them) {
  const auto token = client.token_of(1);
  const auto booking = well(client.book(token, 1, 1, "A_10,A_11"));
  check_booking(booking, "PENDING");
  BOOST_CHECK_SMALL(seconds_of(booking["bookingTime"]) - seconds_now(), 5.0);
  BOOST_CHECK(booking["user"] == json({{"userId", 1}, {"name", "아무개"}, {"balance", 0}}));
  BOOST_CHECK_EQUAL(booking["concert"]["concertId"], 1);
  BOOST_CHECK_EQUAL(booking["concert"]["name"], "concertA");
  const auto concerts = well(client.http.get("/mock/concerts"));
  BOOST_CHECK(booking["concert"]["date"] == concerts["concerts"][0]["date"]);
  const auto& seats = booking["concert"]["seats"];
  BOOST_REQUIRE_EQUAL(seats.size(), 2u);
  BOOST_CHECK(seats[0] == concerts["concerts"][0]["seats"][9]); // reserved there as well
  BOOST_CHECK(seats[1] == concerts["concerts"][0]["seats"][10]);

  const auto charged =
      client.http.ask("POST", "/mock/balance", {{"Content-Type", "application/json"}},
                      R"({"userId":1,"balance":250.00})");
  BOOST_CHECK_EQUAL(charged.body, R"({"userId":1,"name":"아무개","balance":250})");
  BOOST_CHECK_EQUAL(client.balance("1").body, charged.body);

  const auto paid = well(client.pay(token, 1, booking["bookingId"], 1, "A_10,A_11"));
  BOOST_CHECK_EQUAL(members_fault(paid, {"responseResult", "bookingResponse"}), "");
  BOOST_CHECK_EQUAL(paid["responseResult"], "SUCCESS");
  auto expected = booking;
  expected["bookingStatus"] = "COMPLETE";
  expected["user"]["balance"] = 50;
  check_booking(paid["bookingResponse"], "COMPLETE");
  BOOST_CHECK_MESSAGE(paid["bookingResponse"] == expected, paid.dump() + " not " + expected.dump());
}

BOOST_AUTO_TEST_CASE(charge_and_payment_as_the_seeds_tests_ask_for_them) {
  const auto charged = well(client.charge_points("user1", 100));
  BOOST_CHECK_EQUAL(members_fault(charged, {"pointId", "amount", "paymentMethod", "user"}), "");
  BOOST_CHECK(charged["pointId"].is_number_unsigned());
  BOOST_CHECK_EQUAL(charged["amount"], 100);
  BOOST_CHECK_EQUAL(charged["paymentMethod"], "Credit Card");
  BOOST_CHECK(charged["user"] == json({{"userId", "user1"}, {"name", "user1"}, {"balance", 100}}));

  client.booking_of(client.token_of("user1"), "user1", 1, "A_1");
  const auto paid = well(client.pay_pending("user1", 1, 100));
  BOOST_CHECK_EQUAL(members_fault(paid, {"paymentId", "userId", "amount", "paymentMethod"}), "");
  BOOST_CHECK(paid["paymentId"].is_number_unsigned() && paid["paymentId"] >= 1);
  BOOST_CHECK_EQUAL(paid["userId"], "user1");
  BOOST_CHECK_EQUAL(paid["amount"], 100);
  BOOST_CHECK_EQUAL(paid["paymentMethod"], "CREDIT_CARD");
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 0);
}

BOOST_AUTO_TEST_CASE(a_user_id_is_the_same_as_number_and_as_string) {
  const auto token = client.token_of("1");
  BOOST_CHECK_EQUAL(client.token_of(1), token);
  client.give("1", 60);
  client.give(1, 40.25);
  const auto user = well(client.balance("1"));
  BOOST_CHECK(user["userId"].is_number_integer());
  BOOST_CHECK_EQUAL(user["balance"], 100.25);
  const auto booking = client.booking_of(token, 1, 1, "B_7");
  BOOST_CHECK_EQUAL(client.pay(token, "1", booking, 1, "B_7").status, 200);
  BOOST_CHECK_EQUAL(client.balance("1").body, R"({"userId":1,"name":"아무개","balance":0.25})");
  // Another user, who does not exist.
  check_refusal(client.balance("007"), 404, "USER_NOT_FOUND");
  check_refusal(client.enter("007"), 404, "USER_NOT_FOUND");
  check_refusal(client.balance("01"), 404, "USER_NOT_FOUND");
}

BOOST_AUTO_TEST_CASE(decimals_are_exact) {
  struct row {
    const char *added, *balance;
  };
  const row rows[] = {{"0.1", "0.1"},       {"0.2", "0.3"},          {"0.07", "0.37"},
                      {"1e2", "100.37"},    {"0.63", "101"},         {"9999999.99", "10000100.99"},
                      {"0.01", "10000101"}, {"10000000", "20000101"}};
  for (const auto& [added, balance] : rows) {
    const auto a = client.http.ask("POST", "/mock/balance", {{"Content-Type", "application/json"}},
                                   std::string(R"({"userId":"user5","balance":)") + added + "}");
    BOOST_CHECK_EQUAL(a.body, std::string(R"({"userId":"user5","name":"user5","balance":)") +
                                  balance + "}");
  }
}

BOOST_AUTO_TEST_CASE(alive_and_ready) {
  for (const char* path : {"/livez", "/readyz"})
    BOOST_CHECK_EQUAL(well(client.http.get(path)).at("status"), "ok");
}

BOOST_AUTO_TEST_SUITE_END()
