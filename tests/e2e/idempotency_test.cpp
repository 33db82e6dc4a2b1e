// Requests with an Idempotency-Key (CONTRACT 5): done once, however often they are sent, also
// across kill -9.
#include "tests/e2e/books.hpp"
#include "tests/e2e/documents.hpp"
#include "tests/e2e/repeatable.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

using namespace boxoffice::e2e;

namespace {

repeatable charge_of(const std::string& user, const json& points) {
  return {"POST", "/mock/balance", {{"userId", user}, {"balance", points}}, {}};
}
repeatable v1_charge_of(const std::string& user, std::int64_t amount) {
  return {"POST", "/v1/users/" + user + "/wallet/charges", {{"amount", amount}}, {}};
}
repeatable points_of(const std::string& user, const json& points) {
  return {"PATCH",
          "/users/points/charge",
          {{"userId", user}, {"paymentMethod", "신용 카드"}, {"amount", points}},
          {}};
}
repeatable booking_of(const std::string& token, const std::string& user, const std::string& seats) {
  return {"POST",
          "/mock/booking",
          {{"userId", user}, {"concertOptionId", 1}, {"seats", seats}},
          {{"Queue-Token", token}}};
}
repeatable payment_of(const std::string& token, const std::string& user, std::int64_t booking,
                      const std::string& seats) {
  return {"POST",
          "/mock/payment",
          {{"bookingId", booking}, {"concertId", 1}, {"userId", user}, {"seats", seats}},
          {{"Queue-Token", token}}};
}
repeatable desk_payment_of(const std::string& user, const json& points) {
  return {"PATCH",
          "/payments/payment",
          {{"userId", user}, {"amount", points}, {"concertOptionId", 1}, {"paymentMethod", "CASH"}},
          {}};
}

struct opened {
  explicit opened(std::vector<std::string> flags = {})
      : service(directory / "store", std::move(flags)) {}
  json balance(const std::string& user) { return caller(service).balance_of(user); }

  scratch_directory directory;
  server service;
};

void check_audit(const server& service) {
  const auto audit = run({"audit", "--store.path", service.store().string()});
  BOOST_CHECK_MESSAGE(audit.status == 0, audit.output);
}

// How ten equal requests at once ended: one did it, the rest were told so again or told to wait.
void check_ten_at_once(const repeatable& request, const server& service) {
  std::atomic<int> first{0}, replays{0}, waits{0};
  std::mutex mutex;
  std::string body;
  std::vector<std::string> others;
  at_once(10, [&](int) {
    const auto a = request.send(service);
    const std::lock_guard lock(mutex);
    if (a.status < 300) {
      ++(is_replayed(a) ? replays : first);
      if (body.empty()) body = a.body;
      if (a.body != body) others.push_back(a.body);
    } else if (a.status == 409 && a.code() == "REQUEST_IN_PROGRESS") {
      ++waits;
    } else {
      others.push_back(a.body);
    }
  });
  BOOST_CHECK_EQUAL(first, 1);
  BOOST_CHECK_EQUAL(first + replays + waits, 10);
  for (const auto& other : others) BOOST_ERROR(other);
}

} // namespace

BOOST_AUTO_TEST_SUITE(idempotency)

BOOST_AUTO_TEST_CASE(a_charge_is_made_once_and_answered_alike) {
  opened at;
  for (const auto& request : {charge_of("user1", 100.5), points_of("user1", 7)}) {
    const auto before = at.balance("user1");
    const auto keyed = request.keyed("order/66~!\"");
    const auto first = first_of(keyed, at.service);
    const auto after = at.balance("user1");
    BOOST_CHECK(after != before);
    check_replay(keyed.send(at.service), first);
    well(caller(at.service).charge("user1", 1000)); // what it says now is of then
    check_replay(keyed.send(at.service), first);
    BOOST_CHECK_EQUAL(at.balance("user1").get<double>(), after.get<double>() + 1000);
    well(caller(at.service).charge("user1", 999)); // another amount: no double submit
  }
}

BOOST_AUTO_TEST_CASE(the_same_key_with_another_body_is_refused) {
  opened at;
  const auto keyed = charge_of("user1", 100).keyed("k");
  first_of(keyed, at.service);
  check_refusal(keyed.with("balance", 101).send(at.service), 422, "IDEMPOTENCY_KEY_REUSED");
  check_refusal(keyed.with("more", "words").send(at.service), 422, "IDEMPOTENCY_KEY_REUSED");
  // What is wrong with it besides comes later.
  check_refusal(keyed.with("balance", -1).send(at.service), 422, "IDEMPOTENCY_KEY_REUSED");
  BOOST_CHECK_EQUAL(at.balance("user1"), 100);
}

BOOST_AUTO_TEST_CASE(a_key_means_something_for_its_route_and_user_only) {
  opened at;
  first_of(charge_of("user1", 100).keyed("k"), at.service);
  first_of(charge_of("user2", 100).keyed("k"), at.service);
  first_of(points_of("user1", 100).keyed("k"), at.service);
  BOOST_CHECK_EQUAL(at.balance("user1"), 200);
  BOOST_CHECK_EQUAL(at.balance("user2"), 100);
}

