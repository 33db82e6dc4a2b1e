// HTTP itself on the running service, and what it says to bad input.
#include "tests/e2e/documents.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::e2e;

namespace {

struct demo {
  scratch_directory directory;
  server service{directory / "store"};
  caller client{service};
  http_client& http = client.http;

  answer post(const std::string& target, const std::string& body,
              fields headers = {{"Content-Type", "application/json"}}) {
    const auto method = target[1] == 'm' ? "POST" : "PATCH";
    return http.ask(method, target, headers, body);
  }
};

// Of any length; body.size() says nothing about how it is sent.
std::string in_chunks(const std::string& body) {
  std::string text = "POST /mock/balance HTTP/1.1\r\nHost: test\r\n"
                     "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char c : body) text += std::string("1\r\n") + c + "\r\n";
  return text + "0\r\n\r\n";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_http, demo)

BOOST_AUTO_TEST_CASE(head_answers_like_get_without_a_body) {
  for (const char* target : {"/mock/concerts", "/mock/balance/1", "/livez"}) {
    const auto get = http.get(target), head = http.ask("HEAD", target, {}, {});
    BOOST_CHECK_EQUAL(head.status, 200);
    BOOST_CHECK_EQUAL(head.header("content-length"), std::to_string(get.body.size()));
    BOOST_CHECK_EQUAL(head.header("content-type"), "application/json");
  }
  BOOST_CHECK_EQUAL(http.ask("HEAD", "/mock/balance/nobody", {}, {}).status, 404);
}

BOOST_AUTO_TEST_CASE(another_method_hears_which_are_allowed) {
  const auto wrong = http.ask("DELETE", "/mock/concerts", {}, {});
  check_refusal(wrong, 405, "METHOD_NOT_ALLOWED");
  BOOST_CHECK_NE(wrong.header("allow").find("GET"), std::string::npos);
  const auto get = http.get("/mock/booking");
  check_refusal(get, 405, "METHOD_NOT_ALLOWED");
  BOOST_CHECK_NE(get.header("allow").find("POST"), std::string::npos);
  check_refusal(http.get("/payments/payment"), 405, "METHOD_NOT_ALLOWED");
  check_refusal(http.get("/mock/nothing"), 404, "ROUTE_NOT_FOUND");
  check_refusal(http.get("/nothing"), 404, "ROUTE_NOT_FOUND", false);
}

BOOST_AUTO_TEST_CASE(a_body_in_chunks_and_one_announced) {
  http.send(in_chunks(R"({"userId":1,"balance":12.34})"));
  BOOST_CHECK_EQUAL(well(http.receive()).at("balance"), 12.34);

  const std::string body = R"({"userId":1,"balance":0.66})";
  http.send("POST /mock/balance HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
            "Content-Type: application/json\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n");
  BOOST_CHECK_EQUAL(http.receive().status, 100);
  http.send(body);
  BOOST_CHECK_EQUAL(well(http.receive()).at("balance"), 13);
}

BOOST_AUTO_TEST_CASE(many_requests_at_once_on_one_connection) {
  std::string all;
  for (int n = 1; n <= 20; ++n)
    all += request_text("GET", "/mock/balance/user" + std::to_string(n), {}, {});
  http.send(all);
  for (int n = 1; n <= 20; ++n)
    BOOST_CHECK_EQUAL(well(http.receive()).at("userId"), "user" + std::to_string(n));
}

BOOST_AUTO_TEST_CASE(the_trace_is_continued) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const auto a = http.ask("GET", "/mock/balance/nobody",
                          {{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"}}, {});
  check_refusal(a, 404, "USER_NOT_FOUND");
  BOOST_CHECK_EQUAL(a.document().at("traceId"), trace);
  BOOST_CHECK(service.running().wait_for(trace)); // and in the log
}

BOOST_AUTO_TEST_CASE(bad_input_gets_a_4xx_and_changes_nothing) {
  struct row {
    const char *target, *body;
    int status;
    const char* code;
  };
  const std::string deep(50'000, '[');
  const row rows[] = {
      {"/mock/queue", "", 400, "INVALID_REQUEST"},
      {"/mock/queue", "{", 400, "INVALID_REQUEST"},
      {"/mock/queue", "[]", 400, "INVALID_REQUEST"},
      {"/mock/queue", "null", 400, "INVALID_REQUEST"},
      {"/mock/queue", "{}", 400, "INVALID_REQUEST"},
      {"/mock/queue", deep.c_str(), 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":"user1"} x)", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":"user1","userId":"user2"})", 400, "INVALID_REQUEST"},
      {"/mock/queue", "{\"userId\":\"\xff\xfe\"}", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":"a b"})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":""})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":1.5})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":-1})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":true})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":99999999999999999999})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":"user1","priority":"high"})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":"user1","priority":9e99})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":"user1","requestedTime":"soon"})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":"user1","concertId":0})", 400, "INVALID_REQUEST"},
      {"/mock/queue", R"({"userId":"user1","concertId":99})", 404, "CONCERT_NOT_FOUND"},
      {"/mock/queue", R"({"userId":"nobody"})", 404, "USER_NOT_FOUND"},
      {"/mock/balance", R"({"userId":1})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":"100"})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":0})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":-0.01})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":0.001})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":100.005})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":1e-3})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":10000000.01})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":1e308})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":1e9999999999})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":1,"balance":NaN})", 400, "INVALID_REQUEST"},
      {"/mock/balance", R"({"userId":"nobody","balance":1})", 404, "USER_NOT_FOUND"},
      {"/users/points/charge", R"({"userId":1,"amount":1})", 400, "INVALID_REQUEST"},
      {"/users/points/charge", R"({"userId":1,"amount":1,"paymentMethod":7})", 400,
       "INVALID_REQUEST"},
      {"/users/points/charge",
       R"({"userId":1,"amount":1,"paymentMethod":"c","paymentTime":"2024-13-01T00:00:00"})", 400,
       "INVALID_REQUEST"},
      {"/users/points/charge", R"({"pointId":"x","userId":1,"amount":1,"paymentMethod":"c"})", 400,
       "INVALID_REQUEST"},
      {"/payments/payment", R"({"userId":1,"amount":1,"concertOptionId":99,"paymentMethod":"c"})",
       404, "CONCERT_OPTION_NOT_FOUND"},
      {"/payments/payment", R"({"userId":1,"amount":1,"concertOptionId":1})", 400,
       "INVALID_REQUEST"},
  };
  for (const auto& r : rows)
    BOOST_TEST_CONTEXT(r.target << " " << std::string(r.body).substr(0, 80))
  check_refusal(post(r.target, r.body), r.status, r.code);
  BOOST_CHECK_EQUAL(client.balance_of("1"), 0);
}

