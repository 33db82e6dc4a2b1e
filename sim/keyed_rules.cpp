// Judges requests with an Idempotency-Key: an act and the record of its answer are one commit, a
// key's act is done once, and whoever asks again is told the same.
#include "sim/judgement.hpp"

#include <string_view>

namespace boxoffice::sim {

namespace {

using domain::error_code;

bool has_expired(const key_record& r, domain::time_point now) {
  return r.is_answered && r.expires_at <= now;
}

bool is_payment(const domain::request_key& key) {
  return key.route == keyed_route::pay || key.route == keyed_route::pay_at_desk;
}

struct key_taking {
  sale_books& b;

  void operator()(const domain::wallet_charged& e) const {
    if (!e.guards_double_submit) ++b.keys.charged[e.user];
  }
  void operator()(const domain::booking_created& e) const { ++b.keys.booked[e.option]; }
  void operator()(const domain::payment_started& e) const { b.keys.started.insert(e.booking); }
  void operator()(const domain::booking_settled& e) const {
    if (b.keys.open.count(e.booking) != 0) b.keys.settled.insert(e.booking);
  }
  void operator()(const domain::booking_cancelled& e) const { b.keys.ended.insert(e.booking); }
  void operator()(const domain::payment_refused& e) const {
    if (b.keys.open.count(e.booking) != 0) b.keys.refused.insert(e.booking);
  }

  void operator()(const domain::request_begun& e) const {
    const key_scope scope = scope_of(e.key);
    auto& all = b.keys.records[scope];
    require(all.empty() || has_expired(all.back(), e.at), invariant::keyed_once, "the request ",
            e.key.key, " of ", to_string(e.key.owner), " is begun again");
    if (is_payment(e.key)) {
      require(b.keys.started.erase(e.booking) == 1, invariant::keyed_kept, "the request ",
              e.key.key, " is begun for ", e.booking,
              ", which no payment of the same commit is for");
      require(b.keys.open.emplace(e.booking, scope).second, invariant::keyed_once, e.booking,
              " has two keyed payments under way");
    }
    all.push_back({to_string(e.key.print), false, {}, b.now, {}, false});
    b.reached.reached("keyed: begun");
  }

  void operator()(const domain::request_answered& e) const {
    const key_scope scope = scope_of(e.key);
    auto& all = b.keys.records[scope];
    const bool was_begun = !all.empty() && !all.back().is_answered;
    require(was_begun || all.empty() || has_expired(all.back(), e.at), invariant::keyed_once,
            "the request ", e.key.key, " of ", to_string(e.key.owner), " is answered again");
    judge_act(e, was_begun);
    if (was_begun) {
      require(all.back().print == to_string(e.key.print), invariant::keyed_once, "the request ",
              e.key.key, " is answered as another than it was begun");
      if (is_payment(e.key)) b.keys.open.erase(e.booking);
      all.pop_back();
    }
    all.push_back({to_string(e.key.print), true, e.answer, b.now, e.expires_at, false});
    require(e.expires_at == e.at + b.rules.requests.keep_for, invariant::keyed_kept, "the request ",
            e.key.key, ", answered at ", e.at, ", is kept until ", e.expires_at);
    b.reached.reached(was_begun ? "keyed: answered behind its beginning" : "keyed: answered");
  }

  // The act that the answer tells of is of the same commit.
  void judge_act(const domain::request_answered& e, bool was_begun) const {
    bool is_done = true;
    const std::string_view route = e.key.route;
    if (route == keyed_route::charge)
      is_done = --b.keys.charged[std::get<domain::user_id>(e.key.owner)] >= 0;
    else if (route == keyed_route::book)
      is_done = --b.keys.booked[std::get<domain::option_id>(e.key.owner)] >= 0;
    else if (route == keyed_route::give_up || route == keyed_route::release)
      is_done = b.keys.ended.count(std::get<domain::booking_id>(e.key.owner)) == 1;
    else if (route == keyed_route::call_off)
      is_done = b.options.at(std::get<domain::option_id>(e.key.owner)).cancelled.has_value();
    else if (is_payment(e.key))
      is_done = was_begun && b.keys.settled.erase(e.booking) == 1;
    require(is_done, invariant::keyed_kept, "the request ", e.key.key, " of ",
            to_string(e.key.owner), " is answered in a commit without what it asked for");
  }

  void operator()(const domain::request_dropped& e) const {
    const key_scope scope = scope_of(e.key);
    auto& all = b.keys.records[scope];
    require(!all.empty() && !all.back().is_answered, invariant::keyed_kept, "the request ",
            e.key.key, " is dropped, but is not under way");
    bool is_refused = false;
    for (const auto& [booking, open] : b.keys.open)
      if (open == scope) {
        is_refused = b.keys.refused.erase(booking) == 1;
        b.keys.open.erase(booking);
        break;
      }
    require(is_refused, invariant::keyed_kept, "the request ", e.key.key,
            " is dropped, but was not refused");
    all.pop_back();
    b.reached.reached("keyed: dropped");
  }