BOOST_AUTO_TEST_CASE(what_changed_nothing_is_decided_afresh) {
  opened at({"--wallet.max_balance", "150"});
  const auto keyed = charge_of("user1", 100).keyed("again");
  well(caller(at.service).charge("user1", 60));
  check_refusal(keyed.send(at.service), 409, "BALANCE_LIMIT");
  at.service.flags() = {"--wallet.max_balance", "1000"};
  at.service.restart();
  first_of(keyed, at.service);
  check_refusal(charge_of("nobody", 1).keyed("k").send(at.service), 404, "USER_NOT_FOUND");
}

BOOST_AUTO_TEST_CASE(keys_and_the_double_submit_window_are_apart) {
  opened at({"--wallet.double_submit_window", "1h"});
  first_of(charge_of("user1", 100).keyed("a"), at.service);
  first_of(charge_of("user1", 100).keyed("b"), at.service);
  first_of(charge_of("user1", 100), at.service); // the keyed ones did not start it
  check_refusal(charge_of("user1", 100).send(at.service), 409, "DUPLICATE_REQUEST");
  first_of(charge_of("user1", 100).keyed("c"), at.service); // nor do they heed it
  BOOST_CHECK_EQUAL(at.balance("user1"), 400);
}

BOOST_AUTO_TEST_CASE(a_bad_key_is_refused) {
  opened at;
  const auto request = charge_of("user1", 100);
  for (const auto& key :
       {std::string(), std::string(256, 'k'), std::string("two words"), std::string("키")})
    check_refusal(request.keyed(key).send(at.service), 400, "INVALID_REQUEST");
  http_client http(at.service.port());
  const auto text = request.body.dump();
  http.send("POST /mock/balance HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
            "Idempotency-Key: a\r\nIdempotency-Key: a\r\nContent-Length: " +
            std::to_string(text.size()) + "\r\n\r\n" + text);
  check_refusal(http.receive(), 400, "INVALID_REQUEST");
  BOOST_CHECK_EQUAL(at.balance("user1"), 0);
  first_of(request.keyed(std::string(255, '~')), at.service);
}

BOOST_AUTO_TEST_CASE(a_booking_and_its_payment_are_replayed_before_every_other_check) {
  opened at;
  caller client(at.service);
  const auto token = client.token_of("user1");
  const auto booking = booking_of(token, "user1", "A_1,A_2").keyed("book");
  const auto held = first_of(booking, at.service);
  check_replay(booking.send(at.service), held);
  check_replay(booking.without_token().send(at.service), held);
  check_refusal(booking.with("seats", "A_3").send(at.service), 422, "IDEMPOTENCY_KEY_REUSED");
  check_refusal(booking_of(token, "user1", "A_3").without_token().keyed("new").send(at.service),
                401, "QUEUE_TOKEN_MISSING");
  const auto id = held.document()["bookingId"].get<std::int64_t>();

  const auto payment = payment_of(token, "user1", id, "A_1,A_2").keyed("pay");
  check_refusal(payment.send(at.service), 402, "INSUFFICIENT_BALANCE"); // and kept by nobody
  client.give("user1", 250);
  const auto paid = first_of(payment, at.service);
  client.give("user1", 1);
  check_replay(payment.send(at.service), paid);
  check_replay(payment.without_token().send(at.service), paid);
  check_replay(booking.send(at.service), held); // its token has expired by now
  check_refusal(payment.with("concertId", 2).send(at.service), 422, "IDEMPOTENCY_KEY_REUSED");
  check_refusal(payment.keyed("other").send(at.service), 409, "BOOKING_NOT_PENDING");
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 51);
}

BOOST_AUTO_TEST_CASE(a_payment_at_the_desk_is_replayed) {
  opened at;
  caller client(at.service);
  const auto token = client.token_of("user1");
  client.booking_of(token, "user1", 1, "A_1");
  const auto payment = desk_payment_of("user1", 100).keyed("desk");
  check_refusal(payment.send(at.service), 402, "INSUFFICIENT_BALANCE");
  client.give("user1", 300);
  const auto paid = first_of(payment, at.service);
  check_replay(payment.send(at.service), paid);
  check_refusal(payment.with("paymentMethod", "CARD").send(at.service), 422,
                "IDEMPOTENCY_KEY_REUSED");
  // A key tells requests apart that are otherwise alike: this one means another booking.
  const auto next = client.token_of("user1");
  client.booking_of(next, "user1", 1, "A_2");
  check_replay(payment.send(at.service), paid);
  first_of(payment.keyed("desk-2"), at.service);
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 100);
}

