// Judges successes and reads.
//
// A success must tell of facts that became durable between its request and itself, and of each fact
// one success at most. What else it shows must have been so, by what was durable, at some instant
// between.
#include "sim/books.hpp"

#include "actors/words.hpp"

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

demand* demanded(sale_books& b, const actors::command& asked) {
  struct finder {
    sale_books& b;
    demand* operator()(const actors::enter_queue& c) const {
      const auto priority = b.rules.queue.honour_client_priority ? c.priority : 0;
      return &b.demands[c.user].tokens[{c.concert, priority}];
    }
    demand* operator()(const actors::create_booking& c) const {
      return &b.demands[c.user].bookings[{c.option, c.token, seats_in_order(c.seats)}];
    }
    demand* operator()(const actors::pay_booking& c) const {
      if (!c.claim.token) return nullptr;
      return &b.demands[c.claim.user].payments[{c.booking, *c.claim.token}];
    }
    demand* operator()(const actors::pay_pending& c) const {
      return &b.demands[c.user].desk_payments[{c.option, c.amount.minor}];
    }
    demand* operator()(const actors::charge_wallet& c) const {
      return &b.demands[c.user].charges[c.amount.minor];
    }
    demand* operator()(const actors::read_wallet&) const { return nullptr; }
  };
  return std::visit(finder{b}, asked);
}

void note_in_vain(sale_books& b, const request& r) {
  auto* wanted = demanded(b, r.command);
  if (wanted == nullptr) return;
  ++wanted->in_vain;
  require(wanted->covers(), invariant::asked_for, r,
          " is answered as if it had changed nothing, but ", wanted->happened,
          " such changes are durable, for ", wanted->asked, " requests of which ", wanted->in_vain,
          " came to nothing");
}

namespace {

struct judgement {
  sale_books& b;
  const request& r;
  const actors::outcome& said;
  domain::time_point now;

  void operator()(const actors::enter_queue&) const;
  void operator()(const actors::create_booking&) const;
  void operator()(const actors::pay_booking&) const;
  void operator()(const actors::pay_pending&) const;
  void operator()(const actors::charge_wallet&) const;
  void operator()(const actors::read_wallet&) const;

