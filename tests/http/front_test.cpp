// Where pages may call from, and the fields that every answer carries.
#include "tests/http/fake_service.hpp"

#include <algorithm>
#include <tuple>

namespace boxoffice::http::test {

namespace {

std::string field(const response& r, std::string_view name) {
  const auto* value = field_of(r, name);
  return value ? *value : "(none)";
}

std::size_t count_of(const response& r, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(r.headers.begin(), r.headers.end(),
                                                [&](const auto& f) { return f.first == name; }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(front_cors)

const std::string shop = "https://tickets.example";

api_options for_pages() {
  api_options o;
  o.cors_origins = {"http://localhost:3000", shop};
  return o;
}

BOOST_AUTO_TEST_CASE(a_page_of_a_listed_origin_may_read_every_answer) {
  paper_service s(gateway_limits{}, for_pages());
  for (const auto& [method, target, status] :
       {std::tuple{"GET", "/mock/concerts", 200}, std::tuple{"GET", "/nowhere", 404},
        std::tuple{"DELETE", "/mock/concerts", 405}, std::tuple{"POST", "/mock/balance", 400}}) {
    const auto r = s.call(method, target, {{"Origin", shop}});
    BOOST_TEST(r.status == status);
    BOOST_TEST(field(r, "Access-Control-Allow-Origin") == shop);
    BOOST_TEST(field(r, "Vary") == "Origin");
    for (const char* readable :
         {"ETag", "Location", "Retry-After", "RateLimit", "Idempotency-Replayed", "traceparent"})
      BOOST_TEST(field(r, "Access-Control-Expose-Headers").find(readable) != std::string::npos,
                 readable);
    BOOST_TEST(!field_of(r, "Access-Control-Allow-Credentials"));
  }
  request late;
  late.method = "GET";
  late.target = "/mock/concerts";
  late.headers = {{"Origin", shop}};
  BOOST_TEST(field(s.front.fault(503, "no answer in time", &late), "Access-Control-Allow-Origin") ==
             shop);
}

BOOST_AUTO_TEST_CASE(a_browser_that_asks_beforehand_hears_what_it_may) {
  paper_service s(gateway_limits{}, for_pages());
  const auto r = s.call("OPTIONS", "/mock/booking",
                        {{"Origin", shop},
                         {"Access-Control-Request-Method", "POST"},
                         {"Access-Control-Request-Headers", "queue-token, content-type"}});
  BOOST_TEST(r.status == 204);
  BOOST_TEST(field(r, "Access-Control-Allow-Origin") == shop);
  BOOST_TEST(field(r, "Access-Control-Allow-Methods") == "POST, OPTIONS");
  for (const char* wanted : {"Authorization", "Content-Type", "Idempotency-Key", "Queue-Token",
                             "If-None-Match", "Last-Event-ID", "traceparent"})
    BOOST_TEST(field(r, "Access-Control-Allow-Headers").find(wanted) != std::string::npos, wanted);
  BOOST_TEST(field(r, "Access-Control-Max-Age") == "600");
  BOOST_TEST(s.service.seen.empty());
}

BOOST_AUTO_TEST_CASE(other_origins_hear_nothing_of_it) {
  paper_service s(gateway_limits{}, for_pages());
  for (const char* origin :
       {"https://evil.example", "null", "", "https://tickets.example.evil.org",
        "http://tickets.example", "https://tickets.example:444", "https://TICKETS.example", "*"}) {
    const auto asked = s.call("OPTIONS", "/mock/booking",
                              {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}});
    const auto read = s.call("GET", "/mock/concerts", {{"Origin", origin}});
    for (const auto& r : {asked, read})
      for (const auto& [name, value] : r.headers)
        BOOST_TEST(name.rfind("Access-Control", 0) != 0u, origin << " got " << name);
    BOOST_TEST(field(read, "Vary") == "Origin");
  }
  paper_service closed;
  const auto r = closed.call("GET", "/mock/concerts", {{"Origin", shop}});
  BOOST_TEST(!field_of(r, "Access-Control-Allow-Origin"));
  BOOST_TEST(!field_of(r, "Vary"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(front_headers)

BOOST_AUTO_TEST_CASE(every_answer_keeps_browsers_from_running_framing_and_keeping_it) {
  paper_service s;
  for (const auto& [method, target] :
       {std::pair{"GET", "/mock/concerts"}, std::pair{"GET", "/livez"},
        std::pair{"GET", "/nowhere"}, std::pair{"POST", "/mock/balance"},
        std::pair{"PUT", "/mock/balance"}, std::pair{"OPTIONS", "/mock/balance"}}) {
    const auto r = s.call(method, target);
    BOOST_TEST_CONTEXT(method << " " << target) {
      BOOST_TEST(field(r, "X-Content-Type-Options") == "nosniff");
      BOOST_TEST(field(r, "Cache-Control") == "no-store");
      BOOST_TEST(field(r, "Referrer-Policy") == "no-referrer");
      BOOST_TEST(field(r, "X-Frame-Options") == "DENY");
      BOOST_TEST(field(r, "Content-Security-Policy") ==
                 "default-src 'none'; frame-ancestors 'none'");
      for (const auto& [name, value] : r.headers) BOOST_TEST(count_of(r, name) == 1u, name);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_page_of_the_api_may_run_what_comes_from_here) {
  paper_service s;
  const auto page = s.call("GET", "/swagger-ui/index.html");
  BOOST_TEST(page.status == 200);
  BOOST_TEST(field(page, "Content-Security-Policy").find("default-src 'self'") == 0u);
  BOOST_TEST(field(page, "Content-Security-Policy").find("frame-ancestors 'none'") !=
             std::string::npos);
  // A 304's fields replace those that the browser has kept with the page.
  const auto kept =
      s.call("GET", "/swagger-ui/index.html", {{"If-None-Match", field(page, "ETag")}});
  BOOST_TEST(kept.status == 304);
  BOOST_TEST(field(kept, "Content-Security-Policy") == field(page, "Content-Security-Policy"));
}

BOOST_AUTO_TEST_CASE(the_trace_goes_out_as_it_came_in) {
  paper_service s;
  const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  for (const char* target : {"/mock/concerts", "/nowhere"}) {
    const auto r = s.call("GET", target, {{"traceparent", parent}, {"tracestate", "a=b"}});
    BOOST_TEST(field(r, "traceparent").substr(0, 36) == parent.substr(0, 36));
    BOOST_TEST(field(r, "traceparent").substr(36, 16) != parent.substr(36, 16)); // our own part
    BOOST_TEST(field(r, "traceparent") == field(r, "traceresponse"));
  }
  // Two of them say nothing: a trace begins here.
  const auto r =
      s.call("GET", "/mock/concerts", {{"traceparent", parent}, {"Traceparent", parent}});
  BOOST_TEST(field(r, "traceparent").substr(0, 36) != parent.substr(0, 36));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
