// Malformed requests against a whole server: each is refused as it deserves, the connection closed,
// and the server is none the worse for it.
#define BOOST_TEST_MODULE http.malformed
#include <boost/test/unit_test.hpp>

#include "tests/http/malformed.hpp"
#include "tests/http/test_app.hpp"

#include <string>

using namespace boxoffice::http;
using namespace boxoffice::http::test;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t allowed_growth = 600'000'000; // what a sanitizer keeps of freed memory
#else
constexpr std::size_t allowed_growth = 32'000'000;
#endif

void check_alive(test_app& app) {
  auto one = app.connect();
  const auto got = one.get("/async?alive");
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST(got->body == "alive");
}

// Sends, expects exactly one answer with that status, then the end.
void check_refused(test_app& app, const std::string& bytes, int status) {
  auto one = app.connect();
  one.send(bytes); // may fail half-way: the server does not wait for the rest
  const auto got = one.receive();
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST(got->status == status);
  BOOST_TEST(got->closes());
  BOOST_TEST(got->body.find("fault " + std::to_string(status)) == 0u);
  BOOST_TEST(one.is_closed());
}

} // namespace

BOOST_AUTO_TEST_CASE(each_is_refused_with_its_status_and_closed) {
  test_app app;
  for (const auto& bad : malformed_requests()) {
    BOOST_TEST_CONTEXT(bad.what) check_refused(app, bad.bytes, bad.status);
  }
  BOOST_TEST(app.handled() == 0u); // nothing that was smuggled was ever handled
  BOOST_TEST(app.faults() == malformed_requests().size());
  BOOST_TEST(app.log(malformed_requests().size()).size() == malformed_requests().size());
  check_alive(app);
}

BOOST_AUTO_TEST_CASE(each_is_refused_behind_a_good_request_too) {
  test_app app;
  for (const auto& bad : malformed_requests()) {
    BOOST_TEST_CONTEXT(bad.what) {
      auto one = app.connect();
      one.send("GET /async?good HTTP/1.1\r\nHost: x\r\n\r\n" + bad.bytes);
      const auto good = one.receive(), refused = one.receive();
      BOOST_TEST_REQUIRE((good && refused));
      BOOST_TEST(good->body == "good");
      BOOST_TEST(refused->status == bad.status);
      BOOST_TEST(one.is_closed());
    }
  }
  BOOST_TEST(app.handled() == malformed_requests().size());
}

BOOST_AUTO_TEST_CASE(fifty_megabytes_of_fields_cost_no_memory) {
  test_app app;
  check_alive(app);
  const auto before = resident_bytes();
  const auto field = "Name: " + repeated("v", 992) + "\r\n";
  auto one = app.connect();
  one.send("GET / HTTP/1.1\r\nHost: x\r\n");
  for (int i = 0; i < 50'000 && one.send(field); ++i) {
  }
  const auto got = one.receive();
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST(got->status == 431);
  BOOST_TEST(resident_bytes() < before + allowed_growth);
  check_alive(app);
}

BOOST_AUTO_TEST_CASE(a_claimed_length_is_not_reserved) {
  limits bounds;
  bounds.body_bytes = 1'000'000'000;
  test_app app(bounds);
  const auto before = resident_bytes();
  std::vector<client> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(app.connect());
    clients.back().send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nx");
  }
  check_alive(app);
  BOOST_TEST(resident_bytes() < before + allowed_growth);
}

BOOST_AUTO_TEST_CASE(what_follows_a_refusal_is_taken_and_thrown_away) {
  test_app app;
  auto one = app.connect();
  one.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
  BOOST_TEST(one.receive()->status == 413);
  BOOST_TEST(one.is_closed()); // its sending side; were it closed altogether, sending on would be
                               // answered by a reset
  const std::string body(100'000, 'b');
  for (int i = 0; i < 50; ++i) BOOST_TEST_REQUIRE(one.send(body));
  BOOST_TEST(app.handled() == 0u);
}

BOOST_AUTO_TEST_CASE(half_a_request_and_then_the_end_is_just_closed) {
  test_app app;
  const std::string whole = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    auto half = app.connect();
    half.send(whole.substr(0, size));
    half.close_sending();
    BOOST_TEST(half.is_closed());
    auto aborted = app.connect();
    aborted.send(whole.substr(0, size));
    aborted.abort();
  }
  BOOST_TEST(app.handled() == 0u);
  check_alive(app);
}
