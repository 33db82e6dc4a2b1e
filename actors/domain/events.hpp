// Every fact that can become durable. Read this first to know what can happen.
//
// A rule decides events; evolving a state by them, writing them to a store and publishing them to
// readers are all functions of these values alone. They are plain data.
#pragma once

#include "actors/domain/concert.hpp"
#include "actors/domain/ids.hpp"
#include "actors/domain/money.hpp"
#include "actors/domain/time.hpp"
#include "actors/domain/token_key.hpp"
#include "actors/domain/user.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace boxoffice::domain {

// --- users and the catalogue

// A user exists from now on, with an empty wallet.
struct user_created {
  user who;
  point_id wallet;
  time_point at;
};

struct concert_created {
  concert what;
};

// A performance with all its seats, free.
struct option_created {
  concert_option what;
};

// --- queue

// A token joined the line as WAITING, behind all of its priority that came earlier.
struct token_issued {
  token_key token;
  token_id row;
  concert_id concert;
  user_id user;
  std::int64_t arrival = 0; // ordinal within the concert
  std::int32_t priority = 0;
  time_point at;
  time_point expires_at; // unless it is polled
};

// WAITING became PROCESSING.
struct token_admitted {
  token_key token;
  concert_id concert;
  user_id user;
  time_point at;
  time_point expires_at;
};

// The token is dead: its time ran out, nobody polled it, or its payment completed.
struct token_expired {
  token_key token;
  concert_id concert;
  user_id user;
  time_point at;
};

// --- booking

struct booked_seat {
  seat_id seat;
  reservation_id reservation;
  seat_name name;
  money price;
};

// All these seats are held for the user: one fact, so that a booking is all or nothing.
struct booking_created {
  booking_id booking;
  option_id option;
  concert_id concert;
  user_id user;
  token_key token;                // the admission it was made with
  std::vector<booked_seat> seats; // by ascending seat id
  money total;
  time_point at;
  time_point expires_at;
};

// The hold ran out; the seats are free.
struct booking_expired {
  booking_id booking;
  option_id option;
  std::vector<seat_id> seats;
  time_point at;
};

// PENDING became PAYING: the hold can no longer expire until the wallet has answered.
struct payment_started {
  booking_id booking;
  payment_id payment;
  std::optional<token_key> token; // named by the payer; expired besides the booking's own
  time_point at;
};

// The wallet refused; the booking is PENDING again.
struct payment_refused {
  booking_id booking;
  payment_id payment;
  time_point at;
};

// Paid: the seats are sold.
struct booking_confirmed {
  booking_id booking;
  option_id option;
  payment_id payment;
  std::vector<seat_id> seats;
  time_point at;
};

// The tokens of a confirmed booking are expired: nothing is left to do for it.
struct booking_settled {
  booking_id booking;
};

// --- wallet

struct wallet_charged {
  user_id user;
  entry_id entry;
  money amount;
  money balance;                    // after it
  bool guards_double_submit = true; // false for a charge with an Idempotency-Key
  time_point at;
};

struct wallet_debited {
  user_id user;
  entry_id entry;
  payment_id payment;
  booking_id booking;
  money amount;  // > 0, taken off
  money balance; // after it
  time_point at;
};

// Recorded like a debit, so that a late duplicate of the same payment can never debit.
struct debit_refused {
  user_id user;
  payment_id payment;
  booking_id booking;
  money amount;
  time_point at;
};

using event =
    std::variant<user_created, concert_created, option_created, token_issued, token_admitted,
                 token_expired, booking_created, booking_expired, payment_started, payment_refused,
                 booking_confirmed, booking_settled, wallet_charged, wallet_debited, debit_refused>;
using events = std::vector<event>;

} // namespace boxoffice::domain
