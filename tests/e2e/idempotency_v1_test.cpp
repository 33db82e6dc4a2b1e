// What users and the operator do to money and seats on /v1 with an Idempotency-Key is done once,
// and told alike after kill -9.
#include "tests/e2e/documents.hpp"
#include "tests/e2e/repeatable.hpp"

using namespace boxoffice::e2e;

BOOST_AUTO_TEST_SUITE(idempotency_v1)

BOOST_AUTO_TEST_CASE(answers_of_v1_outlive_kill_9) {
  scratch_directory directory;
  server service(directory / "store", {"--admin.token", "let-me-in", "--queue.active_ttl", "1s"});
  const fields as_operator{{"Authorization", "Bearer let-me-in"}};
  std::vector<std::pair<repeatable, answer>> told;
  const auto ask = [&](const repeatable& r) {
    told.emplace_back(r.keyed("k"), first_of(r.keyed("k"), service));
    return told.back().second;
  };
  {
    caller client(service);
    const auto token = client.token_of("user1");
    BOOST_CHECK_EQUAL(
        ask({"POST", "/v1/users/user1/wallet/charges", {{"amount", 30050}}, {}}).status, 201);
    const json wanted{{"userId", "user1"}, {"concertOptionId", 1}, {"seats", {"A_1", "B_7"}}};
    const auto booked = ask({"POST", "/v1/bookings", wanted, {{"Queue-Token", token}}});
    BOOST_CHECK_EQUAL(booked.status, 201);
    const auto place = booked.header("location");
    const auto paid = ask({"POST", place + "/payment", json::object(), {{"Queue-Token", token}}});
    BOOST_CHECK_EQUAL(paid.document()["amount"], 20000);
    const auto ended = ask({"DELETE", place, json::object(), {}});
    BOOST_CHECK_EQUAL(ended.document()["status"], "CANCELLED");
    ask({"POST",
         "/v1/users/user1/wallet/adjustments",
         {{"amount", -50}, {"reason", "a slip"}},
         as_operator});
  }
  for (int round = 0; round < 2; ++round) {
    service.restart();
    for (const auto& [request, first] : told) {
      BOOST_TEST_CONTEXT(request.method << ' ' << request.target) {
        check_replay(request.send(service), first);
        check_refusal(request.with("more", "words").send(service), 422, "IDEMPOTENCY_KEY_REUSED",
                      false);
      }
    }
  }
  // Charged 300.50, paid 200, which came back, adjusted by -0.50.
  BOOST_CHECK_EQUAL(caller(service).balance_of("user1"), 300);
  const auto audit = run({"audit", "--store.path", service.store().string()});
  BOOST_CHECK_MESSAGE(audit.status == 0, audit.output);
}

BOOST_AUTO_TEST_SUITE_END()