  template <class Other>
  void operator()(const Other&) const {}
};

} // namespace

void take_keys(sale_books& b, const domain::event& fact) { std::visit(key_taking{b}, fact); }

void judge_keys(sale_books& b) {
  for (const auto& [user, charges] : b.keys.charged)
    require(charges <= 0, invariant::keyed_kept, "a keyed charge of ", user,
            " is durable without its answer");
  for (const auto booking : b.keys.settled)
    broken(invariant::keyed_kept, "the keyed payment of ", booking,
           " is complete without its answer");
  for (const auto booking : b.keys.refused)
    broken(invariant::keyed_kept, "the keyed payment of ", booking,
           " is refused, and still counts as under way");
  b.keys.charged.clear();
  b.keys.booked.clear();
  b.keys.started.clear();
  b.keys.ended.clear();
}

void note_keyed(sale_books& b, const request& r) {
  if (r.key) ++b.keys.asked[scope_of(*r.key)][to_string(r.key->print)];
}

namespace {

key_record* find_answer(sale_books& b, const request& r, const domain::written_answer& written) {
  auto* all = found_in(b.keys.records, key_scope(scope_of(*r.key)));
  if (all == nullptr) return nullptr;
  for (auto each = all->rbegin(); each != all->rend(); ++each)
    if (each->is_answered && each->print == to_string(r.key->print) && each->answer == written)
      return &*each;
  return nullptr;
}

// What was kept, durably, when the request came, and still is.
const key_record* kept_since_before(const sale_books& b, const request& r, domain::time_point now) {
  const auto* all = found_in(b.keys.records, key_scope(scope_of(*r.key)));
  if (all == nullptr || all->empty()) return nullptr;
  const auto& last = all->back();
  return last.is_answered && last.since <= r.since && last.expires_at > now ? &last : nullptr;
}

} // namespace

void take_keyed_answer(sale_books& b, const request& r, const domain::written_answer& written,
                       bool is_replay, const actors::outcome& behind, domain::time_point now) {
  require(r.key != nullptr, invariant::keyed_told, r, " has no key, and is answered by ",
          written.body);
  auto* kept = find_answer(b, r, written);
  require(kept != nullptr, invariant::keyed_told, r, ", keyed ", r.key->key, ", is told ",
          written.body, is_replay ? " again" : "", ", which is not durably its answer");
  if (!is_replay) {
    require(kept->since > r.since && !kept->told, invariant::keyed_told, r, ", keyed ", r.key->key,
            ", is told ", written.body, " as if it were the first");
    kept->told = true;
    return take_answer(b, r, behind, now);
  }
  require(kept->expires_at > r.at, invariant::keyed_told, r, ", keyed ", r.key->key,
          ", is told what was kept until ", kept->expires_at);
  note_in_vain(b, r);
  b.reached.reached("answer: replayed");
}

bool take_keyed_refusal(sale_books& b, const request& r, const actors::outcome& said,
                        domain::time_point now) {
  if (!r.key) return false;
  const auto* refusal = std::get_if<domain::rejection>(&said);
  require(refusal != nullptr, invariant::keyed_told, r, ", keyed ", r.key->key,
          ", succeeds, and its answer is not kept");
  if (refusal->code == error_code::store_unavailable) return false;
  const auto print = to_string(r.key->print);
  const auto* kept = kept_since_before(b, r, now);
  if (kept != nullptr)
    require(kept->print != print && refusal->code == error_code::idempotency_key_reused,
            invariant::keyed_told, r, ", keyed ", r.key->key,
            ", was answered before, and is now told ", domain::to_string(refusal->code));
  const auto& asked = b.keys.asked[scope_of(*r.key)];
  switch (refusal->code) {
  case error_code::idempotency_key_reused:
    require(asked.size() > 1, invariant::keyed_told, r, " is told that its key ", r.key->key,
            " is another request's, but nobody else used it");
    break;
  case error_code::request_in_progress:
    require(asked.at(print) > 1, invariant::keyed_told, r, ", keyed ", r.key->key,
            ", is told that it is under way, but nobody sent it before");
    break;
  case error_code::duplicate_request:
    broken(invariant::keyed_told, r, ", keyed ", r.key->key, ", is taken for a double submit");
  default: return false;
  }
  note_in_vain(b, r);
  b.reached.reached("refusal: " + std::string(domain::to_string(refusal->code)));
  return true;
}

} // namespace boxoffice::sim