  template <class View>
  const View& view() const {
    const auto* fitting = std::get_if<View>(&said);
    if (fitting == nullptr)
      broken(invariant::fitting_answer, r, " is answered with ", actors::words(said));
    return *fitting;
  }
  // Whether the time is between the question and the answer.
  bool within(domain::time_point t) const { return t >= r.at && t <= now; }
  user_book& owner(const wallet_view&, const domain::user_id&) const;
  void judge_balance(const wallet_view&, const user_book&) const;
  void judge_waiting(const token_view&, token_book&) const;
  void judge_room(const token_view&, const queue_book&) const;
  void judge_admitted(const token_view&, const token_book&) const;
  payment_book& judge_paid(const booking_view&, const domain::user_id&) const;
};

user_book& judgement::owner(const wallet_view& v, const domain::user_id& user) const {
  auto* found = b.find_user(user);
  require(found != nullptr, invariant::durable_first, r, " is shown the wallet of ", user,
          ", who does not exist");
  const auto& who = found->who;
  require(v.owner.id == who.id && v.owner.name == who.name && v.owner.email == who.email &&
              v.id == found->wallet,
          invariant::true_answer, r, " is shown ", v.id, " of ", v.owner.id, " (", v.owner.name,
          ", ", v.owner.email, "); it is ", found->wallet, " of ", who.id, " (", who.name, ", ",
          who.email, ")");
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
  const auto& v = view<wallet_view>();
  auto& user = owner(v, c.user);
  // Requests are answered in order of these instants, so the first entry that fits is the one to
  // take: who asked later may need a later one.
  charge_entry* told = nullptr;
  for (auto e = user.charges.rbegin(); e != user.charges.rend() && e->since > r.since; ++e)
    if (!e->told && e->amount == c.amount && e->balance == v.balance && within(e->at)) told = &*e;
  require(told != nullptr, invariant::durable_first, r, " is told that it left ", v.balance,
          ", but no such entry that nobody else was told of has become durable since it asked; "
          "the balance is ",
          user.balances.now());
  told->told = true;
  b.reached.reached("answer: charged");
}

// --- queues

void judgement::operator()(const actors::enter_queue& c) const {
  const auto& v = view<token_view>();
  auto* token = b.find_token(v.key);
  require(token != nullptr, invariant::durable_first, r, " is told of ", v.key,
          ", whose issue is not durable");
  const auto& t = token->what;
  require(t.user == c.user && v.user == c.user && token->concert == c.concert,
          invariant::true_answer, r, " is given ", v.key, ", which is ", t.user, "'s for ",
          token->concert);
  require(v.issued_at == t.issued_at, invariant::true_answer, r, " is told that ", v.key,
          " was issued at ", v.issued_at, "; it was at ", t.issued_at);
  require(v.status != token_status::expired &&
              (v.status == token_status::processing) == (v.position == 0),
          invariant::true_answer, r, " is told that ", v.key, " is ", v.status, " at position ",
          v.position);
  if (v.status == token_status::waiting)
    judge_waiting(v, *token);
  else
    judge_admitted(v, *token);

  if (token->issued > r.since && !token->told)
    token->told = true;
  else
    note_in_vain(b, r);
}

void judgement::judge_waiting(const token_view& v, token_book& token) const {
  require(token.states.was(r.since, token_status::waiting), invariant::true_answer, r,
          " is told that ", v.key,
          " waits, which it durably did at no moment since it asked; it is ", token.states.now());
  require(had_place(b.queues.at(token.concert), token, r.since, v.position), invariant::place_kept,
          r, " is told that ", v.key, " is at position ", v.position,
          ", where it durably was at no moment since it asked");
  const auto polled = v.expires_at - b.rules.queue.abandon_after;
  require(within(polled), invariant::token_life, r, " is told that ", v.key, " expires at ",
          v.expires_at, ", as if it had last been asked for at ", polled);
  require(!token.abandoned_at || *token.abandoned_at >= v.expires_at, invariant::token_life, r,
          " is told that ", v.key, " lives until ", v.expires_at,
          " unless it is asked for; it was "
          "dropped at ",
          token.abandoned_at.value_or(v.expires_at));
  judge_room(v, b.queues.at(token.concert));
  token.what.last_polled = std::max(token.what.last_polled, polled);
  b.reached.reached("answer: token WAITING");
}

// Who asks has the queue admit all it can. So nobody waits if there was room all the time: with so
// few admitted, and none of them so lately, that the rate held nobody back.
void judgement::judge_room(const token_view& v, const queue_book& q) const {
  const auto& rules = b.rules.queue;
  if (!q.admissions.empty() && q.admissions.back() > r.at) return;
  if (sale_books::recent_admissions(q, r.at) >= rules.admit_per_second) return;
  const bool was_full = q.processing_then.ever(
      r.since, [&](std::size_t admitted) { return admitted >= rules.active_limit; });
  require(was_full, invariant::room_is_used, r, " is told that ", v.key,
          " waits, though never more than ", q.processing, " of ", rules.active_limit,
          " were admitted since it asked, and none in that time");
}

void judgement::judge_admitted(const token_view& v, const token_book& token) const {
  require(token.was_admitted, invariant::durable_first, r, " is told that ", v.key,
          " is admitted, which is not durable");
  require(token.states.was(r.since, token_status::processing), invariant::true_answer, r,
          " is told that ", v.key, " is admitted, but its end was durable before it asked");
  require(v.expires_at == token.what.expires_at, invariant::token_life, r, " is told that ", v.key,
          " lasts until ", v.expires_at, "; it lasts until ", token.what.expires_at);
  // Who asks has the queue look at the clock, unless it has too much to do.
  constexpr std::size_t done_at_once = 256;
  require(v.expires_at > r.at || b.users.size() > done_at_once, invariant::token_life, r,
          " is told that ", v.key, " is admitted, but its time was out at ", v.expires_at);
  b.reached.reached("answer: token PROCESSING");
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
  require(what.user == c.user && what.option == c.option && what.token == c.token &&
              seats_in_order(names_of(what.seats)) == seats_in_order(c.seats),
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
              paid->debited.value_or(false) && what.status == booking_status::confirmed,
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

} // namespace

void take_answer(sale_books& b, const request& r, const actors::outcome& said,
                 domain::time_point now) {
  if (const auto* refusal = std::get_if<domain::rejection>(&said))
    return take_refusal(b, r, *refusal, now);
  std::visit(judgement{b, r, said, now}, r.command);
}

} // namespace boxoffice::sim
