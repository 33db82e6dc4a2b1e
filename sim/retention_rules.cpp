// Judges what is forgotten of what is past, and when.
#include "sim/judgement.hpp"

#include <set>

namespace boxoffice::sim {

using domain::booking_status;
using domain::token_status;

namespace {

// What a booking's live payment or its making named before `at`, for certain. Who decides what to
// forget looks first, and a booking that becomes durable meanwhile may name what is about to go:
// a token that ended so long ago does it no good, and the payment goes on without it.
std::set<domain::token_key> named_before(const sale_books& b, domain::time_point at) {
  std::set<domain::token_key> named;
  for (const auto& [id, made] : b.bookings) {
    // A refund needs no token.
    if (domain::is_final(made.what) || made.what.status == booking_status::refunding) continue;
    if (made.known_at && *made.known_at < at) named.insert(made.what.token);
    if (made.payments.empty() || !made.what.paid_with) continue;
    const auto& paid = b.payments.at(made.payments.back());
    if (paid.known_at && *paid.known_at < at) named.insert(*made.what.paid_with);
  }
  return named;
}

// Only the booking can give again the answers to its keyed requests.
void judge_answers(const sale_books& b, domain::booking_id id, domain::time_point at) {
  const domain::request_owner owner = id;
  for (auto r = b.keys.records.lower_bound({owner, {}, {}, {}});
       r != b.keys.records.end() && std::get<0>(r->first) == owner; ++r)
    for (const auto& known : r->second)
      require(!known.is_answered || known.expires_at <= at, invariant::kept_while_needed, id,
              " is forgotten at ", at, ", and the answer to its request ", std::get<3>(r->first),
              " is kept until ", known.expires_at);
}

// Such a booking holds back its user's others there.
bool keeps_answers(const sale_books& b, const domain::booking& made) {
  const auto& others = b.users.at(made.user).as_customer.at(made.option).bookings;
  return std::any_of(others.begin(), others.end(), [&](domain::booking_id id) {
    const domain::request_owner owner = id;
    const auto first = b.keys.records.lower_bound({owner, {}, {}, {}});
    return first != b.keys.records.end() && std::get<0>(first->first) == owner;
  });
}

} // namespace

void take(sale_books& b, const domain::tokens_forgotten& e) {
  const auto* queue = b.find_queue(e.concert);
  require(queue != nullptr, invariant::known_things, "tokens for ", e.concert,
          " are forgotten, which does not exist");
  const auto named = named_before(b, e.at);
  for (const auto key : e.tokens) {
    auto* token = b.find_token(key);
    require(token != nullptr && token->concert == e.concert && token->forgotten_since == 0,
            invariant::known_things, key, " for ", e.concert,
            " is forgotten, but was never issued so, or is forgotten already");
    require(token->states.now() == token_status::expired, invariant::kept_while_needed, key, " of ",
            token->what.user, " is forgotten while it is ", token->states.now());
    require(named.count(key) == 0, invariant::kept_while_needed, key, " of ", token->what.user,
            " is forgotten while a booking that is still to be paid or settled names it");
    require(token->what.arrival != queue->last_arrival, invariant::kept_while_needed, key,
            " is forgotten, and with it that number ", token->what.arrival, " has come to ",
            e.concert);
    require(e.at - token->died_at >= b.rules.retention.dead_tokens, invariant::kept_its_time, key,
            " is forgotten at ", e.at, ", ", e.at - token->died_at,
            " after its end; it is to be kept for ", b.rules.retention.dead_tokens);
    b.forget(*token);
    b.reached.reached("token: forgotten");
  }
}

void take(sale_books& b, const domain::bookings_forgotten& e) {
  for (const auto id : e.bookings) {
    auto& made = known_booking(b, id, "the forgetting");
    require(made.what.option == e.option && made.forgotten_since == 0, invariant::known_things, id,
            " of ", e.option, " is forgotten; it is of ", made.what.option,
            ", or forgotten already");
    require((made.what.status == booking_status::expired ||
             made.what.status == booking_status::cancelled) &&
                !made.what.confirmed_at,
            invariant::kept_while_needed, id, " of ", made.what.user, " is forgotten while it is ",
            made.what.status, made.what.confirmed_at ? ", and was paid" : "");
    require(b.keys.open.count(id) == 0, invariant::kept_while_needed, id,
            " is forgotten while a keyed request for it is under way");
    judge_answers(b, id, e.at);
    const auto over_for = e.at - made.what.expires_at;
    require(over_for >= b.rules.retention.unpaid_bookings, invariant::kept_its_time, id,
            " is forgotten at ", e.at, ", ", over_for, " after its hold; it is to be kept for ",
            b.rules.retention.unpaid_bookings);
    const bool was_tried = !made.payments.empty();
    b.forget(made);
    b.reached.reached(was_tried ? "booking: forgotten, with refused payments"
                                : "booking: forgotten");
  }
}

void judge_past(const sale_books& b, domain::time_point now) {
  if (!b.calm_since) return;
  const auto& rules = b.rules.retention;
  const auto bound = domain::look_back_every(rules) + b.tolerance;
  const auto is_late = [&](domain::time_point due) {
    return std::max(due, *b.calm_since) + bound < now;
  };
  for (const auto& key : b.token_order) {
    const auto& token = b.tokens.at(key);
    if (token.states.now() != token_status::expired || token.forgotten_since != 0) continue;
    if (token.what.arrival == b.queues.at(token.concert).last_arrival) continue;
    require(!is_late(token.died_at + rules.dead_tokens), invariant::past_goes, key, " ended at ",
            token.died_at, " and is known at ", now, "; it is to be kept for ", rules.dead_tokens);
  }
  for (const auto& [id, made] : b.bookings) {
    const auto status = made.what.status;
    if (status != booking_status::expired && status != booking_status::cancelled) continue;
    if (made.what.confirmed_at || made.forgotten_since != 0) continue;
    if (keeps_answers(b, made.what)) continue;
    require(!is_late(made.what.expires_at + rules.unpaid_bookings), invariant::past_goes, id,
            " was held until ", made.what.expires_at, " and is known at ", now,
            "; it is to be kept for ", rules.unpaid_bookings);
  }
}

} // namespace boxoffice::sim
