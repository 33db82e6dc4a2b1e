// Requests that are sent again with their Idempotency-Key, and what they are told then.
#pragma once

#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace boxoffice::e2e {

// One request that can be sent again and again, over connections of its own.
struct repeatable {
  std::string method, target;
  json body;
  fields headers;

  repeatable keyed(const std::string& key) const {
    auto other = *this;
    other.headers["Idempotency-Key"] = key;
    return other;
  }
  repeatable with(const char* name, const json& value) const {
    auto other = *this;
    other.body[name] = value;
    return other;
  }
  repeatable without_token() const {
    auto other = *this;
    other.headers.erase("Queue-Token");
    return other;
  }
  answer send(const server& s) const {
    http_client http(s.port());
    return http.send_json(method, target, body, headers);
  }
};

inline bool is_replayed(const answer& a) { return a.header("idempotency-replayed") == "true"; }

// The first answer again: status, body and place, and that it is a replay.
inline void check_replay(const answer& again, const answer& first) {
  BOOST_CHECK_EQUAL(again.status, first.status);
  BOOST_CHECK_EQUAL(again.body, first.body);
  BOOST_CHECK_EQUAL(again.header("location"), first.header("location"));
  BOOST_CHECK_EQUAL(again.header("content-type"), first.header("content-type"));
  BOOST_CHECK(is_replayed(again));
}

inline answer first_of(const repeatable& r, const server& s) {
  auto a = r.send(s);
  BOOST_REQUIRE_MESSAGE(a.status < 300, a.status << ' ' << a.body);
  BOOST_CHECK(!is_replayed(a));
  return a;
}

} // namespace boxoffice::e2e
