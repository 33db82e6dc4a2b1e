// The framing alone: what comes out of bytes, however they are cut, and what is refused.
#define BOOST_TEST_MODULE http.parser
#include <boost/test/unit_test.hpp>

#include "http/request_parser.hpp"
#include "tests/http/malformed.hpp"
#include "tests/http/test_client.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace boxoffice::http;
using namespace boxoffice::http::test;
using outcome = request_parser::outcome;

namespace {

const limits bounds;

struct parsed {
  std::vector<request> requests;
  std::optional<refusal> refused;
  std::size_t most_buffered = 0;
};

// Feeds the pieces between the cuts (positions in bytes, ascending) until all is fed or something
// is refused.
parsed parse_in_pieces(std::string_view bytes, const std::vector<std::size_t>& cuts) {
  parsed result;
  request_parser parser(bounds);
  std::size_t from = 0;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const auto to = i < cuts.size() ? cuts[i] : bytes.size();
    parser.append(bytes.data() + from, to - from);
    from = to;
    for (auto next = parser.next(); next != outcome::need_more; next = parser.next()) {
      if (next == outcome::complete) result.requests.push_back(parser.take());
      if (next == outcome::refused) {
        result.refused = parser.why();
        return result;
      }
    }
    result.most_buffered = std::max(result.most_buffered, parser.buffered());
  }
  return result;
}

parsed parse(std::string_view bytes) { return parse_in_pieces(bytes, {}); }

std::vector<std::size_t> every_position(std::size_t size) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < size; ++i) cuts.push_back(i);
  return cuts;
}

