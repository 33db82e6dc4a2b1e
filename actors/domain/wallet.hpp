// A user and his prepaid points (CONTRACT 2, Wallet). Every amount is exact, and the balance is the
// sum of the wallet's entries.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/events.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

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
  // Which payments it paid: it is what makes a debit idempotent, and a user pays for few bookings.
  std::set<payment_id> debited;
  // Which it had too little for: of each booking the last, until the booking is forgotten. Whoever
  // asks again and again leaves no more than that behind. An earlier one is never asked for again:
  // a booking asks for the payment that it is PAYING with and for no other, once a life, and begins
  // the next when it has heard of this one. After a crash it is read with the one begun last, and
  // what was still under way to the wallet went with the life before.
  std::map<booking_id, payment_id> refused;
  // Whose price was put back: it is what makes a refund idempotent.
  std::set<booking_id> refunded;
  time_point created_at; // the user's
  bool erased = false;   // the user is gone; id and history stay
};

// A new user: user_created. Refused: a bad name or email 400, an id that is or ever was a user's
// 409 USER_ALREADY_EXISTS (`known`: there is a wallet of that id).
result<events> decide_creation(bool known, const user&, point_id, time_point now);

// Another name or email: user_changed. Refused when one of them is bad, 400.
result<events> decide_change(const wallet&, const user&, time_point now);

// The user goes: user_erased. Refused while the wallet holds anything or the user is `in_use`
// elsewhere, with a live booking or token or a request under way: 409 USER_IN_USE.
result<events> decide_erasure(const wallet&, bool in_use, time_point now);

// Adds points: wallet_charged. Refused: not above 0 or above max_charge 400, the same again within
// the window 409 DUPLICATE_REQUEST, above max_balance 409 BALANCE_LIMIT. One with an
// Idempotency-Key neither checks nor starts the window: the key tells a repetition better.
result<events> decide_charge(const wallet&, const wallet_rules&, money amount, entry_id,
                             time_point now, bool is_keyed = false);

constexpr std::size_t max_reason = 500; // characters

// An operator sets the balance right: wallet_adjusted, and the act for the log. Refused: an amount
// of 0 or no reason 400, below 0 402, above max_balance 409 BALANCE_LIMIT.
result<events> decide_adjustment(const wallet&, const wallet_rules&, money amount,
                                 const std::string& reason, entry_id, time_point now);

struct debit_decision {
  bool debited = false;
  events facts; // empty when this payment was decided before
};

// Takes `amount` for `payment`, or records that there is too little. Asked again with the same
// payment it gives the same word and no events.
debit_decision decide_debit(const wallet&, payment_id, booking_id, money amount, entry_id,
                            time_point now);

// Puts the price of a cancelled booking back: wallet_refunded, whatever the balance, for the money
// is the user's. Asked again for the same booking it gives nothing.
events decide_refund(const wallet&, payment_id, booking_id, money amount, entry_id, time_point now);

// These bookings are forgotten, and that they were not paid is, too.
void forget_refusals(wallet&, const std::vector<booking_id>&);

wallet created(const user_created&);
void evolve(wallet&, const event&);

} // namespace boxoffice::domain