BOOST_AUTO_TEST_CASE(bad_bookings_hold_nothing) {
  const auto token = client.token_of("user1");
  struct row {
    const char* seats;
    int status;
    const char* code;
  };
  const row rows[] = {
      {"", 400, "INVALID_REQUEST"},
      {"A", 400, "INVALID_REQUEST"},
      {"A_", 400, "INVALID_REQUEST"},
      {"_1", 400, "INVALID_REQUEST"},
      {"A_0", 400, "INVALID_REQUEST"},
      {"A_01", 400, "INVALID_REQUEST"},
      {"A_-1", 400, "INVALID_REQUEST"},
      {"A-1", 400, "INVALID_REQUEST"},
      {"A_1,", 400, "INVALID_REQUEST"},
      {",A_1", 400, "INVALID_REQUEST"},
      {"A_1,,A_2", 400, "INVALID_REQUEST"},
      {"A_1,A_1", 400, "INVALID_REQUEST"},
      {"A_1,A_2;A_3", 400, "INVALID_REQUEST"},
      {"A_99999999999", 400, "INVALID_REQUEST"},
      {"A_1,A_51", 404, "SEAT_NOT_FOUND"},
      {"C_1", 404, "SEAT_NOT_FOUND"},
      {"A_1,A_2,A_3,A_4,A_5,A_6,A_7,A_8,A_9,A_10,A_11", 400, "INVALID_REQUEST"},
  };
  for (const auto& r : rows) BOOST_TEST_CONTEXT(r.seats)
  check_refusal(client.book(token, "user1", 1, r.seats), r.status, r.code);
  check_refusal(client.book(token, "user1", 99, "A_1"), 404, "CONCERT_OPTION_NOT_FOUND");
  const auto concerts = well(http.get("/mock/concerts"));
  for (const auto& seat : concerts["concerts"][0]["seats"])
    BOOST_CHECK_EQUAL(seat["reserved"], false);
}

