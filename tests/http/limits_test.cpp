// How often clients may ask, and whom a request comes from.
#include "config/addresses.hpp"
#include "http/rate_limiter.hpp"
#include "http/request_limits.hpp"
#include "tests/http/fake_service.hpp"
#include "tests/http/signed_token.hpp"

#include <random>

namespace boxoffice::http::test {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

request from(std::string address, fields headers = {}) {
  request r;
  r.method = "GET";
  r.target = "/mock/concerts";
  r.remote_address = std::move(address);
  r.headers = std::move(headers);
  return r;
}

std::vector<config::address_range> ranges(std::initializer_list<const char*> texts) {
  std::vector<config::address_range> all;
  for (const auto* text : texts) all.push_back(config::read_address_range(text).value());
  return all;
}

api_options limited(rates r, std::vector<config::address_range> trusted = {}) {
  api_options o;
  o.limits = r;
  o.trusted_proxies = std::move(trusted);
  return o;
}

// A service that a client at this address asks.
struct client_of {
  paper_service& s;
  std::string address;

  response get(std::string target, fields headers = {}) {
    request r = from(address, std::move(headers));
    r.target = std::move(target);
    s.front.handle(std::move(r), exchange(s.sink, {1, ++s.last_serial}));
    const auto* answer = s.answer_to(s.last_serial);
    BOOST_REQUIRE(answer);
    return *answer;
  }
};

std::string field(const response& r, std::string_view name) {
  const auto* value = field_of(r, name);
  return value ? *value : "(none)";
}

} // namespace

BOOST_AUTO_TEST_SUITE(front_rate_limiter)

BOOST_AUTO_TEST_CASE(a_burst_is_let_through_and_then_the_rate) {
  rate_limiter limiter({2, 3});
  auto now = noon;
  for (const std::size_t left : {2u, 1u, 0u}) {
    const auto verdict = limiter.ask("a", now);
    BOOST_TEST(verdict.allowed);
    BOOST_TEST(verdict.left == left);
  }
  const auto refused = limiter.ask("a", now);
  BOOST_TEST(!refused.allowed);
  BOOST_TEST((refused.ask_again_in == seconds(1)));
  BOOST_TEST((refused.full_in == seconds(2)));                    // 1.5, rounded up
  BOOST_TEST(!limiter.ask("a", now + milliseconds(499)).allowed); // a refusal costs nothing
  BOOST_TEST(limiter.ask("a", now + milliseconds(500)).allowed);
  BOOST_TEST(!limiter.ask("a", now + milliseconds(999)).allowed);
  BOOST_TEST(limiter.ask("b", now).allowed); // another's bucket is another
  now += seconds(60);
  BOOST_TEST(limiter.ask("a", now).left == 2u); // never more than the burst
  BOOST_TEST((limiter.window() == seconds(2)));
}

BOOST_AUTO_TEST_CASE(without_a_rate_all_is_let_through_and_nobody_is_known) {
  rate_limiter limiter({0, 1});
  for (int i = 0; i < 1000; ++i) BOOST_REQUIRE(limiter.ask("a", noon).allowed);
  BOOST_TEST(!limiter.on());
  BOOST_TEST(limiter.known() == 0u);
}

BOOST_AUTO_TEST_CASE(a_new_rate_counts_from_now_on) {
  rate_limiter limiter({1, 1000});
  for (int i = 0; i < 1000; ++i) BOOST_REQUIRE(limiter.ask("a", noon).allowed);
  limiter.set({10, 5});
  // A debt of a thousand seconds under the old rate is one of a bucket under the new one.
  BOOST_TEST(!limiter.ask("a", noon).allowed);
  BOOST_TEST(limiter.ask("a", noon + milliseconds(100)).allowed);
  limiter.set({0, 1});
  BOOST_TEST(limiter.ask("a", noon).allowed);
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_and_who_asks_often_is_not_forgotten) {
  constexpr std::size_t most = 160;
  rate_limiter limiter({1, 1}, most);
  BOOST_TEST(limiter.ask("patient zero", noon).allowed);
  for (int i = 0; i < 100'000; ++i) {
    limiter.ask("address " + std::to_string(i), noon);
    BOOST_REQUIRE(!limiter.ask("patient zero", noon).allowed);
    BOOST_REQUIRE(limiter.known() <= most);
  }
}