std::vector<std::size_t> random_cuts(std::size_t size, std::mt19937_64& random) {
  std::vector<std::size_t> cuts(random() % 6);
  for (auto& cut : cuts) cut = random() % (size + 1);
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

void check_equal(const request& a, const request& b) {
  BOOST_TEST(a.method == b.method);
  BOOST_TEST(a.target == b.target);
  BOOST_TEST(a.body == b.body);
  BOOST_TEST((a.headers == b.headers));
}

const std::string plain_post =
    "POST /a?b=c HTTP/1.1\r\nHost: x:80\r\nX-Some: thing\r\nContent-Length: 9\r\n\r\n{\"a\":\"b\"}";
const std::string chunked_post =
    "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n00A;e=\"f\"\r\n wor\r\nld\n!\r\n0\r\nTrailer: t\r\n\r\n";
const std::string simple_get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

std::string printable(const std::string& bytes) {
  std::string text;
  for (const char c : bytes)
    if (c >= ' ' && c <= '~')
      text += c;
    else
      text += c == '\r' ? "\\r" : c == '\n' ? "\\n" : "\\?";
  return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_request_has_its_parts) {
  const auto result = parse(plain_post);
  BOOST_TEST_REQUIRE(result.requests.size() == 1u);
  const auto& got = result.requests[0];
  BOOST_TEST(got.method == "POST");
  BOOST_TEST(got.target == "/a?b=c");
  BOOST_TEST(got.path() == "/a");
  BOOST_TEST(got.query() == "b=c");
  BOOST_TEST(got.body == "{\"a\":\"b\"}");
  BOOST_TEST_REQUIRE(got.header("x-SOME") != nullptr);
  BOOST_TEST(*got.header("x-SOME") == "thing");
  BOOST_TEST(got.header("x-som") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_put_together_and_trailers_are_not_fields) {
  const auto result = parse(chunked_post);
  BOOST_TEST_REQUIRE(result.requests.size() == 1u);
  BOOST_TEST(result.requests[0].body == "hello wor\r\nld\n!");
  BOOST_TEST(result.requests[0].header("Trailer") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_trailer_cannot_set_a_field_that_matters) {
  const auto result =
      parse("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: y\r\n"
            "Authorization: me\r\nConnection: close\r\n\r\n" +
            simple_get);
  BOOST_TEST_REQUIRE(result.requests.size() == 2u);
  BOOST_TEST(*result.requests[0].header("Host") == "x");
  BOOST_TEST(result.requests[0].header("Authorization") == nullptr);
}

BOOST_AUTO_TEST_CASE(any_two_pieces_and_single_bytes_give_the_same_requests) {
  const auto stream = plain_post + chunked_post + simple_get;
  const auto whole = parse(stream);
  BOOST_TEST_REQUIRE(whole.requests.size() == 3u);
  auto same = [&](const parsed& cut) {
    BOOST_TEST_REQUIRE(!cut.refused);
    BOOST_TEST_REQUIRE(cut.requests.size() == 3u);
    for (std::size_t i = 0; i < 3; ++i) check_equal(cut.requests[i], whole.requests[i]);
  };
  for (std::size_t at = 1; at < stream.size(); ++at) {
    BOOST_TEST_CONTEXT("cut at " << at) same(parse_in_pieces(stream, {at}));
  }
  same(parse_in_pieces(stream, every_position(stream.size())));
  std::mt19937_64 random(seed());
  for (int i = 0; i < 2000; ++i) same(parse_in_pieces(stream, random_cuts(stream.size(), random)));
}

BOOST_AUTO_TEST_CASE(every_malformed_request_is_refused_however_it_is_cut) {
  BOOST_TEST(malformed_requests().size() >= 100u);
  std::mt19937_64 random(seed());
  for (const auto& bad : malformed_requests()) {
    BOOST_TEST_CONTEXT(bad.what) {
      auto refused_as_told = [&](const parsed& result) {
        BOOST_TEST(result.requests.empty());
        BOOST_TEST_REQUIRE(result.refused.has_value());
        BOOST_TEST(result.refused->status == bad.status);
        BOOST_TEST(!result.refused->detail.empty());
      };
      refused_as_told(parse(bad.bytes));
      refused_as_told(parse_in_pieces(bad.bytes, every_position(bad.bytes.size())));
      for (int i = 0; i < 20; ++i)
        refused_as_told(parse_in_pieces(bad.bytes, random_cuts(bad.bytes.size(), random)));
    }
  }
}

BOOST_AUTO_TEST_CASE(limits_are_reached_exactly) {
  const std::string start = "POST / HTTP/1.1\r\nHost: x\r\n";
  BOOST_TEST(
      parse("GET /" + repeated("a", 4095) + " HTTP/1.1\r\nHost: x\r\n\r\n").requests.size() == 1u);
  BOOST_TEST(parse(start + numbered_fields(99) + "\r\n").requests.size() == 1u);
  BOOST_TEST(
      parse(start + "Content-Length: 65536\r\n\r\n" + repeated("a", 65536)).requests.size() == 1u);
  BOOST_TEST(parse(start + "Transfer-Encoding: chunked\r\n\r\n10000\r\n" + repeated("a", 65536) +
                   "\r\n0\r\n\r\n")
                 .requests.size() == 1u);
  const auto filler = bounds.header_bytes - start.size() - std::string("A: \r\n\r\n").size();
  const auto fitting = start + "A: " + repeated("b", filler) + "\r\n\r\n";
  BOOST_TEST(fitting.size() == bounds.header_bytes);
  BOOST_TEST(parse(fitting).requests.size() == 1u);
  const auto one_more = parse(start + "A: " + repeated("b", filler + 1) + "\r\n\r\n");
  BOOST_TEST_REQUIRE(one_more.refused.has_value());
  BOOST_TEST(one_more.refused->status == 431);
}

BOOST_AUTO_TEST_CASE(one_byte_chunks_are_allowed_up_to_the_body_limit) {
  const auto body = repeated("1\r\nx\r\n", bounds.body_bytes);
  const auto result = parse("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                            body + "0\r\n\r\n");
  BOOST_TEST_REQUIRE(result.requests.size() == 1u);
  BOOST_TEST(result.requests[0].body.size() == bounds.body_bytes);
}

BOOST_AUTO_TEST_CASE(fifty_megabytes_of_fields_are_refused_early_whatever_the_segments) {
  request_parser parser(bounds);
  const std::string line = "GET / HTTP/1.1\r\nHost: x\r\n",
                    field = "Name: " + repeated("v", 1000) + "\r\n";
  parser.append(line.data(), line.size());
  BOOST_TEST((parser.next() == outcome::need_more));
  std::size_t fed = 0;
  for (auto got = outcome::need_more; got == outcome::need_more && fed < 50'000'000;
       got = parser.next()) {
    parser.append(field.data(), field.size()); // each segment ends just after a CRLF
    fed += field.size();
  }
  BOOST_TEST(parser.why().status == 431);
  BOOST_TEST(fed < 2 * bounds.header_bytes);
}

BOOST_AUTO_TEST_CASE(absolute_targets_become_origin_form_and_their_host_counts) {
  auto target_and_host = [](const std::string& target) {
    const auto result = parse("GET " + target + " HTTP/1.1\r\nHost: other\r\n\r\n");
    BOOST_TEST_REQUIRE(result.requests.size() == 1u);
    return result.requests[0].target + " " + *result.requests[0].header("host");
  };
  BOOST_TEST(target_and_host("http://h:8082/a?b") == "/a?b h:8082");
  BOOST_TEST(target_and_host("HTTP://h") == "/ h");
  BOOST_TEST(target_and_host("https://h?q") == "/?q h");
  BOOST_TEST(target_and_host("http://[::1]:80/a/http://b") == "/a/http://b [::1]:80");
}

BOOST_AUTO_TEST_CASE(unusual_but_legal_requests_pass) {
  BOOST_TEST(parse("\r\n\r\n" + simple_get).requests.size() == 1u);
  BOOST_TEST(parse("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").requests.size() == 1u);
  BOOST_TEST(
      parse("GET /" + repeated("/", 4000) + " HTTP/1.1\r\nHost: x\r\n\r\n").requests.size() == 1u);
  BOOST_TEST(parse("GET /%ff?a=%zz HTTP/1.1\r\nHost:x\r\n\r\n").requests.size() == 1u);
  BOOST_TEST(parse("GET /\xec\x95\x84 HTTP/1.1\r\nHost: x\r\nName: \xec\x95\x84\r\n\r\n")
                 .requests.size() == 1u);
  BOOST_TEST(parse("GET / HTTP/1.0\r\n\r\n").requests.size() == 1u);
  BOOST_TEST(parse("GET / HTTP/1.1\r\nHost: \t x \t\r\nEmpty:\r\n\r\n").requests.size() == 1u);
  BOOST_TEST(parse("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n")
                 .requests.size() == 1u);
  BOOST_TEST(parse("GET / HTTP/1.0\r\nExpect: else\r\n\r\n").requests.size() == 1u);
  BOOST_TEST(parse(repeated(simple_get, 500)).requests.size() == 500u);
}

BOOST_AUTO_TEST_CASE(a_chunks_data_may_begin_with_any_byte_however_it_is_cut) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string data(1, static_cast<char>(byte));
    const auto bytes = head + "1\r\n" + data + "\r\n0\r\n\r\n";
    for (std::size_t cut = head.size(); cut < bytes.size(); ++cut) {
      const auto parsed = parse_in_pieces(bytes, {cut});
      BOOST_TEST_CONTEXT("byte " << byte << ", cut at " << cut) {
        BOOST_TEST_REQUIRE(parsed.requests.size() == 1u);
        BOOST_TEST((parsed.requests[0].body == data));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(keep_alive_follows_version_and_connection) {
  auto keeps = [](const std::string& version, const std::string& fields) {
    request_parser parser(bounds);
    const auto bytes = "GET / " + version + "\r\nHost: x\r\n" + fields + "\r\n";
    parser.append(bytes.data(), bytes.size());
    BOOST_TEST_REQUIRE((parser.next() == outcome::complete));
    return parser.keep_alive();
  };
  BOOST_TEST(keeps("HTTP/1.1", ""));
  BOOST_TEST(!keeps("HTTP/1.1", "Connection: Close\r\n"));
  BOOST_TEST(!keeps("HTTP/1.1", "Connection: x, close\r\n"));
  BOOST_TEST(!keeps("HTTP/1.1", "Connection: x\r\nConnection: close\r\n"));
  BOOST_TEST(keeps("HTTP/1.1", "Connection: closed\r\n"));
  BOOST_TEST(keeps("HTTP/1.1", "Proxy-Connection: close\r\n"));
  BOOST_TEST(!keeps("HTTP/1.0", ""));
  BOOST_TEST(keeps("HTTP/1.0", "Connection: keep-alive\r\n"));
  BOOST_TEST(!keeps("HTTP/1.0", "Connection: close, keep-alive\r\n"));
  BOOST_TEST(!keeps("HTTP/1.0", "Proxy-Connection: keep-alive\r\n"));
}

BOOST_AUTO_TEST_CASE(the_client_is_told_to_continue_only_while_it_waits) {
  const std::string head =
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n";
  request_parser waiting(bounds);
  waiting.append(head.data(), head.size());
  BOOST_TEST((waiting.next() == outcome::want_continue));
  BOOST_TEST((waiting.next() == outcome::need_more));
  BOOST_TEST(waiting.in_body());
  waiting.append("hello", 5);
  BOOST_TEST((waiting.next() == outcome::complete));

  request_parser eager(bounds);
  const auto all = head + "hello";
  eager.append(all.data(), all.size());
  BOOST_TEST((eager.next() == outcome::complete));
}

BOOST_AUTO_TEST_CASE(idle_means_not_a_byte_of_the_next_request) {
  request_parser parser(bounds);
  BOOST_TEST(parser.idle());
  parser.append(simple_get.data(), simple_get.size() - 1);
  BOOST_TEST((parser.next() == outcome::need_more));
  BOOST_TEST(!parser.idle());
  parser.append("\n", 1);
  BOOST_TEST((parser.next() == outcome::complete));
  parser.take();
  BOOST_TEST((parser.next() == outcome::need_more));
  BOOST_TEST(parser.idle());
}

BOOST_AUTO_TEST_CASE(mutated_requests_end_in_a_valid_request_or_a_refusal) {
  std::mt19937_64 random(seed());
  const std::vector<std::string> seeds = {plain_post, chunked_post, simple_get + plain_post};
  const std::string spice("\r\n\0 \t:;,=\"#*/%0123aFx\x7f\xff", 24);
  std::size_t refused = 0, whole = 0;
  for (int i = 0; i < (long_run() ? 500'000 : 30'000); ++i) {
    auto bytes = seeds[random() % seeds.size()];
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const auto at = random() % bytes.size();
      switch (random() % 3) {
      case 0: bytes[at] = spice[random() % spice.size()]; break;
      case 1: bytes.insert(at, 1, spice[random() % spice.size()]); break;
      default: bytes.erase(at, 1 + random() % 3);
      }
    }
    const auto once = parse(bytes);
    const auto cut = parse_in_pieces(bytes, random_cuts(bytes.size(), random));
    BOOST_TEST_INFO("bytes: " << printable(bytes));
    BOOST_TEST_REQUIRE(once.requests.size() == cut.requests.size());
    BOOST_TEST_INFO("bytes: " << printable(bytes));
    BOOST_TEST_REQUIRE(once.refused.has_value() == cut.refused.has_value());
    if (once.refused) {
      ++refused;
      BOOST_TEST_REQUIRE(once.refused->status >= 400);
    }
    for (std::size_t r = 0; r < once.requests.size(); ++r) {
      ++whole;
      check_equal(once.requests[r], cut.requests[r]);
      const auto& target = once.requests[r].target;
      BOOST_TEST_REQUIRE((target.front() == '/' || target == "*"));
      BOOST_TEST_REQUIRE(target.find_first_of(std::string("\r\n\0 #", 5)) == std::string::npos);
    }
  }
  BOOST_TEST(refused > 1000u);
  BOOST_TEST(whole > 1000u);
}
