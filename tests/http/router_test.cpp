// From a path to a resource; escapes; queries; traces.
#include "http/router.hpp"
#include "http/trace.hpp"
#include "http/uri.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <thread>

namespace boxoffice::http::test {

namespace {

router sample() {
  const auto nothing = [](call&&) {};
  return router({{"POST", "/mock/balance", nothing},
                 {"GET", "/mock/balance/:userId", nothing},
                 {"PATCH", "/mock/balance/:userId", nothing},
                 {"GET", "/mock/balance/total", nothing},
                 {"GET", "/options/:id/seats", nothing},
                 {"GET", "/livez", nothing}});
}

std::string found(const router& r, std::string_view path) {
  const auto m = r.find(path);
  if (!m.found) return "none";
  auto text = m.found->pattern;
  for (const auto& p : m.parameters) text += " " + p;
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(router_paths)

BOOST_AUTO_TEST_CASE(a_path_finds_its_resource) {
  const auto r = sample();
  BOOST_TEST(found(r, "/livez") == "/livez");
  BOOST_TEST(found(r, "/mock/balance") == "/mock/balance");
  BOOST_TEST(found(r, "/mock/balance/1") == "/mock/balance/:userId 1");
  BOOST_TEST(found(r, "/mock/balance/total") == "/mock/balance/total");
  BOOST_TEST(found(r, "/mock/balance/:userId") == "/mock/balance/:userId :userId");
  BOOST_TEST(found(r, "/mock/balance/*") == "/mock/balance/:userId *");
}

BOOST_AUTO_TEST_CASE(any_other_path_finds_nothing) {
  const auto r = sample();
  for (const char* path : {"",
                           "/",
                           "//",
                           "livez",
                           "/livez/",
                           "//livez",
                           "/livez/x",
                           "/LIVEZ",
                           "/mock",
                           "/mock/",
                           "/mock//balance",
                           "/mock/balance/",
                           "/mock/balance/1/",
                           "/mock/balance/1/2",
                           "/mock/../livez",
                           "*",
                           "/*",
                           "/:a",
                           "/livez ",
                           "/livez;x",
                           "/%2Flivez",
                           "/mock%2Fbalance",
                           "/%",
                           "/livez%"})
    BOOST_TEST(found(r, path) == "none", path);
}

BOOST_AUTO_TEST_CASE(thousands_of_slashes_do_no_harm) {
  const auto r = sample();
  BOOST_TEST(found(r, std::string(1'000'000, '/')) == "none");
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "/a";
  BOOST_TEST(found(r, deep) == "none");
  BOOST_TEST(found(r, "/mock/balance" + deep) == "none");
}

BOOST_AUTO_TEST_CASE(escapes_of_plain_characters_do_not_matter_others_stay) {
  const auto r = sample();
  BOOST_TEST(found(r, "/%6cive%7A") == "/livez");
  BOOST_TEST(found(r, "/mock/balance/%75ser%2F1") == "/mock/balance/:userId user%2F1");
  BOOST_TEST(found(r, "/mock/balance/%2541") == "/mock/balance/:userId %2541");
  BOOST_TEST(found(r, "/mock/balance/a%zz") == "/mock/balance/:userId a%zz");
}

BOOST_AUTO_TEST_CASE(a_resource_knows_its_methods) {
  const auto r = sample();
  const auto* balance = r.find("/mock/balance/1").found;
  BOOST_TEST(balance->allow == "GET, HEAD, PATCH, OPTIONS");
  BOOST_TEST((balance->find("GET") && balance->find("HEAD") && balance->find("PATCH")));
  BOOST_TEST((!balance->find("POST") && !balance->find("get") && !balance->find("")));
  BOOST_TEST(r.find("/mock/balance").found->allow == "POST, OPTIONS");
  BOOST_TEST(!r.find("/mock/balance").found->find("HEAD"));
  BOOST_TEST(r.allow_anywhere() == "POST, GET, HEAD, PATCH, OPTIONS");
}

BOOST_AUTO_TEST_CASE(several_threads_may_look_up_at_once) {
  const auto r = sample();
  const auto look = [&r] {
    for (int i = 0; i < 20'000; ++i)
      if (found(r, "/mock/balance/1") != "/mock/balance/:userId 1") std::abort();
  };
  std::thread other(look);
  look();
  other.join();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(router_uri)

BOOST_AUTO_TEST_CASE(percent_escapes_are_decoded_or_refused) {
  BOOST_TEST(percent_decode("a%20b%2fc%2F").value() == "a b/c/");
  BOOST_TEST(percent_decode("%EC%95%84+").value() == "아+");
  BOOST_TEST(percent_decode("%00").value() == std::string(1, '\0'));
  for (const char* broken : {"%", "%1", "a%2", "%zz", "%1g", "%%", "% 1"})
    BOOST_TEST(!percent_decode(broken), broken);
}

BOOST_AUTO_TEST_CASE(a_query_gives_its_parameters_decoded) {
  const auto parsed =
      query_parameters::parse("concertId=1&da%74e=2024%2D07-10&empty=&flag&&x=a+b=c");
  const auto& q = std::get<query_parameters>(parsed);
  BOOST_TEST(*q.find("concertId") == "1");
  BOOST_TEST(*q.find("date") == "2024-07-10");
  BOOST_TEST(*q.find("empty") == "");
  BOOST_TEST(*q.find("flag") == "");
  BOOST_TEST(*q.find("x") == "a b=c");
  BOOST_TEST(!q.find("y"));
}

BOOST_AUTO_TEST_CASE(a_query_with_a_name_twice_or_a_broken_escape_is_refused) {
  for (const char* query : {"a=1&a=1", "a=1&%61=2", "a&a", "a=%", "%=1", "a=%zz", "a=1&b=%4"})
    BOOST_TEST(domain::refused(query_parameters::parse(query)), query);
  BOOST_TEST(!domain::refused(query_parameters::parse("")));
  BOOST_TEST(!domain::refused(query_parameters::parse("&&")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(router_trace)

const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

BOOST_AUTO_TEST_CASE(a_clients_trace_is_continued_with_a_span_of_ours) {
  trace_source source(42);
  const auto t = source.begin(&parent);
  BOOST_TEST(trace_id(t) == "4bf92f3577b34da6a3ce929d0e0e4736");
  const auto header = to_header(t);
  BOOST_TEST(header.substr(0, 36) == parent.substr(0, 36));
  BOOST_TEST(header.substr(36, 16) != parent.substr(36, 16));
  BOOST_TEST(header.substr(52) == "-01");
}

BOOST_AUTO_TEST_CASE(without_one_a_trace_begins_and_no_two_are_alike) {
  trace_source source(42);
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const auto t = source.begin(nullptr);
    BOOST_TEST(parse_traceparent(to_header(t)).has_value());
    ids.insert(trace_id(t));
  }
  BOOST_TEST(ids.size() == 1000u);
  BOOST_TEST(trace_id(trace_source(1).begin(nullptr)) != trace_id(trace_source(2).begin(nullptr)));
}

BOOST_AUTO_TEST_CASE(a_malformed_traceparent_is_as_none) {
  const auto with = [](std::size_t at, char c) {
    auto text = parent;
    text[at] = c;
    return text;
  };
  const std::string zero_trace = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
  const std::string zero_span = "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01";
  for (const auto& text : {std::string(), std::string("00"), parent + "-x", parent + "0",
                           parent.substr(1), with(2, '_'), with(35, 'a'), with(52, ' '),
                           with(5, 'G'), with(5, 'A'), with(54, 'x'), "ff" + parent.substr(2),
                           "0x" + parent.substr(2), zero_trace, zero_span, with(0, '1') + "x"})
    BOOST_TEST(!parse_traceparent(text), text);
  BOOST_TEST(parse_traceparent("01" + parent.substr(2) + "-later").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