BOOST_AUTO_TEST_CASE(bad_addresses_and_bodies) {
  for (const char* query : {"", "?concertId=1", "?date=2024-07-10", "?concertId=x&date=2024-07-10",
                            "?concertId=1&date=2024-02-30", "?concertId=1&date=today",
                            "?concertId=-1&date=2024-07-10", "?concertId=1&date=%zz"})
    check_refusal(http.get(std::string("/mock/available-seats") + query), 400, "INVALID_REQUEST");
  check_refusal(http.get("/mock/available-seats?concertId=99&date=2024-07-10"), 404,
                "CONCERT_NOT_FOUND");
  check_refusal(http.get("/mock/balance/a%20b"), 400, "INVALID_REQUEST");
  check_refusal(http.get("/mock/balance/%"), 400, "INVALID_REQUEST");
  check_refusal(http.get("/mock/balance/" + std::string(65, 'a')), 400, "INVALID_REQUEST");
  const std::string charge = R"({"userId":1,"balance":5})";
  check_refusal(post("/mock/balance", charge, {{"Content-Type", "text/plain"}}), 415,
                "UNSUPPORTED_MEDIA_TYPE");
  check_refusal(
      post("/mock/balance", charge, {{"Content-Type", "application/json; charset=utf-16"}}), 415,
      "UNSUPPORTED_MEDIA_TYPE");
  caller another(service);
  check_refusal(another.http.ask("POST", "/mock/balance", {}, std::string(70'000, ' ')), 413,
                "PAYLOAD_TOO_LARGE");
  BOOST_CHECK_EQUAL(client.balance_of("1"), 0);
}

BOOST_AUTO_TEST_CASE(broken_http_is_refused_and_closed) {
  struct row {
    const char* text;
    int status;
  };
  const std::string long_target = "GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: t\r\n\r\n";
  const std::string long_head =
      "GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n";
  const row rows[] = {
      {"GARBAGE\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/3.0\r\nHost: t\r\n\r\n", 505},
      {"BREW / HTTP/1.1\r\nHost: t\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"POST /mock/queue HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400},
      {long_target.c_str(), 414},
      {long_head.c_str(), 431},
  };
  for (const auto& r : rows) BOOST_TEST_CONTEXT(std::string(r.text).substr(0, 60)) {
      http_client one(service.port());
      one.send(r.text);
      BOOST_CHECK_EQUAL(one.receive().status, r.status);
      BOOST_CHECK(one.is_closed());
    }
  BOOST_CHECK_EQUAL(http.get("/readyz").status, 200);
}

BOOST_AUTO_TEST_CASE(half_a_request_and_silence) {
  server hasty(directory / "hasty", {"--http.head_timeout", "200ms", "--http.body_timeout", "200ms",
                                     "--http.idle_timeout", "200ms"});
  http_client idle(hasty.port());
  BOOST_CHECK_EQUAL(idle.get("/livez").status, 200);
  BOOST_CHECK(idle.is_closed());
  http_client silent(hasty.port());
  BOOST_CHECK(silent.is_closed());
  http_client half(hasty.port());
  half.send("POST /mock/balance HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n{");
  BOOST_CHECK_EQUAL(half.receive().status, 408);
  BOOST_CHECK(half.is_closed());
}

BOOST_AUTO_TEST_SUITE_END()
