// What the sale changes: bookings, performances called off, wallets.
#include "sim/table_change.hpp"

#include <utility>

namespace boxoffice::sim {

using namespace rows;
using domain::booking_status;
using domain::id_kind;
using domain::seat_status;

// --- booking

tables::seat_row& tables::change::find_seat(domain::seat_id id) const {
  const auto place = t.find_seat(id);
  require(place.section != nullptr, "Seat", id, "does not exist.");
  return t.sections_.at(place.section->what.first_seat).seats[place.index];
}

void tables::change::operator()(const domain::booking_created& e) const {
  auto& option = existing(t.options_, "Option", e.option);
  existing(t.wallets_, "User", e.user);
  require(e.total.minor >= 0, "Booking", e.booking, "costs less than nothing.");
  const auto [added, is_new] = t.bookings_.try_emplace(e.booking);
  require(is_new, "Booking", e.booking, "exists already.");
  auto& row = added->second;
  row.id = e.booking;
  row.option = e.option;
  row.concert = e.concert;
  row.user = e.user;
  row.token = e.token;
  row.total = e.total;
  row.created_at = e.at;
  row.expires_at = e.expires_at;
  row.seats = e.seats;
  std::sort(row.seats.begin(), row.seats.end(),
            [](const auto& one, const auto& other) { return one.seat < other.seat; });
  for (auto& s : row.seats) {
    const auto place = t.find_seat(s.seat);
    require(place.section != nullptr && place.section->option == e.option &&
                place.section->seats[place.index].status == seat_status::free,
            "Seat", s.seat, "is not free in this option.");
    require(s.price.minor >= 0, "Seat", s.seat, "costs less than nothing.");
    add_key(t.reservations_, "Reservation", s.reservation);
    find_seat(s.seat) = {seat_status::held, e.booking};
    // Names are the seats' own, whatever the fact says.
    s.name = {place.section->what.name, static_cast<int>(place.index) + 1};
    used(id_kind::reservation, s.reservation);
  }
  option.bookings.push_back(&row);
  t.bookings_of_[e.user].insert(e.booking);
  t.unfinished_.insert(t.unfinished_.end(), e.booking);
  used(id_kind::booking, e.booking);
}

domain::booking& tables::change::booking_in(domain::booking_id id, booking_status status,
                                            const char* fault) const {
  auto& row = existing(t.bookings_, "Booking", id);
  require(row.status == status, "Booking", id, fault);
  return row;
}

// A booking's holds end, or its sold seats come back, all at once.
void tables::change::move_seats(const domain::booking& row,
                                const std::vector<domain::seat_id>& seats, seat_status from,
                                seat_row to) const {
  require(row.seats.size() == seats.size(), "Booking", row.id, "has other seats.");
  for (const auto id : seats) {
    auto& seat = find_seat(id);
    require(seat.status == from && seat.holder == row.id, "Seat", id, "is not this booking's.");
    seat = to;
  }
}

void tables::change::operator()(const domain::booking_expired& e) const {
  auto& row = booking_in(e.booking, booking_status::pending, "is not PENDING.");
  move_seats(row, e.seats, seat_status::held, {});
  row.status = booking_status::expired;
  t.unfinished_.erase(e.booking);
  t.unpaid_.emplace(row.expires_at, row.id);
}

void tables::change::operator()(const domain::payment_started& e) const {
  auto& row = booking_in(e.booking, booking_status::pending, "is not PENDING.");
  row.status = booking_status::paying;
  row.payment = e.payment;
  row.paid_with = e.token;
  used(id_kind::payment, e.payment);
}

void tables::change::operator()(const domain::payment_refused& e) const {
  auto& row = booking_in(e.booking, booking_status::paying, "is not PAYING.");
  require(row.payment == e.payment, "Booking", e.booking, "is not PAYING with this payment.");
  row.status = booking_status::pending;
}

void tables::change::operator()(const domain::booking_confirmed& e) const {
  auto& row = booking_in(e.booking, booking_status::paying, "is not PAYING.");
  require(row.payment == e.payment, "Booking", e.booking, "is not PAYING with this payment.");
  move_seats(row, e.seats, seat_status::held, {seat_status::sold, e.booking});
  row.status = booking_status::confirmed;
  row.confirmed_at = e.at;
}

void tables::change::operator()(const domain::booking_settled& e) const {
  auto& row = booking_in(e.booking, booking_status::confirmed, "is not CONFIRMED.");
  require(!row.settled, "Booking", e.booking, "is settled already.");
  row.settled = true;
  t.unfinished_.erase(e.booking);
}

void tables::change::operator()(const domain::refund_started& e) const {
  auto& row = booking_in(e.booking, booking_status::confirmed, "is not CONFIRMED.");
  require(row.settled && row.payment == e.payment, "Booking", e.booking,
          "is not settled, or not by this payment.");
  row.status = booking_status::refunding;
  t.unfinished_.insert(e.booking);
}

void tables::change::operator()(const domain::booking_cancelled& e) const {
  auto& row = existing(t.bookings_, "Booking", e.booking);
  const bool given_up = row.status == booking_status::pending;
  require(given_up ||
              (row.status == booking_status::refunding && t.refunded_.count(e.booking) != 0),
          "Booking", e.booking, "is neither PENDING nor REFUNDING with its money back.");
  move_seats(row, e.seats, given_up ? seat_status::held : seat_status::sold, {});
  row.status = booking_status::cancelled;
  t.unfinished_.erase(e.booking);
  if (given_up) t.unpaid_.emplace(row.expires_at, row.id);
}

// --- a cancelled option

void tables::change::operator()(const domain::option_cancelled& e) const {
  auto& row = existing(t.options_, "Option", e.option);
  require(!row.cancelled, "Option", e.option, "is cancelled already.");
  row.cancelled.emplace();
  row.cancelled->requested_at = e.at;
  row.cancelled->bookings = live_bookings(row);
}

void tables::change::operator()(const domain::cancellation_completed& e) const {
  auto& row = existing(t.options_, "Option", e.option);
  require(row.cancelled && !row.cancelled->completed_at && live_bookings(row) == 0, "Option",
          e.option, "is not cancelled, was completed before, or has live bookings.");
  row.cancelled->completed_at = e.at;
}

// --- wallet

void tables::change::operator()(const domain::wallet_refunded& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  const auto& row = booking_in(e.booking, booking_status::refunding, "is not REFUNDING.");
  require(row.user == e.user && row.payment == e.payment && row.total == e.amount, "Booking",
          e.booking, "is not of this user, payment or amount.");
  change_balance(wallet, e.amount, e.balance);
  add_entry(entry_of(e));
  add_key(t.refunded_, "The refund of booking", e.booking);
  wallet.refunded.insert(e.booking);
}

void tables::change::change_balance(domain::wallet& wallet, domain::money added,
                                    domain::money balance) const {
  require(wallet.balance + added == balance, "User", wallet.owner.id, "has another balance.");
  require(balance.minor >= 0, "User", wallet.owner.id, "has too little.");
  wallet.balance = balance;
}

void tables::change::add_entry(domain::wallet_entry entry) const {
  used(id_kind::entry, entry.id);
  t.entries_of_[entry.user].insert(entry.id);
  const auto id = entry.id;
  require(t.entries_.try_emplace(id, std::move(entry)).second, "Entry", id, "exists already.");
}

void tables::change::operator()(const domain::wallet_adjusted& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor != 0, "Entry", e.entry, "changes nothing.");
  change_balance(wallet, e.amount, e.balance);
  add_entry({e.entry,
             e.user,
             domain::entry_kind::adjustment,
             e.amount,
             e.balance,
             {},
             {},
             e.reason,
             e.at});
}

