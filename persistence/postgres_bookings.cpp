#include "persistence/postgres_bookings.hpp"

#include "persistence/refusals.hpp"

namespace boxoffice::persistence {

postgres_bookings::booking_change&
postgres_bookings::expect(domain::booking_id id, state wanted,
                          std::optional<domain::payment_id> payment) {
  const auto [found, is_first] = bookings_.try_emplace(id);
  auto& b = found->second;
  if (is_first) {
    b.before = b.now = wanted;
    b.payment_before = b.payment = payment;
  }
  if (b.now != wanted || (payment && b.payment != payment))
    require(false, "Booking", id,
            (std::string("is not ") + to_string(wanted) + (payment ? " with this payment." : "."))
                .c_str());
  return b;
}

void postgres_bookings::take_seat(domain::seat_id id, domain::option_id option) {
  auto& s = seats_.try_emplace(id).first->second;
  require(!s.now && s.option.value_or(option) == option, "Seat", id, "is not free in this option.");
  s.now = true;
  s.option = option;
}

void postgres_bookings::free_seats(const std::vector<domain::seat_id>& seats) {
  for (const auto id : seats) {
    const auto [found, is_first] = seats_.try_emplace(id, seat_change{true, true, std::nullopt});
    require(found->second.now, "Seat", id, "is not reserved.");
    found->second.now = false;
  }
}

void postgres_bookings::note(const domain::booking_created& e) {
  const auto [found, is_first] = bookings_.try_emplace(e.booking);
  require(is_first, "Booking", e.booking, "exists already.");
  auto& b = found->second;
  b.created = e;
  for (const auto& s : e.seats) {
    take_seat(s.seat, e.option);
    b.seats.push_back(s.seat);
  }
}

// The seats that an event names are those of the booking, as far as the batch knows them.
void postgres_bookings::release(booking_change& b, domain::booking_id id,
                                const std::vector<domain::seat_id>& seats, domain::time_point at) {
  require(b.seats.empty() || b.seats == seats, "Booking", id, "has other seats.");
  b.seats = seats;
  b.released_at = at;
  free_seats(seats);
}

void postgres_bookings::note(const domain::booking_expired& e) {
  auto& b = expect(e.booking, state::pending);
  b.ends_holds = !b.created;
  release(b, e.booking, e.seats, e.at);
  b.now = state::expired;
}

void postgres_bookings::note(const domain::payment_started& e) {
  auto& b = expect(e.booking, state::pending);
  b.now = state::paying;
  b.pays = true;
  b.payment = e.payment;
  b.paid_with = e.token;
}

void postgres_bookings::note(const domain::payment_refused& e) {
  expect(e.booking, state::paying, e.payment).now = state::pending;
}

void postgres_bookings::note(const domain::booking_confirmed& e) {
  auto& b = expect(e.booking, state::paying, e.payment);
  require(b.seats.empty() || b.seats == e.seats, "Booking", e.booking, "has other seats.");
  b.ends_holds = !b.created;
  b.seats = e.seats;
  b.now = state::confirmed;
  b.confirmed = true;
  b.confirmed_at = e.at;
}

void postgres_bookings::note(const domain::booking_settled& e) {
  auto& b = expect(e.booking, state::confirmed);
  if (!b.confirmed && !b.settled) b.settled_before = false; // the table knows
  require(!b.settled.value_or(false), "Booking", e.booking, "is settled already.");
  b.settled = true;
}

void postgres_bookings::note(const domain::refund_started& e) {
  auto& b = expect(e.booking, state::confirmed);
  if (!b.confirmed && !b.settled) b.settled = b.settled_before = true;
  if (!b.payment) b.payment = b.payment_before = e.payment;
  require(b.settled.value_or(false) && b.payment == e.payment, "Booking", e.booking,
          "is not CONFIRMED by this payment, or not settled.");
  b.now = state::refunding;
}

// The booking is written down only when it changes; what the refund says of it is checked.
void postgres_bookings::note(const domain::wallet_refunded& e) {
  refunds_.push_back(e);
  const auto known = bookings_.find(e.booking);
  if (known == bookings_.end()) return;
  auto& b = known->second;
  const bool is_whole = !b.created || (b.created->user == e.user && b.created->total == e.amount);
  require(b.now == state::refunding && !b.money_back && b.payment == e.payment && is_whole,
          "Booking", e.booking, "is not REFUNDING this payment and amount of this user.");
  b.money_back = true;
}

void postgres_bookings::note(const domain::booking_cancelled& e) {
  const auto [found, is_first] = bookings_.try_emplace(e.booking);
  auto& b = found->second;
  b.may_be_refunding = is_first;
  require(b.now == state::pending || (b.now == state::refunding && b.money_back), "Booking",
          e.booking, "is neither PENDING nor REFUNDING with its money back.");
  if (b.now == state::pending) b.ends_holds = !b.created;
  release(b, e.booking, e.seats, e.at);
  b.now = state::cancelled;
}

} // namespace boxoffice::persistence
