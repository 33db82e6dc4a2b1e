// Judges the facts of what ends before its time: bookings given up or refunded, performances called
// off.
#include "sim/judgement.hpp"

namespace boxoffice::sim {

using domain::booking_status;
using domain::id_kind;

namespace {

// Somebody asked for the end of this booking, or the whole performance was called off. Which of the
// two it was can't be told where both happened.
template <class... What>
void note_ending(sale_books& b, const booking_book& made, const What&... what) {
  if (b.options.at(made.what.option).cancelled) return;
  note_happened(b, b.endings[made.what.id], what...);
}

} // namespace

void take(sale_books& b, const domain::refund_started& e) {
  auto& made = known_booking(b, e.booking, "a refund");
  judge_step(made, booking_status::confirmed, "refunded");
  require(made.what.settled && made.what.payment == e.payment, invariant::booking_steps, e.booking,
          " is refunded ", e.payment, "; it is paid by ", made.what.payment,
          made.what.settled ? "" : ", and not settled");
  note_time(made.last_at, e.at, e.booking);
  note_ending(b, made, "the refund of ", e.booking, " by ", e.payment);
  b.reached.reached("booking: CONFIRMED -> REFUNDING");
  b.set_status(made, booking_status::refunding);
}

void take(sale_books& b, const domain::wallet_refunded& e) {
  auto* user = b.find_user(e.user);
  require(user != nullptr, invariant::known_things, e.entry, " is of ", e.user,
          ", who does not exist");
  auto& made = known_booking(b, e.booking, "the money back");
  require(user->refunded.insert(e.booking).second, invariant::paid_back_once, e.entry, " pays ",
          e.amount, " back for ", e.booking, ", which was paid back before");
  judge_step(made, booking_status::refunding, "paid back");
  require(made.what.user == e.user && made.what.payment == e.payment && made.what.total == e.amount,
          invariant::money_conserved, e.entry, " pays ", e.amount, " of ", e.payment, " back to ",
          e.user, "; ", e.booking, " is of ", made.what.user, ", paid by ", made.what.payment,
          ", and costs ", made.what.total);
  require(b.use_id(id_kind::entry, e.entry.value), invariant::ids_name_one_thing, e.entry, " of ",
          e.user, " was used before");
  note_time(user->last_at, e.at, "the wallet of ", e.user);
  const auto before = user->balances.now();
  require(e.balance == before + e.amount, invariant::money_conserved, e.entry, " puts ", e.amount,
          " back to the ", before, " of ", e.user, " and leaves ", e.balance);
  user->entries.push_back({domain::entry_of(e), b.now});
  user->balances.add(b.now, e.balance);
  b.refunded = b.refunded + e.amount;
  b.in_wallets = b.in_wallets + (e.balance - before);
  b.reached.reached("wallet: refunded");
}

void take(sale_books& b, const domain::booking_cancelled& e) {
  auto& made = known_booking(b, e.booking, "the cancelling");
  const bool given_up = made.what.status == booking_status::pending;
  if (!given_up) judge_step(made, booking_status::refunding, "cancelled");
  judge_own_seats(made, e.option, e.seats, "cancelled");
  note_time(made.last_at, e.at, e.booking);
  if (given_up) {
    require(e.at < made.what.expires_at, invariant::hold_time, e.booking, " is given up at ", e.at,
            ", its hold lasted until ", made.what.expires_at);
    note_ending(b, made, "the giving up of ", e.booking);
    b.reached.reached("booking: PENDING -> CANCELLED");
  } else {
    require(b.users.at(made.what.user).refunded.count(e.booking) != 0,
            invariant::money_before_seats, e.booking, " is cancelled and its ", made.what.seats,
            " are free, but ", made.what.user, " has not got the ", made.what.total, " back");
    b.reached.reached("booking: REFUNDING -> CANCELLED");
  }
  b.set_status(made, booking_status::cancelled);
  auto& option = b.options.at(e.option);
  for (const auto seat : e.seats) b.set_seat(option, seat, {});
}

// --- a performance

void take(sale_books& b, const domain::option_cancelled& e) {
  auto* option = b.find_option(e.option);
  require(option != nullptr, invariant::known_things, e.option,
          ", which does not exist, is cancelled");
  require(!option->cancelled, invariant::called_off, e.option, " is cancelled twice");
  require(e.at < option->what.starts_at, invariant::called_off, e.option, " is cancelled at ", e.at,
          ", it began at ", option->what.starts_at);
  if (b.node_started)
    require(b.cancellations[e.option].asked > 0, invariant::asked_for, e.option,
            " is cancelled, and nobody asked for it");
  option->cancelled.emplace();
  option->cancelled->requested_at = e.at;
  option->cancelled->bookings = static_cast<std::int64_t>(option->live_bookings);
  option->cancelled_since = b.now;
  b.reached.reached("option: cancelled");
}

void take(sale_books& b, const domain::cancellation_completed& e) {
  auto* option = b.find_option(e.option);
  require(option != nullptr && option->cancelled, invariant::called_off, e.option,
          " is wound up, but was never cancelled");
  require(!option->cancelled->completed_at, invariant::called_off, e.option, " is wound up twice");
  require(option->live_bookings == 0, invariant::called_off, e.option, " is wound up, but ",
          option->live_bookings, " of its bookings live");
  option->cancelled->completed_at = e.at;
  b.reached.reached("option: wound up");
}

} // namespace boxoffice::sim
