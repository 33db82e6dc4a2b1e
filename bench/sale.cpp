#include "bench/sale.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace boxoffice::bench {

using namespace domain;

namespace {

constexpr money price = points(100);
constexpr int most_seats_a_section = 500; // a block of a stadium
constexpr auto token_life = std::chrono::hours(24);

// A, B ... Z, AA, AB ... as the columns of a spreadsheet.
std::string section_name(int index) {
  constexpr int letters = 26;
  std::string name;
  for (int rest = index + 1; rest > 0; rest = (rest - 1) / letters)
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % letters));
  return name;
}

// splitmix64. Keys must look random, as real ones do: tables of tokens rely on it.
std::uint64_t scatter(std::uint64_t n) {
  n = (n + 1) * 0x9E3779B97F4A7C15u;
  n = (n ^ (n >> 30)) * 0xBF58476D1CE4E5B9u;
  n = (n ^ (n >> 27)) * 0x94D049BB133111EBu;
  return n ^ (n >> 31);
}

} // namespace

concert plan_concert(id_source& ids, time_point now) {
  return {ids.next<concert_id>(id_kind::concert), "The concert to measure", now};
}

concert_option plan_performance(concert_id concert, int seats, id_source& ids, time_point now) {
  assert(seats > 0);
  concert_option o;
  o.id = ids.next<option_id>(id_kind::option);
  o.concert = concert;
  o.starts_at = now + std::chrono::hours(30 * 24);
  o.venue = "The Stadium";
  o.time_zone = "UTC";
  o.local_date = to_calendar(o.starts_at).date;
  o.sales_open_at = now;
  o.sales_close_at = o.starts_at;
  const auto first = ids.next_block<seat_id>(id_kind::seat, seats);
  for (int done = 0; done < seats; done += most_seats_a_section)
    o.sections.push_back({section_name(done / most_seats_a_section), seat_id{first.value + done},
                          std::min(most_seats_a_section, seats - done), price});
  return o;
}

user_id buyer(int number) { return {"buyer" + std::to_string(number)}; }

token_key buyer_token(int number) {
  const auto n = static_cast<std::uint64_t>(number);
  return make_token_key(scatter(2 * n), scatter(2 * n + 1));
}

void plan_visitor(int number, concert_id concert, events& plan, id_source& ids, time_point now) {
  constexpr money balance = points(1000);
  const auto who = buyer(number);
  plan.push_back(user_created{{who, "Buyer " + std::to_string(number), who.value + "@example.com"},
                              ids.next<point_id>(id_kind::point),
                              now});
  plan.push_back(
      wallet_charged{who, ids.next<entry_id>(id_kind::entry), balance, balance, true, now});
  plan.push_back(token_issued{buyer_token(number), ids.next<token_id>(id_kind::token), concert, who,
                              number, 0, now, now + token_life});
}

void plan_buyer(int number, concert_id concert, events& plan, id_source& ids, time_point now) {
  plan_visitor(number, concert, plan, ids, now);
  plan.push_back(
      token_admitted{buyer_token(number), concert, buyer(number), now, now + token_life});
}

booked_seat seat_at(const concert_option& o, int index) {
  assert(index >= 0 && index < o.seat_count());
  const auto& section = o.sections[static_cast<std::size_t>(index / most_seats_a_section)];
  const int place = index % most_seats_a_section;
  return {seat_id{section.first_seat.value + place}, {}, {section.name, place + 1}, section.price};
}

booking_created plan_booking(int number, const concert_option& o, int first, int count,
                             id_source& ids, time_point now) {
  booking_created b;
  b.booking = ids.next<booking_id>(id_kind::booking);
  b.option = o.id;
  b.concert = o.concert;
  b.user = buyer(number);
  b.token = buyer_token(number);
  for (int i = 0; i < count; ++i) {
    auto seat = seat_at(o, first + i);
    seat.reservation = ids.next<reservation_id>(id_kind::reservation);
    b.total = b.total + seat.price;
    b.seats.push_back(std::move(seat));
  }
  b.at = now;
  b.expires_at = now + std::chrono::minutes(5);
  return b;
}

} // namespace boxoffice::bench
