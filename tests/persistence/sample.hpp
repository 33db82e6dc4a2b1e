// A small known world, and the events of one sale in it, for tests that need one of each.
#pragma once

#include "actors/domain/catalogue.hpp"

namespace boxoffice::persistence::test::sample {

using namespace domain;

inline time_point at(int seconds) {
  return from_micros(1'795'000'000'000'000) + std::chrono::seconds(seconds);
}

inline const user_id ann{"ann"}, bob{"bob@example.com"};
constexpr concert_id concert_1{1};
constexpr option_id option_1{1};
constexpr money price{10'050};

inline token_key key(std::uint64_t n) { return make_token_key(n * 0x9E3779B97F4A7C15u, n); }

// Users ann (point 1) and bob (point 2); concert 1 with option 1: seats A_1 to A_4 with ids 1 to 4.
inline events opening() {
  concert_option option;
  option.id = option_1;
  option.concert = concert_1;
  option.starts_at = at(86'400);
  option.venue = "Main Hall";
  option.time_zone = "Asia/Seoul";
  option.local_date = {2026, 11, 20};
  option.sales_open_at = at(0);
  option.sales_close_at = at(80'000);
  option.sections = {{"A", seat_id{1}, 4, price}};
  return {user_created{{ann, "안나", "ann@example.com"}, point_id{1}, at(0)},
          user_created{{bob, "Bob", "bob@example.com"}, point_id{2}, at(0)},
          concert_created{{concert_1, "콘서트 \"A\"", at(0)}}, option_created{option}};
}

// Option 2 of the concert, of which no seat is laid: seats 5 to 12, A_1 to A_5 and B_1 to B_3.
inline option_draft a_draft() {
  option_draft draft;
  draft.what.id = {2};
  draft.what.concert = concert_1;
  draft.what.starts_at = at(172'800);
  draft.what.venue = "Small Hall";
  draft.what.time_zone = "Asia/Seoul";
  draft.what.local_date = {2026, 11, 21};
  draft.what.sales_open_at = at(100);
  draft.what.sales_close_at = at(172'800);
  draft.what.sections = {{"A", seat_id{5}, 5, price}, {"B", seat_id{10}, 3, money{7}}};
  return draft;
}

inline token_issued issued(std::int64_t row, const user_id& user, std::int32_t priority = 0) {
  return {key(static_cast<std::uint64_t>(row)),
          token_id{row},
          concert_1,
          user,
          row,
          priority,
          at(static_cast<int>(row)),
          at(600)};
}
inline token_admitted admitted(std::int64_t row, const user_id& user, time_point when) {
  return {key(static_cast<std::uint64_t>(row)), concert_1, user, when,
          when + std::chrono::minutes(5)};
}
inline token_expired expired(std::int64_t row, const user_id& user, time_point when) {
  return {key(static_cast<std::uint64_t>(row)), concert_1, user, when};
}

// A booking of the seats whose ids these are; its reservations are numbered 10 * booking + seat.
inline booking_created booked(std::int64_t booking, const user_id& user,
                              const std::vector<std::int64_t>& seats) {
  booking_created e{
      booking_id{booking}, option_1, concert_1, user, key(1), {}, {}, at(10), at(310)};
  for (const auto s : seats) {
    e.seats.push_back(
        {seat_id{s}, reservation_id{10 * booking + s}, {"A", static_cast<int>(s)}, price});
    e.total = e.total + price;
  }
  return e;
}

inline std::vector<seat_id> ids(const std::vector<std::int64_t>& seats) {
  std::vector<seat_id> out;
  for (const auto s : seats) out.push_back(seat_id{s});
  return out;
}
inline booking_expired run_out(std::int64_t booking, const std::vector<std::int64_t>& seats) {
  return {booking_id{booking}, option_1, ids(seats), at(310)};
}
inline payment_started paying(std::int64_t booking, std::int64_t payment) {
  return {booking_id{booking}, payment_id{payment}, key(1), at(20)};
}
inline payment_refused unpaid(std::int64_t booking, std::int64_t payment) {
  return {booking_id{booking}, payment_id{payment}, at(22)};
}
inline booking_confirmed paid(std::int64_t booking, std::int64_t payment,
                              const std::vector<std::int64_t>& seats) {
  return {booking_id{booking}, option_1, payment_id{payment}, ids(seats), at(22)};
}
inline wallet_charged charged(const user_id& user, std::int64_t entry, money amount,
                              money balance) {
  return {user, entry_id{entry}, amount, balance, true, at(5)};
}
inline wallet_debited debited(const user_id& user, std::int64_t entry, std::int64_t payment,
                              std::int64_t booking, money amount, money balance) {
  return {user, entry_id{entry}, payment_id{payment}, booking_id{booking}, amount, balance, at(21)};
}
inline refund_started refunding(std::int64_t booking, std::int64_t payment) {
  return {booking_id{booking}, payment_id{payment}, at(40)};
}
inline wallet_refunded refunded(const user_id& user, std::int64_t entry, std::int64_t payment,
                                std::int64_t booking, money amount, money balance) {
  return {user, entry_id{entry}, payment_id{payment}, booking_id{booking}, amount, balance, at(41)};
}
inline booking_cancelled given_up(std::int64_t booking, const std::vector<std::int64_t>& seats) {
  return {booking_id{booking}, option_1, ids(seats), at(42)};
}
inline debit_refused not_debited(const user_id& user, std::int64_t payment, std::int64_t booking,
                                 money amount) {
  return {user, payment_id{payment}, booking_id{booking}, amount, at(21)};
}

// A request with an Idempotency-Key; `body` stands for what its fingerprint is of.
inline request_key keyed(const request_owner& owner, const std::string& key,
                         unsigned char body = 1) {
  return {owner, "POST /mock/balance", "ann", key, {{body, 0xAB}}, "a \"detail\""};
}
inline request_begun begun(const request_key& key, std::int64_t booking, int when = 20) {
  return {key, booking_id{booking}, at(when)};
}
inline request_answered answered(const request_key& key, std::int64_t booking, int when = 22) {
  return {key,
          booking_id{booking},
          {201, "{\"name\":\"안나\"}", "/v1/things/1"},
          at(when),
          at(when) + std::chrono::hours(24)};
}

// A whole sale of the seats 1 and 2 to ann, commit by commit: each step as the service makes it.
inline std::vector<events> whole_sale() {
  const money total = price + price;
  return {opening(),
          {issued(1, ann), admitted(1, ann, at(1))},
          {charged(ann, 1, points(500), points(500))},
          {booked(1, ann, {1, 2})},
          {paying(1, 1)},
          {debited(ann, 2, 1, 1, total, points(500) - total)},
          {paid(1, 1, {1, 2})},
          {expired(1, ann, at(23)), booking_settled{booking_id{1}}}};
}

// What follows when the performance of that sale is cancelled.
inline std::vector<events> whole_cancellation() {
  const money total = price + price;
  return {{option_cancelled{option_1, at(30)}},
          {refunding(1, 1)},
          {refunded(ann, 3, 1, 1, total, points(500))},
          {given_up(1, {1, 2})},
          {cancellation_completed{option_1, at(50)}}};
}

} // namespace boxoffice::persistence::test::sample
