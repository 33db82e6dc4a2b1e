#include "actors/booking_entity.hpp"

#include <cassert>

namespace boxoffice::actors {

using domain::booking_status;

void booking_entity::start() {
  if (booking_ == nullptr) return;
  switch (booking_->status) {
  case booking_status::pending: return tell(booking_noted{*booking_}); // the desk keeps its time
  case booking_status::paying: return ask_wallet();
  case booking_status::confirmed:
    if (!booking_->settled) ask_queue();
    return;
  default: return;
  }
}

bool booking_entity::busy() const {
  if (attempt_ || payer_) return true;
  if (booking_ == nullptr) return false;
  // A pending booking may sleep: the desk wakes it when its time has come.
  return booking_->status != booking_status::pending && !domain::is_final(*booking_);
}

void booking_entity::abandon() {
  if (attempt_) refuse_unavailable(attempt_->wanted.request);
  if (payer_) refuse_unavailable(*payer_);
}

void booking_entity::offer_to_leave() {
  if (!busy() && (booking_ == nullptr || domain::is_final(*booking_))) exits().offer_to_retire();
}

// --- winning the seats

void booking_entity::on(open_booking& m) {
  assert(booking_ == nullptr && !attempt_);
  attempt_.emplace();
  attempt_->wanted = std::move(m);
  claim_next_seat();
}

void booking_entity::claim_next_seat() {
  const auto& draft = attempt_->wanted.draft;
  if (attempt_->next < draft.seats.size())
    return tell(claim_seat{draft.option, draft.seats[attempt_->next].seat, draft.booking});
  if (attempt_->lost.empty())
    win();
  else
    lose();
}

void booking_entity::on(seat_answered& m) {
  if (!attempt_) return;
  const auto& seat = attempt_->wanted.draft.seats[attempt_->next];
  assert(seat.seat == m.seat);
  attempt_->unreadable = attempt_->unreadable || m.unreadable;
  if (m.granted)
    attempt_->won.push_back(seat);
  else
    attempt_->lost.push_back(seat.name); // go on: the refusal names all that are taken
  ++attempt_->next;
  claim_next_seat();
}

// Appends the record first, so that no refusal over these seats can run ahead of it.
void booking_entity::win() {
  const auto at = now();
  auto won = std::move(*attempt_);
  attempt_.reset();
  auto& fact = won.wanted.draft;
  fact.at = at;
  fact.expires_at = fact.at + rules().booking.hold_for;
  booking_ = std::make_shared<domain::booking>(domain::created(fact));

  append({fact}, {client_answer{won.wanted.request,
                                booking_view{*booking_, std::move(won.wanted.wallet)}}});
  settle_seats(won.won, seat_fate::held);
  tell(booking_noted{*booking_});
}

void booking_entity::lose() {
  auto lost = std::move(*attempt_);
  attempt_.reset();
  settle_seats(lost.won, seat_fate::withdrawn);
  const auto& draft = lost.wanted.draft;
  tell(attempt_lost{draft.option, draft.user, draft.booking});
  if (lost.unreadable)
    refuse_unavailable(lost.wanted.request);
  else
    answer_behind(lost.wanted.request,
                  domain::reject(domain::error_code::seat_already_reserved,
                                 "Already reserved: " + domain::to_string(lost.lost) + "."));
  offer_to_leave();
}

void booking_entity::settle_seats(const std::vector<domain::booked_seat>& seats, seat_fate fate) {
  const auto booking = domain::booking_id{me().number};
  for (const auto& s : seats) tell(settle_seat{s.seat, booking, fate});
}

// --- the life of a booking

// Evolves, appends, and tells the seats and the desk of the new state.
void booking_entity::apply(domain::events facts, std::vector<release> releases) {
  for (const auto& e : facts) domain::evolve(*booking_, e);
  append(std::move(facts), std::move(releases));
  if (booking_->status == booking_status::expired)
    settle_seats(booking_->seats, seat_fate::released);
  if (booking_->status == booking_status::confirmed && !booking_->settled)
    settle_seats(booking_->seats, seat_fate::sold);
  tell(booking_noted{*booking_});
}

void booking_entity::expire_if_due() {
  if (auto facts = domain::decide_expiry(*booking_, now()); !facts.empty()) apply(std::move(facts));
}

void booking_entity::on(check_expiry&) {
  if (booking_ == nullptr) return;
  expire_if_due();
  if (booking_->status == booking_status::pending) tell(booking_noted{*booking_});
}

// --- payment: PENDING -> PAYING -> (wallet) -> CONFIRMED -> (queue) -> settled, each step durable
// before the next

void booking_entity::on(start_payment& m) {
  if (booking_ == nullptr)
    return answer(m.request, domain::reject(domain::error_code::booking_not_found,
                                            "This user has no such booking."));
  expire_if_due();
  const auto payment = context().ids.next<domain::payment_id>(domain::id_kind::payment);
  auto decision = domain::decide_payment(*booking_, m.command.claim, payment, now());
  if (const auto* refusal = domain::refused(decision)) return answer(m.request, *refusal);
  const debit_wallet next{booking_->user, payment, booking_->id, booking_->total};
  apply(std::move(std::get<domain::events>(decision)), {letter(next)});
  payer_ = m.request;
}

void booking_entity::ask_wallet() {
  tell_when_durable(debit_wallet{booking_->user, booking_->payment, booking_->id, booking_->total});
}

void booking_entity::on(debit_decided& m) {
  if (booking_ == nullptr) return;
  auto facts = domain::decide_debit_outcome(*booking_, m.payment, m.debited, now());
  if (facts.empty()) return; // a late duplicate
  if (m.debited) {
    paid_from_ = std::move(m.wallet);
    return apply(std::move(facts), {token_release()});
  }

  const bool ran_out = facts.size() > 1;
  std::vector<release> answers;
  if (payer_)
    answers.push_back(client_answer{
        *payer_, ran_out ? domain::reject(domain::error_code::booking_expired,
                                          "The hold on these seats has run out.")
                         : domain::reject(domain::error_code::insufficient_balance,
                                          "The wallet holds less than the booking's price.")});
  payer_.reset();
  apply(std::move(facts), std::move(answers));
}

letter booking_entity::token_release() const {
  release_tokens m{booking_->concert, booking_->id, {booking_->token}};
  if (booking_->paid_with && *booking_->paid_with != booking_->token)
    m.tokens.push_back(*booking_->paid_with);
  return m;
}

void booking_entity::ask_queue() { tell_when_durable(token_release()); }

void booking_entity::on(tokens_released&) {
  if (booking_ == nullptr) return;
  auto facts = domain::decide_settled(*booking_);
  if (facts.empty()) return;
  for (const auto& e : facts) domain::evolve(*booking_, e);
  append(std::move(facts));
  // The word came by way of the journal, behind all that this answer tells.
  if (payer_) context().clients.complete(*payer_, booking_view{*booking_, std::move(*paid_from_)});
  payer_.reset();
}

} // namespace boxoffice::actors
