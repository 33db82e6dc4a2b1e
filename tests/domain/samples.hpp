// Things to sell and people to buy them, for the tests of several rules.
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/concert.hpp"
#include "tests/domain/support.hpp"

#include <optional>
#include <vector>

namespace boxoffice::domain::test {

inline const user_id alice{"alice"}, bob{"bob"};
constexpr token_key some_token{0x1111, 0x2222};

// On sale from noon for 100 s, begins at 200 s: A_1 to A_50 at 100 points with seats 1 to 50,
// B_1 to B_20 at 50.5 points with seats 51 to 70.
inline concert_option an_option() {
  concert_option option;
  option.id = {4};
  option.concert = {2};
  option.starts_at = seconds_past(200);
  option.venue = "Main Hall";
  option.time_zone = "UTC";
  option.sales_open_at = noon;
  option.sales_close_at = seconds_past(100);
  option.sections = {{"A", {1}, 50, points(100)}, {"B", {51}, 20, {5050}}};
  return option;
}

// Alice's two seats A_10 and A_11, held from noon for 100 s, 200 points.
inline booking_created a_hold(booking_id id = {77}) {
  booking_created e;
  e.booking = id;
  e.option = {4};
  e.concert = {2};
  e.user = alice;
  e.token = some_token;
  e.seats = {{{10}, {501}, {"A", 10}, points(100)}, {{11}, {502}, {"A", 11}, points(100)}};
  e.total = points(200);
  e.at = noon;
  e.expires_at = seconds_past(100);
  return e;
}

inline booking pending(booking_id id = {77}) { return created(a_hold(id)); }

inline booking then(booking b, const events& facts) {
  for (const auto& e : facts) evolve(b, e);
  return b;
}

constexpr payment_id attempt{9};

inline booking paying() { return then(pending(), {payment_started{{77}, attempt, {}, noon}}); }
inline booking confirmed() {
  return then(paying(), {booking_confirmed{{77}, {4}, attempt, {{10}, {11}}, noon}});
}
inline booking expired() {
  return then(pending(), {booking_expired{{77}, {4}, {{10}, {11}}, seconds_past(100)}});
}
inline booking with_status(booking b, booking_status status) {
  b.status = status;
  return b;
}

} // namespace boxoffice::domain::test
