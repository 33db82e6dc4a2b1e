// Everything that is not a success: codes and their statuses, the shape of a problem, methods,
// protocol faults, overload, health, traces and labels.
#include "http/problem.hpp"
#include "tests/http/fake_service.hpp"

namespace boxoffice::http::test {

namespace {

using domain::error_code;

const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const std::string parent_trace = "4bf92f3577b34da6a3ce929d0e0e4736";

struct expectation {
  error_code code;
  int status;
  const char* name;
};

constexpr expectation all_codes[] = {
    {error_code::invalid_request, 400, "INVALID_REQUEST"},
    {error_code::unauthenticated, 401, "UNAUTHENTICATED"},
    {error_code::queue_token_missing, 401, "QUEUE_TOKEN_MISSING"},
    {error_code::insufficient_balance, 402, "INSUFFICIENT_BALANCE"},
    {error_code::forbidden, 403, "FORBIDDEN"},
    {error_code::queue_token_invalid, 403, "QUEUE_TOKEN_INVALID"},
    {error_code::queue_token_waiting, 403, "QUEUE_TOKEN_WAITING"},
    {error_code::queue_token_not_found, 404, "QUEUE_TOKEN_NOT_FOUND"},
    {error_code::sale_not_open, 403, "SALE_NOT_OPEN"},
    {error_code::sale_closed, 403, "SALE_CLOSED"},
    {error_code::user_not_found, 404, "USER_NOT_FOUND"},
    {error_code::concert_not_found, 404, "CONCERT_NOT_FOUND"},
    {error_code::concert_option_not_found, 404, "CONCERT_OPTION_NOT_FOUND"},
    {error_code::seat_not_found, 404, "SEAT_NOT_FOUND"},
    {error_code::booking_not_found, 404, "BOOKING_NOT_FOUND"},
    {error_code::route_not_found, 404, "ROUTE_NOT_FOUND"},
    {error_code::method_not_allowed, 405, "METHOD_NOT_ALLOWED"},
    {error_code::seat_already_reserved, 409, "SEAT_ALREADY_RESERVED"},
    {error_code::booking_not_pending, 409, "BOOKING_NOT_PENDING"},
    {error_code::duplicate_request, 409, "DUPLICATE_REQUEST"},
    {error_code::request_in_progress, 409, "REQUEST_IN_PROGRESS"},
    {error_code::user_already_exists, 409, "USER_ALREADY_EXISTS"},
    {error_code::user_in_use, 409, "USER_IN_USE"},
    {error_code::balance_limit, 409, "BALANCE_LIMIT"},
    {error_code::seat_limit, 409, "SEAT_LIMIT"},
    {error_code::booking_expired, 410, "BOOKING_EXPIRED"},
    {error_code::payload_too_large, 413, "PAYLOAD_TOO_LARGE"},
    {error_code::unsupported_media_type, 415, "UNSUPPORTED_MEDIA_TYPE"},
    {error_code::idempotency_key_reused, 422, "IDEMPOTENCY_KEY_REUSED"},
    {error_code::rate_limited, 429, "RATE_LIMITED"},
    {error_code::overloaded, 503, "OVERLOADED"},
    {error_code::store_unavailable, 503, "STORE_UNAVAILABLE"},
    {error_code::internal_error, 500, "INTERNAL_ERROR"},
};

bool asks_to_wait(error_code code) {
  return code == error_code::queue_token_waiting || code == error_code::rate_limited ||
         code == error_code::overloaded || code == error_code::store_unavailable;
}

void check_problem(const response& r, int status, const std::string& code, bool of_seed) {
  BOOST_TEST(r.status == status);
  BOOST_REQUIRE(field_of(r, "Content-Type"));
  BOOST_TEST(*field_of(r, "Content-Type") == "application/problem+json");
  BOOST_TEST(*field_of(r, "Cache-Control") == "no-store");
  BOOST_TEST(*field_of(r, "X-Content-Type-Options") == "nosniff");
  const auto body = json_of(r);
  auto member = body.begin();
  for (const char* name : {"type", "title", "status", "detail", "code", "traceId"}) {
    BOOST_REQUIRE(member != body.end());
    BOOST_TEST(member.key() == name);
    ++member;
  }
  BOOST_TEST(body["status"] == status);
  BOOST_TEST(body["code"] == code);
  BOOST_TEST(!body["title"].get<std::string>().empty());
  BOOST_TEST(body["traceId"].get<std::string>().size() == 32u);
  BOOST_TEST(field_of(r, "traceresponse")->find(body["traceId"].get<std::string>()) == 3u);
  BOOST_TEST(body.contains("responseResult") == of_seed);
  if (of_seed) BOOST_TEST(body["responseResult"] == "FAIL");
}

const fields with_token = {{"Queue-Token", some_token_text}};
const std::string payment =
    R"({"bookingId":12345,"concertId":1,"userId":1001,"seats":"A_10,A_11"})";

} // namespace

BOOST_AUTO_TEST_SUITE(api_refusals)

BOOST_AUTO_TEST_CASE(every_code_has_its_status_and_shape) {
  BOOST_TEST(std::size(all_codes) == static_cast<std::size_t>(error_code::internal_error) + 1);
  for (const auto& [code, status, name] : all_codes) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(status_of(code) == status);
      paper_service s;
      s.service.decide = [c = code](const actors::command&) -> actors::outcome {
        return domain::reject(c, "A \"reason\".");
      };
      const auto r = s.call("POST", "/mock/payment", with_token, payment);
      check_problem(r, status, name, true);
      BOOST_TEST(json_of(r)["detail"] == "A \"reason\".");
      BOOST_TEST(!json_of(r).contains("errors"));
      BOOST_TEST((field_of(r, "Retry-After") != nullptr) == asks_to_wait(code));
      BOOST_TEST((field_of(r, "WWW-Authenticate") != nullptr) == (status == 401));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_problem_reads_as_rfc_9457_has_it) {
  const trace t{0x4bf92f3577b34da6, 0xa3ce929d0e0e4736, 1, 1};
  auto refusal = domain::reject_body("/seats", "Nope.");
  const auto r = problem({t, true}, refusal);
  BOOST_TEST(r.body ==
             R"({"type":"/problems/invalid-request","title":"The request is not valid",)"
             R"("status":400,"detail":"The request body is not valid.","code":"INVALID_REQUEST",)"
             R"("traceId":"4bf92f3577b34da6a3ce929d0e0e4736",)"
             R"("errors":[{"pointer":"/seats","detail":"Nope."}],"responseResult":"FAIL"})");
}

BOOST_AUTO_TEST_CASE(a_refusal_says_when_to_ask_again_if_it_knows) {
  auto refusal = domain::reject(error_code::queue_token_waiting, "Wait.");
  refusal.retry_after = std::chrono::seconds(7);
  BOOST_TEST(*field_of(problem({}, refusal), "Retry-After") == "7");
  refusal.retry_after = std::chrono::seconds(0);
  BOOST_TEST(*field_of(problem({}, refusal), "Retry-After") == "1");
}

BOOST_AUTO_TEST_CASE(a_refused_amount_is_laid_at_its_field) {
  const auto pointer_of = [](const std::string& method, const std::string& target,
                             const std::string& body) {
    paper_service s;
    s.service.decide = [](const actors::command&) -> actors::outcome {
      return domain::reject(error_code::invalid_request, "A charge is at most 5 points.");
    };
    const auto r = s.call(method, target, {}, body);
    check_problem(r, 400, "INVALID_REQUEST", true);
    BOOST_TEST(json_of(r)["errors"].size() == 1u);
    BOOST_TEST(json_of(r)["errors"][0]["detail"] == "A charge is at most 5 points.");
    return json_of(r)["errors"][0]["pointer"].get<std::string>();
  };
  BOOST_TEST(pointer_of("POST", "/mock/balance", R"({"userId":1,"balance":6})") == "/balance");
  BOOST_TEST(pointer_of("PATCH", "/users/points/charge",
                        R"({"userId":1,"amount":6,"paymentMethod":"c"})") == "/amount");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_404_before_the_service_is_asked) {
  paper_service s;
  check_problem(s.call("POST", "/mock/queue", {}, R"({"userId":1,"concertId":9})"), 404,
                "CONCERT_NOT_FOUND", true);
  check_problem(s.call("GET", "/mock/available-seats?concertId=9&date=2024-07-10"), 404,
                "CONCERT_NOT_FOUND", true);
  check_problem(s.call("POST", "/mock/booking", with_token,
                       R"({"userId":1,"concertOptionId":9,"seats":"A_1"})"),
                404, "CONCERT_OPTION_NOT_FOUND", true);
  check_problem(s.call("PATCH", "/payments/payment", {},
                       R"({"userId":1,"amount":1,"concertOptionId":9,"paymentMethod":"c"})"),
                404, "CONCERT_OPTION_NOT_FOUND", true);
  BOOST_TEST(s.service.seen.empty());
}

BOOST_AUTO_TEST_CASE(whoever_shows_no_token_hears_of_it_first_and_a_wrong_one_last) {
  paper_service s;
  for (const char* target : {"/mock/booking", "/mock/payment"}) {
    check_problem(s.call("POST", target, {}, "{"), 401, "QUEUE_TOKEN_MISSING", true);
    check_problem(s.call("POST", target, {{"Queue-Token", ""}}, "{"), 401, "QUEUE_TOKEN_MISSING",
                  true);
    check_problem(s.call("POST", target, {{"Queue-Token", "x"}}, "{"), 400, "INVALID_REQUEST",
                  true);
  }
  for (const char* token :
       {"x", "ca20bc2a577b4055ab3b7e197c668b35", "{ca20bc2a-577b-4055-ab3b-7e197c668b35}",
        "ca20bc2a-577b-4055-ab3b-7e197c668b3g", "00000000-0000-0000-0000-000000000000",
        "ca20bc2a-577b-4055-ab3b-7e197c668b35 "}) {
    check_problem(s.call("POST", "/mock/payment", {{"Queue-Token", token}}, payment), 403,
                  "QUEUE_TOKEN_INVALID", true);
    check_problem(s.call("POST", "/mock/booking", {{"Queue-Token", token}},
                         R"({"userId":1,"concertOptionId":1,"seats":"A_1"})"),
                  403, "QUEUE_TOKEN_INVALID", true);
  }
  BOOST_TEST(s.service.seen.empty());
}

BOOST_AUTO_TEST_CASE(too_much_under_way_is_answered_at_once) {
  paper_service s({10, std::chrono::hours(1)});
  const auto poll = [&] { return s.send("GET", "/mock/balance/1"); };
  for (int i = 0; i < 8; ++i) BOOST_TEST(!s.answer_to(poll()));
  const auto* shed = s.answer_to(poll());
  BOOST_REQUIRE(shed);
  check_problem(*shed, 503, "OVERLOADED", true);
  BOOST_TEST(*field_of(*shed, "Retry-After") == "1");
  BOOST_TEST(s.answer_to(s.send("POST", "/mock/queue", {}, R"({"userId":1})")));
  const std::string charge = R"({"userId":1,"balance":1})";
  BOOST_TEST(!s.answer_to(s.send("POST", "/mock/balance", {}, charge)));
  BOOST_TEST(s.answer_to(s.send("POST", "/mock/balance", {}, charge)));
  BOOST_TEST(!s.answer_to(s.send("POST", "/mock/payment", with_token, payment)));
  BOOST_TEST(s.answer_to(s.send("POST", "/mock/payment", with_token, payment)));
  // What needs no command is served all the same.
  BOOST_TEST(s.call("GET", "/mock/concerts").status == 200);
  BOOST_TEST(s.call("GET", "/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(an_answer_to_another_question_is_our_fault_and_is_not_sent) {
  paper_service s;
  s.service.decide = [](const actors::command&) -> actors::outcome { return wallet_of("1", 1); };
  s.send("POST", "/mock/payment", with_token, payment);
  BOOST_CHECK_THROW(s.sink->run_posted(), std::logic_error); // the transport makes it a 500
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(api_methods)

BOOST_AUTO_TEST_CASE(a_known_path_with_another_method_says_what_it_allows) {
  struct row {
    const char *target, *allow;
    bool of_seed;
  };
  const row rows[] = {{"/mock/queue", "POST, OPTIONS", true},
                      {"/mock/concerts", "GET, HEAD, OPTIONS", true},
                      {"/mock/available-seats?concertId=1", "GET, HEAD, OPTIONS", true},
                      {"/mock/booking", "POST, OPTIONS", true},
                      {"/mock/balance", "POST, OPTIONS", true},
                      {"/mock/balance/1", "GET, HEAD, OPTIONS", true},
                      {"/mock/payment", "POST, OPTIONS", true},
                      {"/users/points/charge", "PATCH, OPTIONS", true},
                      {"/payments/payment", "PATCH, OPTIONS", true},
                      {"/livez", "GET, HEAD, OPTIONS", false},
                      {"/readyz", "GET, HEAD, OPTIONS", false}};
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.target) {
      paper_service s;
      const auto wrong = s.call("DELETE", row.target, {}, "{}");
      check_problem(wrong, 405, "METHOD_NOT_ALLOWED", row.of_seed);
      BOOST_TEST(*field_of(wrong, "Allow") == row.allow);
      const auto options = s.call("OPTIONS", row.target);
      BOOST_TEST(options.status == 204);
      BOOST_TEST(text_of(options).empty());
      BOOST_TEST(*field_of(options, "Allow") == row.allow);
      BOOST_TEST(s.service.seen.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(head_is_answered_as_get_where_there_is_one) {
  paper_service s;
  BOOST_TEST(text_of(s.call("HEAD", "/livez")) == R"({"status":"ok"})");
  BOOST_TEST(text_of(s.call("HEAD", "/mock/concerts")) == text_of(s.call("GET", "/mock/concerts")));
  BOOST_TEST(s.call("HEAD", "/mock/queue").status == 405);
}

BOOST_AUTO_TEST_CASE(options_of_everything_and_of_nothing) {
  paper_service s;
  const auto all = s.call("OPTIONS", "*");
  BOOST_TEST(all.status == 204);
  BOOST_TEST(*field_of(all, "Allow") == "POST, GET, HEAD, PATCH, PUT, DELETE, OPTIONS");
  check_problem(s.call("OPTIONS", "/nothing"), 404, "ROUTE_NOT_FOUND", false);
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_404) {
  paper_service s;
  for (const char* path : {"/", "/nothing", "/v1/nothing", "/livez/", "/mockery", "/users/points"})
    check_problem(s.call("GET", path), 404, "ROUTE_NOT_FOUND", false);
  for (const char* path : {"/mock/", "/mock/nothing", "/mock/balance/", "/mock/balance/1/2"})
    check_problem(s.call("GET", path), 404, "ROUTE_NOT_FOUND", true);
}

BOOST_AUTO_TEST_CASE(health_is_told) {
  paper_service s;
  BOOST_TEST(text_of(s.call("GET", "/livez")) == R"({"status":"ok"})");
  BOOST_TEST(s.call("GET", "/readyz").status == 200);
  s.service.is_ready = false;
  const auto r = s.call("GET", "/readyz");
  check_problem(r, 503, "STORE_UNAVAILABLE", false);
  BOOST_TEST(field_of(r, "Retry-After"));
  BOOST_TEST(s.call("GET", "/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(requests_are_labelled_with_their_route_and_trace) {
  paper_service s;
  s.send("GET", "/mock/balance/1?x=y", {{"Traceparent", parent}});
  BOOST_TEST(s.sink->labels.at(1).first == "/mock/balance/:userId");
  BOOST_TEST(s.sink->labels.at(1).second == parent_trace);
  const auto r = s.call("GET", "/nothing", {{"traceparent", parent}});
  BOOST_TEST(s.sink->labels.at(2).first == "");
  BOOST_TEST(json_of(r)["traceId"] == parent_trace);
  BOOST_TEST(field_of(r, "traceresponse")->substr(0, 36) == parent.substr(0, 36));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(api_faults)

BOOST_AUTO_TEST_CASE(faults_of_the_protocol_are_problems_too) {
  paper_service s;
  const std::pair<int, const char*> rows[] = {
      {400, "INVALID_REQUEST"},    {408, "REQUEST_TIMEOUT"},
      {413, "PAYLOAD_TOO_LARGE"},  {414, "URI_TOO_LONG"},
      {417, "EXPECTATION_FAILED"}, {431, "REQUEST_HEADER_FIELDS_TOO_LARGE"},
      {500, "INTERNAL_ERROR"},     {501, "NOT_IMPLEMENTED"},
      {503, "OVERLOADED"},         {505, "HTTP_VERSION_NOT_SUPPORTED"}};
  for (const auto& [status, code] : rows) {
    const auto r = s.front.fault(status, "What is wrong.", nullptr);
    check_problem(r, status, code, false);
    BOOST_TEST(json_of(r)["detail"] == "What is wrong.");
    BOOST_TEST((field_of(r, "Retry-After") != nullptr) == (status == 503));
  }
}

BOOST_AUTO_TEST_CASE(a_fault_of_a_known_request_continues_its_trace_and_marks_the_seeds_routes) {
  paper_service s;
  request partial;
  partial.method = "POST";
  partial.headers = {{"traceparent", parent}};
  const std::pair<const char*, bool> rows[] = {{"/mock/payment", true},
                                               {"/users/points/charge?x", true},
                                               {"/payments/payment", true},
                                               {"/livez", false},
                                               {"", false}};
  for (const auto& [target, of_seed] : rows) {
    partial.target = target;
    const auto r = s.front.fault(413, "Too large.", &partial);
    check_problem(r, 413, "PAYLOAD_TOO_LARGE", of_seed);
    BOOST_TEST(json_of(r)["traceId"] == parent_trace);
  }
  partial.target = "/mock/payment";
  check_problem(s.front.fault(503, "No answer in time.", &partial), 503, "STORE_UNAVAILABLE", true);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
