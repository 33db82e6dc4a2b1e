// What the domain's tests share: short names for instants, readable failures, seeded randomness.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/events.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ostream>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace boxoffice::domain {

// --- how values look in a failure

template <class Tag>
std::ostream& operator<<(std::ostream& out, id<Tag> x) {
  return out << '#' << x.value;
}

template <class Enum, class = std::enable_if_t<std::is_enum_v<Enum>>>
std::ostream& operator<<(std::ostream& out, Enum x) {
  if constexpr (std::is_same_v<Enum, error_code>)
    return out << to_string(x);
  else
    return out << static_cast<int>(x);
}

inline std::ostream& operator<<(std::ostream& out, money m) {
  return out << to_points(m) << " points";
}
inline std::ostream& operator<<(std::ostream& out, const user_id& u) { return out << u.value; }
inline std::ostream& operator<<(std::ostream& out, token_key k) { return out << to_string(k); }
inline std::ostream& operator<<(std::ostream& out, calendar_date d) { return out << to_string(d); }
inline std::ostream& operator<<(std::ostream& out, const seat_name& n) {
  return out << to_string(n);
}

} // namespace boxoffice::domain

// Chrono's types have no stream operator of their own in C++17.
template <>
struct boost::test_tools::tt_detail::print_log_value<boxoffice::domain::time_point> {
  void operator()(std::ostream& out, boxoffice::domain::time_point t) {
    out << boxoffice::domain::to_sql_text(t);
  }
};
template <class Rep, class Period>
struct boost::test_tools::tt_detail::print_log_value<std::chrono::duration<Rep, Period>> {
  void operator()(std::ostream& out, std::chrono::duration<Rep, Period> d) { out << d.count(); }
};

namespace boxoffice::domain::test {

// --- instants

constexpr duration tick{1}; // the clock's finest step: what separates "just before" from "at"

// An instant of a quiet day long after 1970, plus some time.
constexpr time_point noon = from_micros(1'795'348'800'000'000);
constexpr time_point seconds_past(std::int64_t n) { return noon + std::chrono::seconds(n); }
constexpr time_point millis_past(std::int64_t n) { return noon + std::chrono::milliseconds(n); }

// --- answers

// The code of a refusal; fails the test when nothing was refused.
template <class T>
error_code code_of(const result<T>& r) {
  const auto* refusal = refused(r);
  BOOST_TEST_REQUIRE(refusal != nullptr, "this should have been refused");
  return refusal->code;
}

// The value of an answer; fails the test when it was refused.
template <class T>
T value_of(const result<T>& r) {
  if (const auto* refusal = refused(r)) BOOST_FAIL("refused: " + refusal->detail);
  return std::get<T>(r);
}

// The one event of kind E that `facts` consists of.
template <class E>
E only(const events& facts) {
  BOOST_TEST_REQUIRE(facts.size() == 1u);
  BOOST_TEST_REQUIRE(std::holds_alternative<E>(facts.front()));
  return std::get<E>(facts.front());
}

// For loops too hot for BOOST_TEST, which logs every success.
inline void require(bool holds, const char* what) {
  if (!holds) BOOST_FAIL(what);
}

// --- randomness

class dice {
public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}

  // From `low` to `high`, both included.
  template <class Int>
  Int between(Int low, Int high) {
    return std::uniform_int_distribution<Int>(low, high)(engine_);
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  std::uint64_t bits() { return engine_(); }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[between<std::size_t>(0, from.size() - 1)];
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    std::shuffle(items.begin(), items.end(), engine_);
  }

private:
  std::mt19937_64 engine_;
};

// BOXOFFICE_SEED, or else a fresh one; printed at the start of the run.
std::uint64_t first_seed();

// BOXOFFICE_TEST_LONG=1 asks for twenty times the rounds.
int rounds(int usual);

// Plays `body(dice&)` over and over, each round from a seed of its own. A failure names the seed
// with which that round is the first.
template <class Body>
void play(int usual_rounds, Body body) {
  for (int round = 0; round < rounds(usual_rounds); ++round) {
    const auto seed = first_seed() + static_cast<std::uint64_t>(round);
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed << " shows it in its first round") {
      dice d(seed);
      body(d);
    }
  }
}

} // namespace boxoffice::domain::test
