// Judges the facts of wallets and of queues.
#include "sim/judgement.hpp"

namespace boxoffice::sim {

using domain::booking_status;
using domain::id_kind;
using domain::token_status;

// --- wallets

namespace {

template <class What>
user_book& known_user(sale_books& b, const domain::user_id& id, const What& what) {
  auto* found = b.find_user(id);
  require(found != nullptr && found->erased_since == 0, invariant::known_things, what, " is of ",
          id, ", who does not exist");
  return *found;
}

} // namespace

void take(sale_books& b, const domain::wallet_charged& e) {
  auto& user = known_user(b, e.user, e.entry);
  const auto before = user.balances.now();
  const auto& rules = b.rules.wallet;
  require(b.use_id(id_kind::entry, e.entry.value), invariant::ids_name_one_thing, e.entry, " of ",
          e.user, " was used before");
  note_time(user.last_at, e.at, "the wallet of ", e.user);
  require(e.balance == before + e.amount, invariant::money_conserved, e.entry, " charges ",
          e.amount, " to the ", before, " of ", e.user, " and leaves ", e.balance);
  if (b.node_started) {
    require(e.amount > domain::money{} && e.amount <= rules.max_charge, invariant::charge_limits,
            e.entry, " charges ", e.amount, " to ", e.user, "; a charge is above 0 and at most ",
            rules.max_charge);
    require(e.balance <= rules.max_balance, invariant::charge_limits, e.entry,
            " lifts the balance of ", e.user, " to ", e.balance, ", at most ", rules.max_balance,
            " are allowed");
  }
  if (e.guards_double_submit) {
    const auto& last = user.last_charge;
    require(!last || last->amount != e.amount || e.at - last->at >= rules.double_submit_window,
            invariant::double_submit, e.entry, " charges ", e.amount, " to ", e.user, " at ", e.at,
            " again, ", last ? e.at - last->at : domain::duration{}, " after the last");
    user.last_charge = domain::recent_charge{e.amount, e.at};
  }
  note_happened(b, b.demands[e.user].charges[e.amount.minor], "the charge of ", e.amount, " to ",
                e.user, " as ", e.entry);

  user.charges.push_back(
      {e.entry, e.amount, e.balance, e.at, b.now, e.guards_double_submit, false});
  user.entries.push_back({domain::entry_of(e), b.now});
  user.balances.add(b.now, e.balance);
  b.charged = b.charged + e.amount;
  b.in_wallets = b.in_wallets + (e.balance - before);
  b.reached.reached("wallet: charged");
}

namespace {

// A wallet decides a payment once, while its booking waits for the word.
payment_book& judge_decision(sale_books& b, const domain::user_id& user, domain::payment_id id,
                             domain::booking_id booking, domain::money amount, const char* word) {
  auto* paid = b.find_payment(id);
  require(paid != nullptr && paid->booking == booking, invariant::known_things, id, " of ", booking,
          " is ", word, ", but was never begun");
  require(!paid->debited, invariant::paid_once, id, " of ", booking, " is ", word, ", but was ",
          word_of(*paid), " before");
  const auto& made = b.bookings.at(booking).what;
  require(made.status == booking_status::paying && made.payment == id, invariant::booking_steps, id,
          " of ", booking, " is ", word, " while that is ", made.status, ", last paid for by ",
          made.payment);
  require(made.user == user && made.total == amount, invariant::money_conserved, id, " of ", amount,
          " is ", word, " from ", user, "; ", booking, " is of ", made.user, " and costs ",
          made.total);
  return *paid;
}

} // namespace

void take(sale_books& b, const domain::wallet_debited& e) {
  auto& user = known_user(b, e.user, e.payment);
  auto& paid = judge_decision(b, e.user, e.payment, e.booking, e.amount, "debited");
  for (const auto other : b.bookings.at(e.booking).payments)
    require(!b.payments.at(other).debited.value_or(false), invariant::paid_once, e.payment,
            " is debited for ", e.booking, ", which ", other, " has paid");
  require(b.use_id(id_kind::entry, e.entry.value), invariant::ids_name_one_thing, e.entry, " of ",
          e.user, " was used before");
  note_time(user.last_at, e.at, "the wallet of ", e.user);
  const auto before = user.balances.now();
  require(e.balance == before - e.amount && e.balance >= domain::money{},
          invariant::money_conserved, e.payment, " takes ", e.amount, " from the ", before, " of ",
          e.user, " and leaves ", e.balance);

  paid.debited = true;
  paid.debited_since = b.now;
  paid.balance = e.balance;
  user.debited.insert(e.payment);
  user.entries.push_back({domain::entry_of(e), b.now});
  user.balances.add(b.now, e.balance);
  b.debited = b.debited + e.amount;
  b.in_wallets = b.in_wallets + (e.balance - before);
  b.reached.reached("wallet: debited");
}

void take(sale_books& b, const domain::debit_refused& e) {
  auto& user = known_user(b, e.user, e.payment);
  auto& paid = judge_decision(b, e.user, e.payment, e.booking, e.amount, "refused");
  note_time(user.last_at, e.at, "the wallet of ", e.user);
  require(user.balances.now() < e.amount, invariant::wallet_decides, e.payment, " of ", e.amount,
          " is refused, but ", e.user, " has ", user.balances.now());
  paid.debited = false;
  user.refused[e.booking] = e.payment;
  b.reached.reached("wallet: debit refused");
}

// --- queues

namespace {

queue_book& next_in_queue(sale_books& b, domain::concert_id concert, domain::token_key key,
                          domain::time_point at, bool admits) {
  auto* queue = b.find_queue(concert);
  require(queue != nullptr, invariant::known_things, key, " is for ", concert,
          ", which does not exist");
  note_time(queue->last_at, at, "the queue of ", concert);
  if (queue->must_follow) {
    require(admits && *queue->must_follow == key, invariant::room_is_used, *queue->must_follow,
            " was not admitted when it came to the queue of ", concert,
            ", though nobody waited and there was room; next comes ", key);
    queue->must_follow.reset();
  }
  return *queue;
}

token_book& known_token(sale_books& b, domain::token_key key, domain::concert_id concert,
                        const domain::user_id& user, const char* what) {
  auto* token = b.find_token(key);
  require(token != nullptr && token->concert == concert && token->what.user == user,
          invariant::known_things, key, " is ", what, " as ", user, "'s for ", concert,
          ", but was never issued so");
  return *token;
}

bool has_room(const sale_books& b, const queue_book& q, domain::time_point at) {
  const auto rules = b.rules_of(q);
  return !rules.paused && q.processing < rules.active_limit &&
         sale_books::recent_admissions(q, at) < rules.admit_per_second &&
         b.sells(q.what.id, at).value_or(false);
}

} // namespace

void judge_lines(sale_books& b, domain::time_point now) {
  for (auto& [id, q] : b.queues) {
    if (q.line.empty() || !has_room(b, q, now)) {
      q.room_since.reset();
    } else if (!q.room_since) {
      q.room_since = now;
    } else {
      note_due(b, *q.room_since, now, q.line.front().second, " still waits for ", id,
               " though there is room");
    }
  }
}

void take(sale_books& b, const domain::token_issued& e) {
  auto& queue = next_in_queue(b, e.concert, e.token, e.at, false);
  require(b.find_token(e.token) == nullptr && b.use_id(id_kind::token, e.row.value),
          invariant::ids_name_one_thing, e.token, " (row ", e.row.value, ") of ", e.user,
          " was issued before");
  known_user(b, e.user, e.token);
  if (const auto* live = found_in(queue.live, e.user))
    broken(invariant::one_token, e.user, " is issued ", e.token, " for ", e.concert,
           " while that user's ", *live, " lives");
  require(e.arrival > queue.last_arrival, invariant::order_kept, e.token, " comes to ", e.concert,
          " as number ", e.arrival, " behind number ", queue.last_arrival);
  require(b.rules.queue.honour_client_priority || e.priority == 0, invariant::order_kept, e.token,
          " of ", e.user, " has priority ", e.priority);
  require(e.expires_at == e.at + b.rules.queue.abandon_after, invariant::token_life, e.token,
          " is issued at ", e.at, " and would expire at ", e.expires_at);
  note_happened(b, b.demands[e.user].tokens[{e.concert, e.priority}], e.token, " of ", e.user,
                " for ", e.concert, " with priority ", e.priority);

  auto& token = b.tokens[e.token];
  auto& t = token.what;
  t.key = e.token;
  t.row = e.row;
  t.user = e.user;
  t.arrival = e.arrival;
  t.priority = e.priority;
  t.issued_at = t.last_polled = e.at;
  token.concert = e.concert;
  token.issued = b.now;
  token.states.add(b.now, token_status::waiting);
  token.priorities.add(b.now, e.priority);
  b.token_order.push_back(e.token);
  if (queue.line.empty() && has_room(b, queue, e.at))
    queue.must_follow = e.token;
  else
    b.reached.reached("token: issued -> WAITING");
  queue.last_arrival = e.arrival;
  queue.live[e.user] = e.token;
  b.join_line(queue, token);
}

void take(sale_books& b, const domain::token_admitted& e) {
  const auto* room = b.find_queue(e.concert);
  const bool at_once = room != nullptr && room->must_follow.has_value();
  auto& queue = next_in_queue(b, e.concert, e.token, e.at, true);
  auto& token = known_token(b, e.token, e.concert, e.user, "admitted");
  const auto rules = b.rules_of(queue);
  require(!rules.paused, invariant::admits_in_time, e.token, " is admitted to ", e.concert,
          " while its queue is paused");
  require(b.sells(e.concert, e.at).value_or(true), invariant::admits_in_time, e.token,
          " is admitted to ", e.concert, " at ", e.at, ", before anything of it is on sale");
  require(token.states.now() == token_status::waiting, invariant::token_life, e.token,
          " is admitted while it is ", token.states.now());
  require(queue.line.front().second == e.token, invariant::order_kept, e.token, " is admitted to ",
          e.concert, " before ", queue.line.front().second, ", which stands before it");
  require(queue.processing < rules.active_limit, invariant::active_limit, e.token,
          " is admitted to ", e.concert, " beside ", queue.processing, ", at most ",
          rules.active_limit, " are allowed");
  const auto recent = sale_books::recent_admissions(queue, e.at);
  require(recent < rules.admit_per_second, invariant::admission_rate, e.token, " is admitted to ",
          e.concert, " at ", e.at, " behind ", recent, " in the second before, at most ",
          rules.admit_per_second, " are allowed");
  require(e.expires_at == e.at + rules.active_ttl, invariant::token_life, e.token,
          " is admitted at ", e.at, " until ", e.expires_at, ", not for ", rules.active_ttl);

  b.leave_line(queue, token);
  token.what.status = token_status::processing;
  token.what.admitted_at = e.at;
  token.what.expires_at = e.expires_at;
  token.was_admitted = true;
  token.states.add(b.now, token_status::processing);
  b.set_processing(queue, queue.processing + 1);
  queue.room_since.reset();
  queue.admissions.push_back(e.at);
  while (queue.admissions.front() + std::chrono::seconds(1) <= e.at) queue.admissions.pop_front();
  b.reached.reached(at_once ? "token: admitted at once" : "token: WAITING -> PROCESSING");
}

void take(sale_books& b, const domain::token_expired& e) {
  auto& queue = next_in_queue(b, e.concert, e.token, e.at, false);
  auto& token = known_token(b, e.token, e.concert, e.user, "expired");
  const auto was = token.states.now();
  require(was != token_status::expired, invariant::token_life, e.token, " is expired twice");
  token.died_at = e.at;
  const auto* leaving = found_in(b.leavings, e.token);
  const bool may_leave = leaving != nullptr && leaving->asked > leaving->in_vain;
  if (was == token_status::waiting) {
    const auto unseen = e.at - token.what.last_polled;
    const bool left = may_leave && unseen < b.rules.queue.abandon_after;
    require(token.payment_done || left || unseen >= b.rules.queue.abandon_after,
            invariant::token_life, e.token, " of ", e.user, " is dropped at ", e.at,
            " while it waits, ", unseen, " after it was last asked for; that takes ",
            b.rules.queue.abandon_after);
    if (!token.payment_done && !may_leave) token.abandoned_at = e.at;
    b.reached.reached(token.payment_done ? "token: WAITING -> EXPIRED by payment"
                      : left             ? "token: WAITING -> EXPIRED by leaving"
                                         : "token: WAITING -> EXPIRED");
    b.leave_line(queue, token);
  } else {
    require(token.payment_done || may_leave || e.at >= token.what.expires_at, invariant::token_life,
            e.token, " of ", e.user, " is expired at ", e.at, ", unpaid; it lasts until ",
            token.what.expires_at);
    note_due(b, token.what.expires_at, e.at, e.token, " is expired");
    b.reached.reached(token.payment_done             ? "token: PROCESSING -> EXPIRED by payment"
                      : e.at < token.what.expires_at ? "token: PROCESSING -> EXPIRED by leaving"
                                                     : "token: PROCESSING -> EXPIRED by time");
    b.set_processing(queue, queue.processing - 1);
  }
  token.what.status = token_status::expired;
  token.states.add(b.now, token_status::expired);
  queue.live.erase(e.user);
}

void take(sale_books& b, const domain::token_prioritized& e) {
  auto& queue = next_in_queue(b, e.concert, e.token, e.at, false);
  auto* token = b.find_token(e.token);
  require(token != nullptr && token->concert == e.concert, invariant::known_things, e.token,
          " is given priority ", e.priority, " for ", e.concert, ", but was never issued so");
  require(token->states.now() != token_status::expired, invariant::token_life, e.token,
          " is given priority ", e.priority, ", though it is EXPIRED");
  note_happened(b, b.priorities[{e.token, e.priority}], e.token, "'s priority of ", e.priority);
  const bool waits = token->states.now() == token_status::waiting;
  if (waits) b.leave_line(queue, *token);
  token->what.priority = e.priority;
  token->priorities.add(b.now, e.priority);
  if (waits) b.join_line(queue, *token);
  ++b.acts_due[name_of_act("token.prioritize", "token " + domain::to_string(e.token))];
  b.reached.reached("token: given another place");
}

void take(sale_books& b, const domain::queue_configured& e) {
  auto* queue = b.find_queue(e.concert);
  require(queue != nullptr, invariant::known_things, "a queue is configured for ", e.concert,
          ", which does not exist");
  note_time(queue->last_at, e.at, "the queue of ", e.concert);
  note_happened(b, b.configurations[e.concert], "the configuration of ", e.concert);
  queue->set.add(b.now, {e.active_limit, e.admit_per_second, e.paused});
  queue->room_since.reset();
  ++b.acts_due[name_of_act("queue.configure", "concert " + std::to_string(e.concert.value))];
  b.reached.reached("queue: configured");
  if (e.paused) b.reached.reached("queue: paused");
}

} // namespace boxoffice::sim
