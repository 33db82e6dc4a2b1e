#include "actors/domain/wallet.hpp"

#include <cassert>

namespace boxoffice::domain {

namespace {

bool repeats_last_charge(const wallet& w, const wallet_rules& rules, money amount, time_point now) {
  return w.last_unkeyed_charge && w.last_unkeyed_charge->amount == amount &&
         now - w.last_unkeyed_charge->at < rules.double_submit_window;
}

} // namespace

result<events> decide_charge(const wallet& w, const wallet_rules& rules, money amount,
                             entry_id entry, time_point now) {
  if (amount <= money{0}) return reject(error_code::invalid_request, "A charge is above 0.");
  if (amount > rules.max_charge)
    return reject(error_code::invalid_request,
                  "A charge is at most " + to_points(rules.max_charge) + " points.");
  if (repeats_last_charge(w, rules, amount, now))
    return reject(error_code::duplicate_request,
                  "The same charge was accepted a moment ago; wait a little to charge it again.");
  if (w.balance + amount > rules.max_balance)
    return reject(error_code::balance_limit,
                  "A balance is at most " + to_points(rules.max_balance) + " points.");
  return events{wallet_charged{w.owner.id, entry, amount, w.balance + amount, true, now}};
}

debit_decision decide_debit(const wallet& w, payment_id payment, booking_id booking, money amount,
                            entry_id entry, time_point now) {
  assert(amount >= money{0});
  if (const auto known = w.payments.find(payment); known != w.payments.end())
    return {known->second, {}};
  if (w.balance < amount)
    return {false, {debit_refused{w.owner.id, payment, booking, amount, now}}};
  return {true,
          {wallet_debited{w.owner.id, entry, payment, booking, amount, w.balance - amount, now}}};
}

wallet created(const user_created& e) {
  wallet w;
  w.owner = e.who;
  w.id = e.wallet;
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
    w.payments.emplace(e.payment, true);
  }
  void operator()(const debit_refused& e) const { w.payments.emplace(e.payment, false); }
  template <class Other>
  void operator()(const Other&) const {
    assert(!"not a wallet's event");
  }
};

} // namespace

void evolve(wallet& w, const event& e) { std::visit(wallet_evolution{w}, e); }

} // namespace boxoffice::domain
