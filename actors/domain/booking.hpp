// A user's seats in one performance, from hold to sale (CONTRACT 2, Booking and Payment).
//
//   PENDING --pay--> PAYING --debited--> CONFIRMED --tokens expired--> (settled)
//    ^ | |              |                                                  |
//    | | +--time-->  EXPIRED <--refused, and the hold has run out--+    cancel
//    +-|---refused------+                                          |       |
//      |                +------------------------------------------+       v
//      +--cancel--> CANCELLED <--------------money is back------------ REFUNDING
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/events.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace boxoffice::domain {

enum class booking_status { pending, paying, confirmed, refunding, cancelled, expired };

// "PENDING"
const char* to_string(booking_status);
// Nothing for a word that names none.
std::optional<booking_status> to_booking_status(std::string_view);

struct booking {
  booking_id id;
  option_id option;
  concert_id concert;
  user_id user;
  token_key token;                // it was made with
  std::vector<booked_seat> seats; // by ascending seat id
  money total;
  time_point created_at;
  time_point expires_at;
  booking_status status = booking_status::pending;
  payment_id payment;                 // the last attempt
  std::optional<token_key> paid_with; // the token that attempt named
  std::optional<time_point> confirmed_at;
  bool settled = false; // its tokens are expired
};

std::vector<seat_id> seat_ids(const booking&);

// Whether nothing will ever happen to it again by itself.
bool is_final(const booking&);

// What a payer says of the booking besides its number; what is absent is not compared.
struct payment_claim {
  user_id user;
  std::optional<concert_id> concert;
  std::optional<std::vector<seat_name>> seats;
  std::optional<token_key> token;
  std::optional<concert_id> token_concert; // which the token is for; absent: there is no token
  bool user_of_token = false;              // the payer did not say who: it is whose the token is
};

// Begins a payment: payment_started. Refused, in this order: a token for another concert 403,
// another's booking 404, PAYING or CONFIRMED 409, run out 410, other mismatches 400. Nor is a
// booking paid for a performance that was called off: 409.
result<events> decide_payment(const booking&, const payment_claim&, payment_id attempt,
                              bool called_off, time_point now);

// What follows from the wallet's word on payment `attempt`: booking_confirmed, or payment_refused
// (and booking_expired when the hold has run out meanwhile). Nothing when the booking does not
// wait for this attempt: a late duplicate.
events decide_debit_outcome(const booking&, payment_id attempt, bool debited, time_point now);

// booking_expired when the hold has run out, else nothing.
events decide_expiry(const booking&, time_point now);

// booking_settled once a confirmed booking's tokens are expired, else nothing.
events decide_settled(const booking&);

// Who ends a booking before its time: its user, who may until the performance begins, or the house
// (an operator, or the cancelling of the whole performance), which may at any time.
enum class cancelled_by { user, house };

// Ends a booking: booking_cancelled for a PENDING one, refund_started for a CONFIRMED one. Refused:
// run out 410, PAYING, REFUNDING or CANCELLED 409, by a user once the performance has begun 409.
// A CONFIRMED one that is not settled must be settled first: its payment is still under way.
result<events> decide_cancel(const booking&, cancelled_by, time_point starts_at, time_point now);

// booking_cancelled once the money of a REFUNDING booking is back, else nothing.
events decide_refunded(const booking&, time_point now);

booking created(const booking_created&);
void evolve(booking&, const event&);

} // namespace boxoffice::domain