// In no span of time more than the burst and what the rate gives in it; and whoever keeps to the
// rate is never refused.
BOOST_AUTO_TEST_CASE(no_span_of_time_holds_more_than_burst_and_rate) {
  std::mt19937_64 dice(20261127);
  const auto between = [&dice](int a, int b) { return std::uniform_int_distribution(a, b)(dice); };
  for (int round = 0; round < 200; ++round) {
    const rate r{static_cast<std::size_t>(between(1, 50)), static_cast<std::size_t>(between(1, 9))};
    rate_limiter limiter(r);
    std::vector<domain::time_point> allowed;
    auto now = noon;
    for (int i = 0; i < 200; ++i) {
      now += microseconds(between(0, 2'000'000 / static_cast<int>(r.per_second)));
      if (limiter.ask("a", now).allowed) allowed.push_back(now);
    }
    for (std::size_t i = 0; i < allowed.size(); ++i)
      for (auto j = i; j < allowed.size(); ++j) {
        const auto span = std::chrono::duration<double>(allowed[j] - allowed[i]).count();
        const auto most = static_cast<double>(r.burst) +
                          span * static_cast<double>(r.per_second) * (1 + 1e-6) + 1e-3;
        BOOST_REQUIRE_LE(static_cast<double>(j - i + 1), most);
      }
    rate_limiter steady(r);
    const auto step = microseconds(1'000'000 / static_cast<int>(r.per_second) + 1);
    for (int i = 0; i < 100; ++i) BOOST_REQUIRE(steady.ask("a", noon + i * step).allowed);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(front_addresses)

BOOST_AUTO_TEST_CASE(the_last_address_that_can_be_believed_is_the_clients) {
  const auto trusted = ranges({"127.0.0.1", "10.0.0.0/8", "fd00::/8"});
  const auto is = [&](const char* peer, fields headers, const char* client) {
    const auto found = client_address(from(peer, std::move(headers)), trusted);
    BOOST_TEST_CONTEXT(peer << " for " << client)
    BOOST_TEST((found == config::read_internet_address(client)));
  };
  is("192.0.2.1", {{"X-Forwarded-For", "198.51.100.9"}}, "192.0.2.1"); // anybody can write that
  is("127.0.0.1", {{"X-Forwarded-For", "198.51.100.9"}}, "198.51.100.9");
  is("127.0.0.1", {{"x-forwarded-for", "1.1.1.1, 198.51.100.9"}}, "198.51.100.9");
  is("127.0.0.1", {{"X-Forwarded-For", "1.1.1.1, 198.51.100.9 ,10.1.2.3"}}, "198.51.100.9");
  is("127.0.0.1", {{"X-Forwarded-For", "198.51.100.9"}, {"X-Forwarded-For", "10.1.2.3"}},
     "198.51.100.9");
  is("127.0.0.1", {{"X-Forwarded-For", "198.51.100.9:4711"}}, "198.51.100.9");
  is("127.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:4711"}}, "2001:db8::1");
  is("127.0.0.1", {{"X-Forwarded-For", "2001:db8::1"}}, "2001:db8::1");
  is("fd00::1", {{"X-Forwarded-For", "2001:db8::1"}}, "2001:db8::1");
  is("::ffff:127.0.0.1", {{"X-Forwarded-For", "2001:db8::1"}}, "2001:db8::1");
  is("127.0.0.1", {}, "127.0.0.1");
  for (const char* nonsense : {"", ",", "unknown", "1.2.3", "198.51.100.9, unknown", "[::1", "_x"})
    is("127.0.0.1", {{"X-Forwarded-For", nonsense}}, "127.0.0.1");
  BOOST_TEST(!client_address(from("somewhere"), trusted));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(front_limits)

const std::string outside = "192.0.2.1";

BOOST_AUTO_TEST_CASE(too_many_requests_by_an_address_are_told_when_to_come_again) {
  paper_service s(gateway_limits{}, limited({{2, 3}, {}}));
  client_of client{s, outside};
  const auto first = client.get("/mock/concerts");
  BOOST_TEST(first.status == 200);
  BOOST_TEST(field(first, "RateLimit-Policy") == "\"address\";q=3;w=2");
  BOOST_TEST(field(first, "RateLimit") == "\"address\";r=2;t=1");
  client.get("/nowhere"); // what is refused counts too
  client.get("/mock/concerts");
  const auto refused = client.get("/mock/concerts");
  BOOST_TEST(refused.status == 429);
  BOOST_TEST(json_of(refused)["code"] == "RATE_LIMITED");
  BOOST_TEST(json_of(refused)["responseResult"] == "FAIL");
  BOOST_TEST(field(refused, "Retry-After") == "1");
  BOOST_TEST(field(refused, "RateLimit") == "\"address\";r=0;t=2");
  BOOST_TEST((client_of{s, "192.0.2.2"}.get("/mock/concerts").status == 200));
  s.service.time += seconds(1);
  BOOST_TEST(client.get("/mock/concerts").status == 200);
}

BOOST_AUTO_TEST_CASE(loopback_is_not_limited_unless_asked_for) {
  for (const char* here : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"}) {
    paper_service open(gateway_limits{}, limited({{1, 1}, {1, 1}}));
    for (int i = 0; i < 3; ++i) {
      const auto r = client_of{open, here}.get("/mock/concerts");
      BOOST_TEST(r.status == 200);
      BOOST_TEST(!field_of(r, "RateLimit"));
    }
    paper_service strict(gateway_limits{}, limited({{1, 1}, {1, 1}, true}));
    BOOST_TEST((client_of{strict, here}.get("/mock/concerts").status == 200));
    BOOST_TEST((client_of{strict, here}.get("/mock/concerts").status == 429));
  }
}

BOOST_AUTO_TEST_CASE(behind_a_trusted_proxy_each_client_has_its_own_bucket) {
  paper_service s(gateway_limits{}, limited({{1, 1}, {}}, ranges({"127.0.0.1"})));
  client_of proxy{s, "127.0.0.1"};
  const auto on_behalf = [&](const char* client) {
    return proxy.get("/mock/concerts", {{"X-Forwarded-For", client}}).status;
  };
  BOOST_TEST(on_behalf("192.0.2.1") == 200);
  BOOST_TEST(on_behalf("192.0.2.1") == 429);
  BOOST_TEST(on_behalf("192.0.2.2") == 200);
  // Saying more in front gives nobody a new bucket.
  BOOST_TEST(on_behalf("203.0.113.5, 192.0.2.1") == 429);
}

BOOST_AUTO_TEST_CASE(an_ipv6_client_is_its_network) {
  paper_service s(gateway_limits{}, limited({{1, 1}, {}}));
  BOOST_TEST((client_of{s, "2001:db8:0:1::1"}.get("/mock/concerts").status == 200));
  BOOST_TEST((client_of{s, "2001:db8:0:1:ffff::2"}.get("/mock/concerts").status == 429));
  BOOST_TEST((client_of{s, "2001:db8:0:2::1"}.get("/mock/concerts").status == 200));
}

BOOST_AUTO_TEST_CASE(probes_are_never_limited) {
  paper_service s(gateway_limits{}, limited({{1, 1}, {}}));
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST((client_of{s, outside}.get("/livez").status == 200));
    BOOST_TEST((client_of{s, outside}.get("/readyz").status == 200));
  }
}

