// What is past: read, and forgotten.
#include "sim/table_change.hpp"

namespace boxoffice::sim {

using namespace rows;
using domain::booking_status;
using domain::token_status;

bool tables::is_named(domain::token_key key) const {
  return std::any_of(unfinished_.begin(), unfinished_.end(), [&](domain::booking_id id) {
    const auto& b = bookings_.at(id);
    return b.token == key || b.paid_with == key;
  });
}

domain::past tables::find_past(const domain::past_bounds& bounds) const {
  domain::past part;
  for (auto d = dead_.upper_bound(bounds.tokens.after);
       d != dead_.end() && d->first.first <= bounds.tokens.until; ++d) {
    if (part.tokens.size() == bounds.most) break;
    const auto& [what, concert] = *d->second;
    const bool is_last = concerts_.at(concert).by_arrival.rbegin()->first == what.arrival;
    part.tokens.push_back(
        {what.key, what.row, concert, what.expires_at, is_last, is_named(what.key)});
  }
  if (bounds.begins)
    for (const auto id : unfinished_)
      if (const auto& b = bookings_.at(id);
          !b.confirmed_at && b.expires_at <= bounds.bookings.until)
        part.overdue.emplace(b.option, b.user);
  for (auto u = unpaid_.upper_bound(bounds.bookings.after);
       u != unpaid_.end() && u->first <= bounds.bookings.until; ++u) {
    if (part.bookings.size() == bounds.most) break;
    const auto& b = bookings_.at(u->second);
    part.bookings.push_back(
        {b.id, b.option, b.user, b.status, b.expires_at, requests_.keeps_any(b.id, bounds.now)});
  }
  return part;
}

void tables::change::operator()(const domain::tokens_forgotten& e) const {
  for (const auto key : e.tokens) {
    const auto& row = existing(t.tokens_, "Token", key);
    require(row.what.status == token_status::expired, "Token", key, "is alive.");
    auto& concert = t.concerts_.at(row.concert);
    concert.by_arrival.erase(row.what.arrival);
    auto [a, end] = concert.admissions.equal_range(row.what.admitted_at);
    while (a != end && a->second != &row) ++a;
    if (a != end) concert.admissions.erase(a);
    t.dead_.erase({row.what.expires_at, row.what.row});
    t.token_rows_.erase(row.what.row);
    t.tokens_.erase(key);
  }
}

void tables::change::operator()(const domain::bookings_forgotten& e) const {
  for (const auto id : e.bookings) {
    const auto& row = existing(t.bookings_, "Booking", id);
    require(t.unpaid_.erase({row.expires_at, id}) == 1, "Booking", id, "is not over, or was paid.");
    auto& of_option = t.options_.at(row.option).bookings;
    of_option.erase(std::remove(of_option.begin(), of_option.end(), &row), of_option.end());
    t.bookings_of_.at(row.user).erase(id);
    for (const auto& s : row.seats) t.reservations_.erase(s.reservation);
    if (const auto refused = t.wallets_.at(row.user).refused.extract(id))
      t.payments_.erase(refused.mapped());
    t.bookings_.erase(id);
  }
}

} // namespace boxoffice::sim
