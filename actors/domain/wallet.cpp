#include "actors/domain/wallet.hpp"

#include "actors/domain/text.hpp"

#include <cassert>

namespace boxoffice::domain {

namespace {

bool repeats_last_charge(const wallet& w, const wallet_rules& rules, money amount, time_point now) {
  return w.last_unkeyed_charge && w.last_unkeyed_charge->amount == amount &&
         now - w.last_unkeyed_charge->at < rules.double_submit_window;
}

} // namespace

result<events> decide_creation(bool known, const user& who, point_id wallet, time_point now) {
  if (auto fault = check_person(who)) return *std::move(fault);
  if (known)
    return reject(error_code::user_already_exists,
                  "The user id is taken, or was once and is not given out again.");
  return events{user_created{who, wallet, now}};
}

result<events> decide_change([[maybe_unused]] const wallet& w, const user& who, time_point now) {
  assert(who.id == w.owner.id && !w.erased);
  if (auto fault = check_person(who)) return *std::move(fault);
  return events{user_changed{who, now}};
}

result<events> decide_erasure(const wallet& w, bool in_use, time_point now) {
  assert(!w.erased);
  if (w.balance > money{0})
    return reject(error_code::user_in_use, "There are points in the user's wallet.");
  if (in_use)
    return reject(error_code::user_in_use,
                  "The user has a live booking or queue token, or one is being made.");
  return events{user_erased{w.owner.id, now}};
}

result<events> decide_adjustment(const wallet& w, const wallet_rules& rules, money amount,
                                 const std::string& reason, entry_id entry, time_point now) {
  if (amount == money{0}) return reject_body("/amount", "An adjustment is not 0.");
  if (reason.empty() || count_characters(reason) > max_reason)
    return reject_body("/reason", "An adjustment has a reason of 1 to 500 characters.");
  const auto balance = w.balance + amount;
  if (balance < money{0})
    return reject(error_code::insufficient_balance, "A balance never goes below 0.");
  if (amount > money{0} && balance > rules.max_balance)
    return reject(error_code::balance_limit,
                  "A balance is at most " + to_points(rules.max_balance) + " points.");
  return events{wallet_adjusted{w.owner.id, entry, amount, balance, reason, now},
                operator_acted{"wallet.adjust", "user " + w.owner.id.value, reason, now}};
}

result<events> decide_charge(const wallet& w, const wallet_rules& rules, money amount,
                             entry_id entry, time_point now, bool is_keyed) {
  if (amount <= money{0}) return reject(error_code::invalid_request, "A charge is above 0.");
  if (amount > rules.max_charge)
    return reject(error_code::invalid_request,
                  "A charge is at most " + to_points(rules.max_charge) + " points.");
  if (!is_keyed && repeats_last_charge(w, rules, amount, now))
    return reject(error_code::duplicate_request,
                  "The same charge was accepted a moment ago; wait a little to charge it again.");
  if (w.balance + amount > rules.max_balance)
    return reject(error_code::balance_limit,
                  "A balance is at most " + to_points(rules.max_balance) + " points.");
  return events{wallet_charged{w.owner.id, entry, amount, w.balance + amount, !is_keyed, now}};
}

debit_decision decide_debit(const wallet& w, payment_id payment, booking_id booking, money amount,
                            entry_id entry, time_point now) {
  assert(amount >= money{0});
  if (w.debited.count(payment) != 0) return {true, {}};
  if (const auto last = w.refused.find(booking); last != w.refused.end() && last->second == payment)
    return {false, {}};
  if (w.balance < amount)
    return {false, {debit_refused{w.owner.id, payment, booking, amount, now}}};
  return {true,
          {wallet_debited{w.owner.id, entry, payment, booking, amount, w.balance - amount, now}}};
}

events decide_refund(const wallet& w, payment_id payment, booking_id booking, money amount,
                     entry_id entry, time_point now) {
  assert(amount >= money{0});
  if (w.refunded.count(booking) != 0) return {};
  return {wallet_refunded{w.owner.id, entry, payment, booking, amount, w.balance + amount, now}};
}

void forget_refusals(wallet& w, const std::vector<booking_id>& gone) {
  for (const auto booking : gone) w.refused.erase(booking);
}

wallet created(const user_created& e) {
  wallet w;
  w.owner = e.who;
  w.id = e.wallet;
  w.created_at = e.at;
  return w;
}

namespace {

struct wallet_evolution {
  wallet& w;

  void operator()(const wallet_charged& e) const {
    w.balance = w.balance + e.amount;
    assert(w.balance == e.balance);
    if (e.guards_double_submit) w.last_unkeyed_charge = recent_charge{e.amount, e.at};
  }
  void operator()(const wallet_debited& e) const {
    w.balance = w.balance - e.amount;
    assert(w.balance == e.balance && w.balance >= money{0});
    w.debited.insert(e.payment);
  }
  void operator()(const debit_refused& e) const { w.refused[e.booking] = e.payment; }
  void operator()(const wallet_refunded& e) const {
    w.balance = w.balance + e.amount;
    assert(w.balance == e.balance);
    w.refunded.insert(e.booking);
  }
  void operator()(const wallet_adjusted& e) const {
    w.balance = w.balance + e.amount;
    assert(w.balance == e.balance && w.balance >= money{0});
  }
  void operator()(const user_changed& e) const { w.owner = e.who; }
  void operator()(const user_erased&) const {
    w.owner.name.clear();
    w.owner.email.clear();
    w.erased = true;
  }
  void operator()(const operator_acted&) const {} // for the log
  template <class Other>
  void operator()(const Other&) const {
    assert(!"not a wallet's event");
  }
};

} // namespace

void evolve(wallet& w, const event& e) { std::visit(wallet_evolution{w}, e); }

} // namespace boxoffice::domain