BOOST_AUTO_TEST_CASE(a_user_who_has_proven_who_it_is_has_a_bucket_whatever_the_address) {
  const std::string secret = "0123456789abcdef0123456789abcdef";
  auto options = limited({{}, {1, 2}});
  options.access.admin_token = "let-me-in";
  options.access.jwt = jwt_options{jwt_algorithm::hs256, secret, {}, {}, {}};
  paper_service s(gateway_limits{}, options);
  s.service.decide = [](const auto&) { return wallet_of("1001", 100); };
  const auto ask = [&](const char* address, const std::string& token) {
    return client_of{s, address}.get("/mock/balance/1001", {{"Authorization", "Bearer " + token}});
  };
  const auto token = hs256(secret, R"({"sub":"1001","exp":1820612800})");
  const auto first = ask("192.0.2.1", token);
  BOOST_TEST(first.status == 200);
  BOOST_TEST(field(first, "RateLimit") == "\"user\";r=1;t=1");
  BOOST_TEST(ask("192.0.2.2", token).status == 200);
  BOOST_TEST(ask("192.0.2.3", token).status == 429);
  // A claim costs nobody but its maker anything, and the operator is not counted.
  BOOST_TEST(ask("192.0.2.4", token + "x").status == 401);
  BOOST_TEST(ask("192.0.2.4", "let-me-in").status == 200);
  BOOST_TEST(s.service.seen.size() == 3u);
}

BOOST_AUTO_TEST_CASE(both_limits_are_told_and_rates_change_at_run_time) {
  const std::string secret = "0123456789abcdef0123456789abcdef";
  auto options = limited({{5, 5}, {7, 7}});
  options.access.jwt = jwt_options{jwt_algorithm::hs256, secret, {}, {}, {}};
  paper_service s(gateway_limits{}, options);
  s.service.decide = [](const auto&) { return wallet_of("1001", 100); };
  const fields bearer = {
      {"Authorization", "Bearer " + hs256(secret, R"({"sub":"1001","exp":1820612800})")}};
  const auto both = client_of{s, outside}.get("/mock/balance/1001", bearer);
  BOOST_TEST(field(both, "RateLimit") == "\"address\";r=4;t=1, \"user\";r=6;t=1");
  BOOST_TEST(field(both, "RateLimit-Policy") == "\"address\";q=5;w=1, \"user\";q=7;w=1");
  s.front.limit({});
  const auto none = client_of{s, outside}.get("/mock/balance/1001", bearer);
  BOOST_TEST(!field_of(none, "RateLimit"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