BOOST_AUTO_TEST_CASE(ten_equal_ones_at_once_do_it_once) {
  opened at;
  caller client(at.service);
  check_ten_at_once(charge_of("user1", 100).keyed("k"), at.service);
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 100);
  const auto token = client.token_of("user1");
  check_ten_at_once(booking_of(token, "user1", "A_1").keyed("k"), at.service);
  const auto books = read_books(at.service.store());
  BOOST_REQUIRE_EQUAL(books.bookings.size(), 1u);
  check_ten_at_once(payment_of(token, "user1", books.bookings.begin()->first, "A_1").keyed("k"),
                    at.service);
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 0);
  const auto next = client.token_of("user2");
  client.give("user2", 300);
  client.booking_of(next, "user2", 1, "A_2");
  check_ten_at_once(desk_payment_of("user2", 100).keyed("k"), at.service);
  BOOST_CHECK_EQUAL(client.balance_of("user2"), 200);
}

BOOST_AUTO_TEST_CASE(answers_outlive_kill_9) {
  opened at({"--queue.active_ttl", "1s"});
  std::vector<std::pair<repeatable, answer>> told;
  const auto ask = [&](const repeatable& r) {
    told.emplace_back(r, first_of(r, at.service));
    return told.back().second.document();
  };
  {
    caller client(at.service);
    const auto token = client.token_of("user1"), other = client.token_of("user2");
    ask(charge_of("user1", 300).keyed("k"));
    ask(points_of("user2", 300).keyed("k"));
    const auto id = ask(booking_of(token, "user1", "A_1,B_7").keyed("k"))["bookingId"];
    ask(payment_of(token, "user1", id.get<std::int64_t>(), "A_1,B_7").keyed("k"));
    client.booking_of(other, "user2", 1, "A_3");
    ask(desk_payment_of("user2", 100).keyed("k"));
  }
  for (int round = 0; round < 2; ++round) {
    at.service.restart();
    for (const auto& [request, first] : told) check_replay(request.send(at.service), first);
  }
  for (const auto& [request, first] : told)
    if (request.headers.count("Queue-Token"))
      check_replay(request.without_token().send(at.service), first);
  BOOST_CHECK_EQUAL(at.balance("user1"), 100);
  BOOST_CHECK_EQUAL(at.balance("user2"), 200);
  check_audit(at.service);
}

// Whoever hears nothing, or 503, asks again with the same key.
BOOST_AUTO_TEST_CASE(asking_again_after_kill_9_in_the_midst_does_it_once) {
  opened at({"--booking.max_seats_per_user", "100000", "--wallet.double_submit_window", "0ms"});
  dice random(11);
  const int rounds = times(6, 60);
  json expected = 0;
  std::string token;
  for (int round = 0; round < rounds; ++round) {
    const auto key = "round-" + std::to_string(round);
    const auto user = std::string("user1");
    std::vector<repeatable> requests;
    {
      caller client(at.service);
      token = client.token_of(user);
      const auto seat = "A_" + std::to_string(round % 50 + 1);
      const auto id = client.booking_of(token, user, 1 + round / 50, seat);
      client.give(user, 200);
      auto pay = payment_of(token, user, id, seat);
      requests = {charge_of(user, 100).keyed(key), v1_charge_of(user, 50'00).keyed(key),
                  pay.keyed(key)};
    }
    std::vector<std::optional<answer>> heard(requests.size());
    std::thread killer([&, after = milliseconds(random.between(0, 12))] {
      std::this_thread::sleep_for(after);
      at.service.kill();
    });
    at_once(static_cast<int>(requests.size()), [&](int n) {
      const auto i = static_cast<std::size_t>(n);
      try {
        heard[i] = requests[i].send(at.service);
      } catch (const connection_lost&) {
        // unknown
      }
    });
    killer.join();
    at.service.start();
    for (std::size_t i = 0; i < requests.size(); ++i) {
      answer last;
      BOOST_CHECK(eventually([&] {
        last = requests[i].send(at.service);
        return last.status != 409; // a payment under way is taken up by the service itself
      }));
      BOOST_CHECK_LT(last.status, 300);
      if (heard[i] && heard[i]->status < 300) check_replay(last, *heard[i]);
    }
    // 200 given, 100 and 50 charged, 100 paid
    BOOST_CHECK_EQUAL(at.balance(user).get<double>(), 250.0 * (round + 1));
  }
  check_audit(at.service);
}

BOOST_AUTO_TEST_CASE(an_answer_is_kept_for_as_long_as_told) {
  opened at({"--idempotency.keep_for", "300ms"});
  const auto keyed = charge_of("user1", 100).keyed("k");
  first_of(keyed, at.service);
  BOOST_CHECK(eventually([&] {
    const auto a = keyed.send(at.service);
    return a.status == 200 && !is_replayed(a);
  }));
  BOOST_CHECK_GE(at.balance("user1").get<double>(), 200);
  // What has expired makes room for what comes, so that the table stays small.
  const auto much_later = clock::now() + 400ms;
  for (int n = 0; n < 20; ++n)
    first_of(charge_of("user2", 1).keyed("n" + std::to_string(n)), at.service);
  BOOST_REQUIRE(eventually([&] { return clock::now() > much_later; }));
  for (int n = 0; n < 20; ++n)
    first_of(charge_of("user2", 1).keyed("m" + std::to_string(n)), at.service);
  BOOST_CHECK_LE(read_books(at.service.store()).kept_requests, 21);
}

BOOST_AUTO_TEST_SUITE_END()
