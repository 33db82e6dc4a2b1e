#include "persistence/postgres_bookings.hpp"

#include "persistence/refusals.hpp"

namespace boxoffice::persistence {

postgres_bookings::booking_change& postgres_bookings::find(domain::booking_id id, bool& is_first) {
  const auto [found, is_new] = bookings_.try_emplace(id);
  is_first = is_new;
  return found->second;
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
  bool is_first = false;
  auto& b = find(e.booking, is_first);
  require(is_first, "Booking", e.booking, "exists already.");
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
  bool is_first = false;
  auto& b = find(e.booking, is_first);
  if (is_first) b.may_be_pending = true;
  require(b.now == state::pending, "Booking", e.booking, "is not PENDING.");
  if (!b.created) b.ends_holds = true;
  release(b, e.booking, e.seats, e.at);
  b.now = state::expired;
}

void postgres_bookings::note(const domain::payment_started& e) {
  bool is_first = false;
  auto& b = find(e.booking, is_first);
  if (is_first) b.may_be_pending = true;
  require(b.now == state::pending, "Booking", e.booking, "is not PENDING.");
  b.now = state::paying;
  b.pays = true;
  b.payment = e.payment;
  b.paid_with = e.token;
}

void postgres_bookings::note(const domain::payment_refused& e) {
  bool is_first = false;
  auto& b = find(e.booking, is_first);
  if (is_first) {
    b.may_be_paying = true;
    b.now = state::paying;
    b.payment_before = b.payment = e.payment;
  }
  require(b.now == state::paying && b.payment == e.payment, "Booking", e.booking,
          "is not PAYING with this payment.");
  b.now = state::pending;
}

void postgres_bookings::note(const domain::booking_confirmed& e) {
  bool is_first = false;
  auto& b = find(e.booking, is_first);
  if (is_first) {
    b.may_be_paying = true;
    b.now = state::paying;
    b.payment_before = b.payment = e.payment;
  }
  require(b.now == state::paying && b.payment == e.payment, "Booking", e.booking,
          "is not PAYING with this payment.");
  require(b.seats.empty() || b.seats == e.seats, "Booking", e.booking, "has other seats.");
  if (!b.created) b.ends_holds = true;
  b.seats = e.seats;
  b.now = state::confirmed;
  b.confirmed = true;
  b.confirmed_at = e.at;
  b.settled = b.created ? std::optional(false) : std::nullopt;
}

void postgres_bookings::note(const domain::booking_settled& e) {
  bool is_first = false;
  auto& b = find(e.booking, is_first);
  if (is_first) {
    b.may_be_confirmed = true;
    b.now = state::confirmed;
    b.settled_before = false;
  }
  require(b.now == state::confirmed && !b.settled.value_or(false), "Booking", e.booking,
          "is not CONFIRMED, or settled already.");
  b.settled = true;
}

void postgres_bookings::note(const domain::refund_started& e) {
  bool is_first = false;
  auto& b = find(e.booking, is_first);
  if (is_first) {
    b.may_be_confirmed = true;
    b.now = state::confirmed;
    b.settled_before = true;
    b.settled = true;
  }
  if (!b.payment) b.payment_before = b.payment = e.payment;
  require(b.now == state::confirmed && b.settled.value_or(false) && b.payment == e.payment,
          "Booking", e.booking, "is not CONFIRMED by this payment, or not settled.");
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
  bool is_first = false;
  auto& b = find(e.booking, is_first);
  if (is_first) {
    b.may_be_pending = b.may_be_refunding = true; // which of them, write() asks
    b.now = state::pending;
  }
  require(b.now == state::pending || (b.now == state::refunding && b.money_back), "Booking",
          e.booking, "is neither PENDING nor REFUNDING with its money back.");
  if (!b.created && b.now == state::pending) b.ends_holds = true;
  release(b, e.booking, e.seats, e.at);
  b.now = state::cancelled;
}

} // namespace boxoffice::persistence
