// Judges successes and reads.
//
// A success must tell of facts that became durable between its request and itself, and of each fact
// one success at most. What else it shows must have been so, by what was durable, at some instant
// between.
#include "sim/answer_rules.hpp"
#include "sim/account_rules.hpp"

namespace boxoffice::sim {

using actors::booking_view;
using actors::wallet_view;
using domain::booking_status;
using domain::token_status;
using domain::token_view;

void put(std::ostream& out, const request& r) {
  out << "request " << r.id << " (" << actors::words(r.command) << ", asked at "
      << domain::to_sql_text(r.at) << ")";
}

user_book& judgement::owner(const wallet_view& v, const domain::user_id& user) const {
  auto* found = b.find_user(user);
  require(found != nullptr, invariant::durable_first, r, " is shown the wallet of ", user,
          ", who does not exist");
  const auto is_owner = [&](const domain::user& who) {
    return v.owner.id == who.id && v.owner.name == who.name && v.owner.email == who.email;
  };
  const auto& who = found->persons.now();
  require(v.id == found->wallet && found->persons.ever(r.since, is_owner), invariant::true_answer,
          r, " is shown ", v.id, " of ", v.owner.id, " (", v.owner.name, ", ", v.owner.email,
          "); it is ", found->wallet, " of ", who.id, " (", who.name, ", ", who.email, ")");
  return *found;
}

void judgement::judge_balance(const wallet_view& v, const user_book& user) const {
  require(user.balances.was(r.since, v.balance), invariant::true_answer, r,
          " is shown a balance of ", v.balance, ", which ", user.who.id,
          " durably had at no moment since it asked; now it is ", user.balances.now());
}

// --- wallets

void judgement::operator()(const actors::read_wallet& c) const {
  const auto& v = view<wallet_view>();
  judge_balance(v, owner(v, c.user));
  b.reached.reached("answer: balance");
}

void judgement::operator()(const actors::charge_wallet& c) const {
  const auto& answer = view<actors::entry_view>();
  const auto& v = answer.wallet;
  auto& user = owner(v, c.user);
  // Requests are answered in order of these instants, so the first entry that fits is the one to
  // take: who asked later may need a later one.
  charge_entry* told = nullptr;
  for (auto e = user.charges.rbegin(); e != user.charges.rend() && e->since > r.since; ++e)
    if (!e->told && e->amount == c.amount && e->balance == v.balance && within(e->at) &&
        e->id == answer.entry.id && e->at == answer.entry.at)
      told = &*e;
  require(told != nullptr, invariant::durable_first, r, " is told that it left ", v.balance,
          ", but no such entry that nobody else was told of has become durable since it asked; "
          "the balance is ",
          user.balances.now());
  told->told = true;
  b.reached.reached("answer: charged");
}

// --- bookings

void judgement::operator()(const actors::create_booking& c) const {
  const auto& v = view<booking_view>();
  auto* made = b.find_booking(v.booking.id);
  require(made != nullptr, invariant::durable_first, r, " is told of ", v.booking.id,
          ", which is not durable");
  const auto& what = made->what;
  require(same_booking(v.booking, what), invariant::true_answer, r, " is shown ", what.id, " of ",
          v.booking.user, " with ", v.booking.seats, "; it is of ", what.user, " with ",
          what.seats);
  const bool as_wished =
      c.best.count == 0 ? seats_in_order(names_of(what.seats)) == seats_in_order(c.seats)
                        : what.seats.size() == c.best.count && side_by_side(what.seats) &&
                              (!c.best.section || what.seats[0].name.section == *c.best.section);
  require(what.user == c.user && what.option == c.option && what.token == c.token && as_wished,
          invariant::true_answer, r, " is given ", what.id, " of ", what.user, " in ", what.option,
          " by ", what.token, " with ", what.seats);
  require(v.booking.status == booking_status::pending && !v.booking.payment && !v.booking.paid_with,
          invariant::true_answer, r, " is told that its new ", what.id, " is ", v.booking.status);
  require(made->since > r.since && within(what.created_at), invariant::true_answer, r, " is given ",
          what.id, ", which was made at ", what.created_at);
  require(!made->told, invariant::told_once, r, " is given ", what.id,
          ", which another request was given before");
  made->told = true;

  const auto& token = b.tokens.at(c.token);
  require(token.states.was(r.since, token_status::processing) && token.what.expires_at > r.at,
          invariant::admitted_book, r, " is given ", what.id, " for ", c.token,
          ", which was over when it asked: ", token.states.now(), ", admitted until ",
          token.what.expires_at);
  const auto& option = b.options.at(c.option).what;
  require(r.at < std::min(option.sales_close_at, option.starts_at), invariant::sale_hours, r,
          " is given ", what.id, ", but the sale was closed when it asked");
  judge_balance(v.wallet, owner(v.wallet, c.user));
  b.reached.reached("answer: booked");
}

// --- payments

// The payment that the answer tells of; its booking and all that it brings are durable.
payment_book& judgement::judge_paid(const booking_view& v, const domain::user_id& payer) const {
  auto* made = b.find_booking(v.booking.id);
  require(made != nullptr && made->what.user == payer, invariant::true_answer, r,
          " is told that it paid ", v.booking.id, ", which is not ", payer, "'s");
  auto& what = made->what;
  auto* paid = b.find_payment(v.booking.payment);
  require(paid != nullptr && paid->booking == what.id && paid->ended != 0 &&
              paid->debited.value_or(false) &&
              made->states.was(r.since, booking_status::confirmed), // it may be given back already
          invariant::durable_first, r, " is told that ", v.booking.payment, " paid ", what.id,
          ", which is durably ", what.status, ", last paid for by ", what.payment);
  for (const auto& key : {std::optional(what.token), what.paid_with})
    if (key)
      require(b.tokens.at(*key).states.now() == token_status::expired, invariant::durable_first, r,
              " is told that it paid ", what.id, ", but the end of its ", *key, " is not durable");
  require(same_booking(v.booking, what) && v.booking.status == booking_status::confirmed &&
              v.booking.paid_with == what.paid_with,
          invariant::true_answer, r, " is shown ", what.id, " of ", v.booking.user, " as ",
          v.booking.status, " with ", v.booking.seats, "; it is of ", what.user, " with ",
          what.seats);
  require(paid->since > r.since && paid->started_at >= r.at && *paid->ended_at <= now,
          invariant::true_answer, r, " is told that it paid ", what.id, " by ", paid->id,
          ", which began at ", paid->started_at);
  require(!made->told_paid && !paid->told, invariant::told_once, r, " is told that it paid ",
          what.id, ", as another request was before");
  made->told_paid = paid->told = true;
  owner(v.wallet, payer);
  require(v.wallet.balance == paid->balance, invariant::true_answer, r, " is told that ",
          v.wallet.balance, " are left, but ", paid->id, " left ", paid->balance);
  return *paid;
}

void judgement::operator()(const actors::pay_booking& c) const {
  const auto& v = view<booking_view>();
  const auto& paid = judge_paid(v, c.claim.user);
  const auto& what = b.bookings.at(paid.booking).what;
  require(what.id == c.booking && paid.token == c.claim.token &&
              (!c.claim.concert || *c.claim.concert == what.concert) &&
              (!c.claim.seats ||
               seats_in_order(*c.claim.seats) == seats_in_order(names_of(what.seats))),
          invariant::true_answer, r, " paid ", what.id, " of ", what.concert, " with ", what.seats);
  b.reached.reached("answer: paid");
}

void judgement::operator()(const actors::pay_pending& c) const {
  const auto& v = view<booking_view>();
  const auto& paid = judge_paid(v, c.user);
  const auto& what = b.bookings.at(paid.booking).what;
  require(what.option == c.option && what.total == c.amount && !paid.token, invariant::true_answer,
          r, " paid ", what.id, " in ", what.option, ", which costs ", what.total);
  b.reached.reached("answer: paid at the desk");
}

// --- ends before their time

void judgement::judge_ended(domain::booking_id id) const {
  const auto& v = view<domain::booking>();
  auto* made = b.find_booking(id);
  require(made != nullptr && v.id == id, invariant::true_answer, r, " is told of ", v.id);
  const auto& what = made->what;
  require(what.status == booking_status::cancelled, invariant::durable_first, r, " is told that ",
          id, " is cancelled, which is durably ", what.status);
  require(v.status == booking_status::cancelled && same_booking(v, what) &&
              v.payment == what.payment && v.confirmed_at == what.confirmed_at,
          invariant::true_answer, r, " is shown ", id, " of ", v.user, " as ", v.status, " with ",
          v.seats, "; it is of ", what.user, " with ", what.seats);
  require(made->cancelled_since > r.since, invariant::true_answer, r, " is told that it ended ", id,
          ", which was cancelled before it asked");
  require(!made->told_cancelled, invariant::told_once, r, " is told that it ended ", id,
          ", as another request was before");
  made->told_cancelled = true;
  b.reached.reached(what.confirmed_at ? "answer: refunded" : "answer: given up");
}

void judgement::operator()(const actors::cancel_option& c) const {
  const auto& v = view<actors::option_called_off>();
  const auto* option = b.find_option(c.option);
  require(v.what.id == c.option && v.what.cancelled && option != nullptr && option->cancelled,
          invariant::durable_first, r, " is told that ", v.what.id,
          " is cancelled, which is not durable");
  b.reached.reached("answer: option cancelled");
}

void take_answer(sale_books& b, const request& r, const actors::outcome& said,
                 domain::time_point now) {
  if (const auto* refusal = std::get_if<domain::rejection>(&said))
    return take_refusal(b, r, *refusal, now);
  if (take_account_answer(b, r, said, now)) return;
  std::visit(judgement{{b, r, said, now}}, r.command);
}

} // namespace boxoffice::sim
