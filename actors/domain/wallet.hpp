// A user's prepaid points (CONTRACT 2, Wallet). Every amount is exact, and the balance is the sum
// of the wallet's entries.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/events.hpp"

#include <map>
#include <optional>

namespace boxoffice::domain {

struct wallet_rules {
  money max_charge = points(10'000'000);
  money max_balance = points(1'000'000'000);
  duration double_submit_window = std::chrono::seconds(1); // 0: no such check
};

// The last accepted charge without an Idempotency-Key.
struct recent_charge {
  money amount;
  time_point at;
};

struct wallet {
  user owner;
  point_id id;
  money balance;
  std::optional<recent_charge> last_unkeyed_charge;
  // The word on every payment ever asked of this wallet: true = debited. It is what makes a debit
  // idempotent, and a user makes few payments.
  std::map<payment_id, bool> payments;
};

// Adds points: wallet_charged. Refused: not above 0 or above max_charge 400, the same again within
// the window 409 DUPLICATE_REQUEST, above max_balance 409 BALANCE_LIMIT.
result<events> decide_charge(const wallet&, const wallet_rules&, money amount, entry_id,
                             time_point now);

struct debit_decision {
  bool debited = false;
  events facts; // empty when this payment was decided before
};

// Takes `amount` for `payment`, or records that there is too little. Asked again with the same
// payment it gives the same word and no events.
debit_decision decide_debit(const wallet&, payment_id, booking_id, money amount, entry_id,
                            time_point now);

wallet created(const user_created&);
void evolve(wallet&, const event&);

} // namespace boxoffice::domain
