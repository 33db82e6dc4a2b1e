// Every fact that can become durable. Read this first to know what can happen.
//
// A rule decides events; evolving a state by them, writing them to a store and publishing them to
// readers are all functions of these values alone. They are plain data.
#pragma once

#include "actors/domain/concert.hpp"
#include "actors/domain/ids.hpp"
#include "actors/domain/money.hpp"
#include "actors/domain/request_key.hpp"
#include "actors/domain/time.hpp"
#include "actors/domain/token_key.hpp"
#include "actors/domain/user.hpp"

#include <cstddef>
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

// The user calls himself otherwise now.
struct user_changed {
  user who; // as from now on
  time_point at;
};

// What was personal is gone. The id is never given out again; what the user did stays.
struct user_erased {
  user_id user;
  time_point at;
};

struct concert_created {
  concert what;
};

// A performance with all its seats, free.
struct option_created {
  concert_option what;
};

// A performance is being made; its ids, and its seats', are taken from now on. Nobody sees or buys
// anything of it.
struct option_drafted {
  concert_option what;
};

// The next seats of a draft, by ascending id, all of one section.
struct seats_laid {
  option_id option;
  concert_id concert;
  std::string section;
  seat_id first;
  int first_number = 1; // in the section
  int count = 0;
  money price;
};

// The draft has all its seats: now it is on offer, with all of them free.
struct option_published {
  concert_option what;
};

// Nothing more is sold of the performance, and every booking of it that lives is to be ended: from
// now on one by one, until cancellation_completed.
struct option_cancelled {
  option_id option;
  time_point at;
};

// No booking of the cancelled performance lives any more.
struct cancellation_completed {
  option_id option;
  time_point at;
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

// The token is dead: its time ran out, nobody polled it, its user left, or its payment completed.
struct token_expired {
  token_key token;
  concert_id concert;
  user_id user;
  time_point at;
};

// An operator gave a token another place in the line.
struct token_prioritized {
  token_key token;
  concert_id concert;
  std::int32_t priority = 0;
  time_point at;
};

// An operator set up one concert's queue; what is not set goes by the settings.
struct queue_configured {
  concert_id concert;
  std::optional<std::size_t> active_limit;
  std::optional<std::size_t> admit_per_second;
  bool paused = false;
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

// CONFIRMED became REFUNDING: the payer gets back what `payment` took. The seats stay sold until
// the money is back.
struct refund_started {
  booking_id booking;
  payment_id payment;
  time_point at;
};

// A PENDING booking was given up, or the money of a REFUNDING one is back; the seats are free.
struct booking_cancelled {
  booking_id booking;
  option_id option;
  std::vector<seat_id> seats;
  time_point at;
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

// Recorded like a debit, so that this payment never debits; in place of what the booking was
// refused before.
struct debit_refused {
  user_id user;
  payment_id payment;
  booking_id booking;
  money amount;
  time_point at;
};

// The price of a cancelled booking is back, once a booking.
struct wallet_refunded {
  user_id user;
  entry_id entry;
  payment_id payment; // that took it
  booking_id booking;
  money amount;  // >= 0, put back
  money balance; // after it; maybe more than a charge may lift it to
  time_point at;
};

// An operator set the balance right.
struct wallet_adjusted {
  user_id user;
  entry_id entry;
  money amount;  // added; below 0: taken off
  money balance; // after it
  std::string reason;
  time_point at;
};

// --- operators

// Somebody with the operator's token did this: in the same change as the act's own events.
struct operator_acted {
  std::string act;     // "wallet.adjust"
  std::string subject; // "user 1001"
  std::optional<std::string> reason;
  time_point at;
};

// --- requests with an Idempotency-Key: in the same change as what they did

// An act of several steps has begun for this request. `booking` is the one whose acts complete it,
// also after a restart.
struct request_begun {
  request_key key;
  booking_id booking; // 0: no booking's act
  time_point at;
};

// This is what the request's client is told, first and again. Without a begun one: the request was
// decided at once.
struct request_answered {
  request_key key;
  booking_id booking; // as in request_begun; 0 = no booking's
  written_answer answer;
  time_point at;
  time_point expires_at; // from then on it is forgotten
};

// What was begun came to nothing: the request is decided afresh when it comes again.
struct request_dropped {
  request_key key;
};

// --- retention

// These EXPIRED tokens are forgotten, as if they had never been issued.
struct tokens_forgotten {
  concert_id concert;
  std::vector<token_key> tokens;
  time_point at; // when they were looked at
};

// These bookings, which are over and were never paid, are forgotten, with the attempts to pay them.
struct bookings_forgotten {
  option_id option;
  std::vector<booking_id> bookings;
  time_point at; // when they were looked at
};

// In the order in which they were added: an event's place in this list tells its kind in traces.
using event =
    std::variant<user_created, concert_created, option_created, token_issued, token_admitted,
                 token_expired, booking_created, booking_expired, payment_started, payment_refused,
                 booking_confirmed, booking_settled, wallet_charged, wallet_debited, debit_refused,
                 option_drafted, seats_laid, option_published, option_cancelled,
                 cancellation_completed, refund_started, booking_cancelled, wallet_refunded,
                 token_prioritized, queue_configured, user_changed, user_erased, wallet_adjusted,
                 operator_acted, request_begun, request_answered, request_dropped, tokens_forgotten,
                 bookings_forgotten>;
using events = std::vector<event>;

} // namespace boxoffice::domain
