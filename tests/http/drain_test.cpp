// Stopping: what is in flight is answered, and no client can hold the server up.
#define BOOST_TEST_MODULE http.drain
#include <boost/test/unit_test.hpp>

#include "tests/http/test_app.hpp"

#include <future>
#include <string>
#include <system_error>
#include <vector>

using namespace boxoffice::http;
using namespace boxoffice::http::test;

namespace {

const std::string async_get = "GET /async?a HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string keep_get = "GET /keep?k HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_CASE(nobody_there_is_drained_at_once) {
  test_app app;
  const auto begin = clock::now();
  BOOST_TEST(app.serving().drain(10s));
  BOOST_TEST((clock::now() - begin < 2s));
  BOOST_CHECK_THROW(app.connect(), std::system_error);
}

BOOST_AUTO_TEST_CASE(idle_clients_are_closed_and_requests_in_flight_answered) {
  test_app app;
  std::vector<client> idle;
  for (int i = 0; i < 50; ++i) {
    idle.push_back(app.connect());
    BOOST_TEST(idle.back().get("/async?x")->body == "x");
  }
  auto silent = app.connect();
  auto busy = app.connect();
  busy.send(keep_get);
  const auto kept = app.kept("k");

  auto drained = std::async(std::launch::async, [&] { return app.serving().drain(10s); });
  for (auto& one : idle) BOOST_TEST(one.is_closed());
  BOOST_TEST(silent.is_closed());
  BOOST_TEST((drained.wait_for(0s) == std::future_status::timeout)); // one is still owed its answer
  response answer;
  answer.body = "at last";
  kept.send(answer);
  const auto got = busy.receive();
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST(got->body == "at last");
  BOOST_TEST(got->closes());
  BOOST_TEST(busy.is_closed());
  BOOST_TEST(drained.get());
}

BOOST_AUTO_TEST_CASE(what_was_sent_before_is_answered) {
  test_app app;
  std::vector<client> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(app.connect());
    clients.back().send(async_get);
  }
  auto drained = std::async(std::launch::async, [&] { return app.serving().drain(10s); });
  for (auto& one : clients) {
    const auto got = one.receive();
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->body == "a");
    BOOST_TEST(one.is_closed());
  }
  BOOST_TEST(drained.get());
}

BOOST_AUTO_TEST_CASE(half_a_request_gets_a_second_and_then_503) {
  test_app app;
  auto completing = app.connect(), stuck = app.connect();
  BOOST_TEST(completing.get("/async?x")->body == "x");
  BOOST_TEST(stuck.get("/async?x")->body == "x");
  completing.send(async_get.substr(0, 20));
  stuck.send(async_get.substr(0, 20));
  auto idle = app.connect();
  auto drained = std::async(std::launch::async, [&] { return app.serving().drain(10s); });
  BOOST_TEST(idle.is_closed()); // the order has been given
  completing.send(async_get.substr(20));
  BOOST_TEST(completing.receive()->body == "a");
  completing.close();
  const auto got = stuck.receive();
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST(got->status == 503);
  BOOST_TEST(!got->field("Retry-After").empty());
  BOOST_TEST(drained.get());
}

BOOST_AUTO_TEST_CASE(stuck_clients_cannot_hold_it_past_its_bound) {
  test_app app;
  auto unanswered = app.connect();
  unanswered.send(keep_get);
  app.kept("k");
  std::vector<client> not_reading;
  for (int i = 0; i < 10; ++i) {
    not_reading.push_back(app.connect(4096));
    not_reading.back().send("GET /shared?20000000 HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  app.await_handled(11);
  const auto begin = clock::now();
  BOOST_TEST(!app.serving().drain(500ms));
  const auto took = clock::now() - begin;
  BOOST_TEST((took >= 500ms));
  BOOST_TEST((took < 3s));
  const auto end = clock::now();
  app.end_server();
  BOOST_TEST((clock::now() - end < 3s));
}

BOOST_AUTO_TEST_CASE(ending_without_draining_closes_everybody) {
  test_app app;
  std::vector<client> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(app.connect());
    BOOST_TEST(clients.back().get("/async?x")->body == "x");
  }
  app.end_server();
  for (auto& one : clients) BOOST_TEST(one.is_closed());
}