void tables::change::operator()(const domain::wallet_charged& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor > 0, "Entry", e.entry, "adds nothing.");
  change_balance(wallet, e.amount, e.balance);
  if (e.guards_double_submit) wallet.last_unkeyed_charge = {e.amount, e.at};
  add_entry({e.entry, e.user, domain::entry_kind::charge, e.amount, e.balance, {}, {}, {}, e.at});
}

void tables::change::operator()(const domain::wallet_debited& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor >= 0, "Entry", e.entry, "takes less than nothing.");
  change_balance(wallet, domain::money{} - e.amount, e.balance);
  add_key(t.payments_, "Payment", e.payment);
  const domain::payment_record debit{e.payment, e.booking, e.user, e.amount, e.at};
  require(t.debits_.try_emplace(e.booking, debit).second, "The debit of booking", e.booking,
          "exists already.");
  wallet.debited.insert(e.payment);
  add_entry({e.entry,
             e.user,
             domain::entry_kind::payment,
             domain::money{} - e.amount,
             e.balance,
             e.payment,
             e.booking,
             {},
             e.at});
  used(id_kind::payment, e.payment);
}

void tables::change::operator()(const domain::debit_refused& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor >= 0, "Payment", e.payment, "asks for less than nothing.");
  add_key(t.payments_, "Payment", e.payment);
  const auto [last, is_first] = wallet.refused.try_emplace(e.booking, e.payment);
  if (!is_first) t.payments_.erase(std::exchange(last->second, e.payment));
  used(id_kind::payment, e.payment);
}

} // namespace boxoffice::sim
