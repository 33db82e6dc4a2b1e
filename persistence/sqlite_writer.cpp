#include "persistence/sqlite_writer.hpp"

#include "persistence/id_kind_name.hpp"
#include "persistence/refusals.hpp"
#include "persistence/used_ids.hpp"

#include <string>
#include <variant>

namespace boxoffice::persistence {

commit_number sqlite_writer::write(const domain::events& facts, domain::time_point now) {
  for (const auto& fact : facts) std::visit(*this, fact);
  raise_counters(facts);
  auto numbered = number_commit_.query(now);
  numbered.next();
  const commit_number number = numbered.integer(0);
  numbered.next(); // an UPDATE is done only when its rows are read to the end
  return number;
}

void sqlite_writer::raise_counters(const domain::events& facts) {
  const auto highest = find_highest_used(facts);
  for (std::size_t kind = 0; kind < domain::id_kinds; ++kind)
    if (highest[kind] != 0)
      raise_counter_.run(to_string(static_cast<domain::id_kind>(kind)), highest[kind] + 1);
}

// --- users and the catalogue

void sqlite_writer::operator()(const domain::user_created& e) {
  add_user_.run(e.who.id, e.who.name, e.who.email, e.at);
  add_point_.run(e.wallet, e.who.id);
}

void sqlite_writer::operator()(const domain::user_changed& e) {
  require(change_user_.run(e.who.id, e.who.name, e.who.email) == 1, e.who.id, "does not exist.");
}

void sqlite_writer::operator()(const domain::user_erased& e) {
  require(erase_user_.run(e.user, e.at) == 1, e.user, "does not exist.");
}

void sqlite_writer::operator()(const domain::concert_created& e) {
  add_concert_.run(e.what.id, e.what.title, e.what.created_at);
}

void sqlite_writer::add_option(const domain::concert_option& option, bool published) {
  add_option_.run(option.id, option.concert, option.starts_at, option.venue, option.time_zone,
                  option.local_date, option.sales_open_at, option.sales_close_at,
                  published ? 1 : 0);
  for (const auto& s : option.sections) {
    add_section_.run(option.id, s.name, s.first_seat, s.seats, s.price);
  }
}

void sqlite_writer::operator()(const domain::option_created& e) {
  const auto& option = e.what;
  date_concert_.run(option.concert, option.local_date);
  add_option(option, true);
  for (const auto& s : option.sections)
    for (int number = 1; number <= s.seats; ++number)
      add_seat_.run(s.first_seat.value + number - 1, option.concert, number, option.id, s.name,
                    s.price);
}

void sqlite_writer::operator()(const domain::option_drafted& e) { add_option(e.what, false); }

void sqlite_writer::operator()(const domain::seats_laid& e) {
  for (int i = 0; i < e.count; ++i)
    add_seat_.run(e.first.value + i, e.concert, e.first_number + i, e.option, e.section, e.price);
}

void sqlite_writer::operator()(const domain::option_published& e) {
  auto draft = find_draft_.query(e.what.id);
  require(draft.next(), "Option", e.what.id, "is no draft.");
  require(draft.integer(0) == draft.integer(1), "Option", e.what.id, "lacks seats.");
  date_concert_.run(e.what.concert, e.what.local_date);
  publish_option_.run(e.what.id);
}

// --- queue

void sqlite_writer::operator()(const domain::token_issued& e) {
  add_token_.run(e.row, e.user, std::to_string(e.concert.value), e.expires_at, e.token, e.priority,
                 e.at);
  add_queue_.run(e.row, e.user, e.concert, e.at, e.arrival);
}

void sqlite_writer::operator()(const domain::token_admitted& e) {
  require(admit_token_.run(e.token, e.at, e.expires_at) == 1, e.token, "does not wait.");
}

void sqlite_writer::operator()(const domain::token_expired& e) {
  require(expire_token_.run(e.token, e.at) == 1, e.token, "is not alive.");
}

void sqlite_writer::operator()(const domain::token_prioritized& e) {
  require(prioritize_token_.run(e.token, e.priority) == 1, e.token, "is not alive.");
}

void sqlite_writer::operator()(const domain::queue_configured& e) {
  const auto stored = [](std::optional<std::size_t> limit) {
    return limit ? std::optional(static_cast<std::int64_t>(*limit)) : std::nullopt;
  };
  configure_queue_.run(e.concert, stored(e.active_limit), stored(e.admit_per_second),
                       e.paused ? 1 : 0, e.at);
}

// --- booking

void sqlite_writer::operator()(const domain::booking_created& e) {
  add_booking_.run(e.booking, e.option, e.concert, e.user, e.token, e.total, e.at, e.expires_at);
  for (const auto& s : e.seats) {
    require(take_seat_.run(s.seat, e.option) == 1, "Seat", s.seat, "is not free in this option.");
    add_reservation_.run(s.reservation, e.option, e.user, s.seat, e.at, e.booking, s.price);
    add_hold_.run(s.reservation, e.user, s.seat, e.at, e.expires_at, e.booking);
  }
}

void sqlite_writer::end_holds(domain::booking_id booking,
                              const std::vector<domain::seat_id>& seats) {
  for (const auto seat : seats)
    require(end_hold_.run(seat, booking) == 1, "Seat", seat, "is not held for this booking.");
}

void sqlite_writer::free_seats(domain::booking_id booking,
                               const std::vector<domain::seat_id>& seats, domain::time_point at) {
  require(release_reservations_.run(booking, at) == static_cast<std::int64_t>(seats.size()),
          "Booking", booking, "has other seats.");
  for (const auto seat : seats)
    require(free_seat_.run(seat) == 1, "Seat", seat, "is not reserved.");
}

void sqlite_writer::operator()(const domain::booking_expired& e) {
  require(expire_booking_.run(e.booking) == 1, "Booking", e.booking, "is not PENDING.");
  end_holds(e.booking, e.seats);
  free_seats(e.booking, e.seats, e.at);
}

void sqlite_writer::operator()(const domain::payment_started& e) {
  require(start_payment_.run(e.booking, e.payment, e.token) == 1, "Booking", e.booking,
          "is not PENDING.");
}

void sqlite_writer::operator()(const domain::payment_refused& e) {
  require(refuse_payment_.run(e.booking, e.payment) == 1, "Booking", e.booking,
          "is not PAYING with this payment.");
}

void sqlite_writer::operator()(const domain::booking_confirmed& e) {
  const auto seats = static_cast<std::int64_t>(e.seats.size());
  require(confirm_booking_.run(e.booking, e.payment, e.at) == 1, "Booking", e.booking,
          "is not PAYING with this payment.");
  require(confirm_reservations_.run(e.booking) == seats, "Booking", e.booking, "has other seats.");
  end_holds(e.booking, e.seats);
}

void sqlite_writer::operator()(const domain::booking_settled& e) {
  require(settle_booking_.run(e.booking) == 1, "Booking", e.booking,
          "is not CONFIRMED, or settled already.");
}

void sqlite_writer::operator()(const domain::refund_started& e) {
  require(start_refund_.run(e.booking, e.payment) == 1, "Booking", e.booking,
          "is not CONFIRMED by this payment, or not settled.");
}

void sqlite_writer::operator()(const domain::booking_cancelled& e) {
  if (give_up_booking_.run(e.booking) == 1)
    end_holds(e.booking, e.seats);
  else
    require(end_refund_.run(e.booking) == 1, "Booking", e.booking,
            "is neither PENDING nor REFUNDING with its money back.");
  free_seats(e.booking, e.seats, e.at);
}

// --- a cancelled option

void sqlite_writer::operator()(const domain::option_cancelled& e) {
  cancel_option_.run(e.option, e.at);
}

void sqlite_writer::operator()(const domain::cancellation_completed& e) {
  require(complete_cancellation_.run(e.option, e.at) == 1, "Option", e.option,
          "is not cancelled, was completed before, or has live bookings.");
}

// --- wallet

void sqlite_writer::operator()(const domain::wallet_refunded& e) {
  require(change_balance_.run(e.user, e.amount, e.balance) == 1, e.user, "has another balance.");
  require(add_refund_.run(e.entry, e.user, e.amount, e.balance, e.payment, e.booking, e.at) == 1,
          "Booking", e.booking, "is not REFUNDING this payment and amount of this user.");
}

void sqlite_writer::operator()(const domain::wallet_charged& e) {
  require(change_balance_.run(e.user, e.amount, e.balance) == 1, e.user, "has another balance.");
  if (e.guards_double_submit) note_charge_.run(e.user, e.amount, e.at);
  add_charge_.run(e.entry, e.user, e.amount, e.balance, e.at);
}

void sqlite_writer::operator()(const domain::wallet_debited& e) {
  const auto change = domain::money{} - e.amount;
  require(change_balance_.run(e.user, change, e.balance) == 1, e.user, "has another balance.");
  add_payment_entry_.run(e.entry, e.user, change, e.balance, e.payment, e.booking, e.at);
  add_debit_.run(e.payment, e.user, e.booking, e.amount, e.at);
}

void sqlite_writer::operator()(const domain::debit_refused& e) {
  note_refusal_.run(e.payment, e.user, e.booking, e.amount, e.at);
}

void sqlite_writer::operator()(const domain::wallet_adjusted& e) {
  require(change_balance_.run(e.user, e.amount, e.balance) == 1, e.user, "has another balance.");
  add_adjustment_.run(e.entry, e.user, e.amount, e.balance, e.reason, e.at);
}

// --- operators

void sqlite_writer::operator()(const domain::operator_acted& e) {
  add_act_.run(e.at, e.act, e.subject, e.reason);
}

// --- requests with an Idempotency-Key

void sqlite_writer::operator()(const domain::request_begun& e) {
  require(requests_.write(e), e.key, "is kept already.");
}

void sqlite_writer::operator()(const domain::request_answered& e) {
  require(requests_.write(e), e.key, "is answered already.");
}

void sqlite_writer::operator()(const domain::request_dropped& e) {
  require(requests_.write(e), e.key, "is not under way.");
}

// --- retention

void sqlite_writer::operator()(const domain::tokens_forgotten& e) {
  for (const auto token : e.tokens) require(past_.forget(token), token, "is alive, or unknown.");
}

void sqlite_writer::operator()(const domain::bookings_forgotten& e) {
  for (const auto booking : e.bookings)
    require(past_.forget(booking), "Booking", booking, "is not over, was paid, or is unknown.");
}

} // namespace boxoffice::persistence
