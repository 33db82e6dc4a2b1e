#include "actors/booking_entity.hpp"

#include <cassert>
#include <utility>

namespace boxoffice::actors {

using domain::booking_status;

void booking_entity::start() {
  if (booking_ == nullptr) return;
  switch (booking_->status) {
  case booking_status::pending: return tell(booking_noted{*booking_}); // the desk keeps its time
  case booking_status::paying: return ask_wallet();
  case booking_status::refunding: return tell_when_durable(refund());
  case booking_status::confirmed:
    if (booking_->settled) return;
    // The answer that a keyed payment is owed tells of the wallet.
    return kept().under_way() ? ask_wallet() : ask_queue();
  default: return;
  }
}

bool booking_entity::busy() const {
  if (attempt_ || payer_ || refunds_for_ || !endings_.empty()) return true;
  if (booking_ == nullptr) return false;
  // A pending booking may sleep: the desk wakes it when its time has come.
  return booking_->status != booking_status::pending && !domain::is_final(*booking_);
}

void booking_entity::abandon() {
  if (attempt_) refuse_unavailable(attempt_->wanted.request);
  if (payer_) refuse_unavailable(*payer_);
  if (refunds_for_) refuse_unavailable(*refunds_for_);
  for (const auto& e : endings_) refuse_unavailable(e.request);
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
  attempt_->unreadable = attempt_->unreadable || m.word == seat_word::unreadable;
  if (m.word == seat_word::granted)
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

  domain::events facts{fact};
  auto told = conclude(won.wanted.request, won.wanted.key,
                       booking_view{*booking_, std::move(won.wanted.wallet)}, facts);
  if (won.wanted.key) note_at_desk(facts.back());
  append(std::move(facts), {std::move(told)});
  settle_seats(won.won, seat_fate::held);
  tell(booking_noted{*booking_});
}

void booking_entity::lose() {
  auto lost = std::move(*attempt_);
  attempt_.reset();
  settle_seats(lost.won, seat_fate::withdrawn);
  const auto& draft = lost.wanted.draft;
  const bool may_go_on = lost.wanted.chosen && !lost.unreadable;
  tell(attempt_lost{draft.option, draft.user, draft.booking, may_go_on ? lost.wanted.request : 0});
  if (lost.unreadable)
    refuse_unavailable(lost.wanted.request);
  else if (!may_go_on)
    answer(lost.wanted.request,
           domain::reject(domain::error_code::seat_already_reserved,
                          "Already reserved: " + domain::to_string(lost.lost) + "."));
  offer_to_leave();
}

void booking_entity::settle_seats(const std::vector<domain::booked_seat>& seats, seat_fate fate) {
  const auto booking = domain::booking_id{me().number};
  for (const auto& s : seats) tell(settle_seat{s.seat, booking, fate});
}

// --- the life of a booking

// Evolves, appends, and tells the seats and the desk of the new state. `request` is what becomes of
// a keyed request by it.
void booking_entity::apply(domain::events facts, std::vector<release> releases,
                           const std::optional<domain::event>& request) {
  for (const auto& e : facts) domain::evolve(*booking_, e);
  if (request) {
    kept().evolve(*request);
    note_at_desk(*request);
    facts.push_back(*request);
  }
  append(std::move(facts), std::move(releases));
  if (booking_->status == booking_status::expired || booking_->status == booking_status::cancelled)
    settle_seats(booking_->seats, seat_fate::released);
  if (booking_->status == booking_status::confirmed && !booking_->settled)
    settle_seats(booking_->seats, seat_fate::sold);
  tell(booking_noted{*booking_});
}

// A keyed request that named no booking belongs to the desk, which must hear before it hears of the
// booking's new state: it may be asked for the request at any time.
void booking_entity::note_at_desk(const domain::event& request) {
  tell(request_noted{booking_->option, request});
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
  if (answered_before(m.request, m.key)) return;
  if (booking_ == nullptr) return answer(m.request, domain::not_of_this_user());
  expire_if_due();
  const auto payment = context().ids.next<domain::payment_id>(domain::id_kind::payment);
  const bool called_off = called_off_ || performance()->cancelled;
  auto decision = domain::decide_payment(*booking_, m.command.claim, payment, called_off, now());
  if (const auto* refusal = domain::refused(decision)) return answer(m.request, *refusal);
  const debit_wallet next{booking_->user, payment, booking_->id, booking_->total};
  std::optional<domain::event> begun;
  if (m.key) begun = domain::request_begun{*m.key, booking_->id, now()};
  apply(std::move(std::get<domain::events>(decision)), {letter(next)}, begun);
  payer_ = m.request;
}

void booking_entity::ask_wallet() {
  tell_when_durable(debit_wallet{booking_->user, booking_->payment, booking_->id, booking_->total});
}

void booking_entity::on(debit_decided& m) {
  if (booking_ == nullptr) return;
  auto facts = domain::decide_debit_outcome(*booking_, m.payment, m.debited, now());
  if (facts.empty()) return take_late_word(m);
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
  std::optional<domain::event> dropped;
  if (auto key = kept().under_way()) dropped = domain::request_dropped{*std::move(key)};
  apply(std::move(facts), std::move(answers), dropped);
  take_up_endings();
}

// A late duplicate; or what a paid booking that was taken up again needs to write its answer.
void booking_entity::take_late_word(debit_decided& m) {
  if (booking_->status != booking_status::confirmed || booking_->settled || paid_from_) return;
  paid_from_ = std::move(m.wallet);
  ask_queue();
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
  if (auto key = kept().under_way()) {
    answer_keyed(std::move(facts), *std::move(key));
  } else {
    append(std::move(facts));
    // The word came by way of the journal, behind all that this answer tells.
    if (payer_)
      context().clients.complete(*payer_, booking_view{*booking_, std::move(*paid_from_)});
  }
  payer_.reset();
  take_up_endings();
}

// --- its end before its time: PENDING -> CANCELLED, or CONFIRMED -> REFUNDING -> (wallet) ->
// CANCELLED, each step durable before the next

std::shared_ptr<const domain::concert_option> booking_entity::performance() {
  return context().published.catalogue()->options.at(booking_->option);
}

// Its client has not been told of it yet, and its tokens are still to be expired.
bool booking_entity::payment_under_way() const {
  return booking_->status == booking_status::paying ||
         (booking_->status == booking_status::confirmed && !booking_->settled);
}

void booking_entity::on(give_up_booking& m) {
  // Another user's is none (CONTRACT 5).
  const auto& asker = m.command.acting_for;
  if (booking_ == nullptr || (asker && *asker != booking_->user))
    return answer(m.request, domain::unknown_booking());
  end({m.request, std::move(m.key), domain::cancelled_by::user, {}});
}

void booking_entity::on(take_back_booking& m) {
  if (booking_ == nullptr) return answer(m.request, domain::unknown_booking());
  end({m.request, std::move(m.key), domain::cancelled_by::house, std::move(m.command.reason)});
}

void booking_entity::end(ending e) {
  if (answered_before(e.request, e.key)) return;
  expire_if_due();
  // Paid, but not settled yet: a moment more, and it can be refunded.
  if (booking_->status == booking_status::confirmed && !booking_->settled)
    return endings_.push_back(std::move(e));
  auto decision = domain::decide_cancel(*booking_, e.by, performance()->starts_at, now());
  if (const auto* refusal = domain::refused(decision)) return answer(e.request, *refusal);
  auto& facts = std::get<domain::events>(decision);
  if (e.by == domain::cancelled_by::house)
    facts.push_back(domain::operator_acted{
        "booking.release", "booking " + std::to_string(booking_->id.value), e.reason, now()});
  auto after = *booking_;
  for (const auto& fact : facts) domain::evolve(after, fact);
  if (after.status == booking_status::cancelled)
    return apply_and_tell(std::move(facts), e.request, e.key, std::move(after));
  refunds_for_ = e.request;
  std::optional<domain::event> begun;
  if (e.key) begun = domain::request_begun{*e.key, booking_->id, now()};
  apply(std::move(facts), {refund()}, begun);
}

// The booking's end, and the answer to whoever wanted it; nobody waits for one that was taken up
// again.
void booking_entity::apply_and_tell(domain::events facts, std::optional<request_id> client,
                                    const domain::request_key_ptr& key, domain::booking after) {
  domain::events answered;
  auto told = conclude(client.value_or(0), key, std::move(after), answered, booking_->id);
  std::vector<release> releases;
  if (client) releases.push_back(std::move(told));
  apply(std::move(facts), std::move(releases),
        answered.empty() ? std::optional<domain::event>() : answered.front());
}

void booking_entity::on(wind_up_booking&) {
  if (booking_ == nullptr) return;
  called_off_ = true;
  expire_if_due();
  if (domain::is_final(*booking_) && booking_->status != booking_status::confirmed) {
    tell(booking_noted{*booking_}); // it ended before the desk could hear
    return offer_to_leave();
  }
  wind_up();
}

void booking_entity::wind_up() {
  if (payment_under_way()) return;
  auto decision = domain::decide_cancel(*booking_, domain::cancelled_by::house, {}, now());
  if (domain::refused(decision)) return; // ended, or being refunded: the desk hears of it
  auto& facts = std::get<domain::events>(decision);
  const bool refunds = booking_->status == booking_status::confirmed;
  apply(std::move(facts), refunds ? std::vector<release>{refund()} : std::vector<release>{});
}

// Whatever waited for the payment under way to end.
void booking_entity::take_up_endings() {
  if (called_off_) wind_up();
  while (!endings_.empty()) {
    end(endings_.front());
    endings_.erase(endings_.begin());
  }
}

letter booking_entity::refund() const {
  return credit_wallet{booking_->user, booking_->payment, booking_->id, booking_->total};
}

void booking_entity::on(money_returned&) {
  if (booking_ == nullptr) return;
  auto facts = domain::decide_refunded(*booking_, now());
  if (facts.empty()) return; // a late duplicate
  auto after = *booking_;
  for (const auto& fact : facts) domain::evolve(after, fact);
  domain::request_key_ptr key;
  if (auto open = kept().under_way()) key = std::make_shared<domain::request_key>(*std::move(open));
  apply_and_tell(std::move(facts), std::exchange(refunds_for_, std::nullopt), key,
                 std::move(after));
}

// Somebody asked for it long after it was over, and it is still in memory for that.
void booking_entity::on(booking_gone&) {
  booking_.reset();
  offer_to_leave();
}

// The last commit of a keyed payment is its answer's; perhaps nobody waits for it any more.
void booking_entity::answer_keyed(domain::events facts, domain::request_key key) {
  auto told = conclude(payer_.value_or(0), std::make_shared<domain::request_key>(std::move(key)),
                       booking_view{*booking_, std::move(*paid_from_)}, facts, booking_->id);
  note_at_desk(facts.back());
  std::vector<release> releases;
  if (payer_) releases.push_back(std::move(told));
  append(std::move(facts), std::move(releases));
}

} // namespace boxoffice::actors
