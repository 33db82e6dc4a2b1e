// What clients may ask of the service, and what they are told. Plain data.
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/catalogue.hpp"
#include "actors/domain/error.hpp"
#include "actors/domain/queue.hpp"
#include "actors/domain/request_key.hpp"
#include "actors/domain/wallet.hpp"
#include "actors/queries.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace boxoffice::actors {

// --- commands

// A place in the concert's queue; asking again gives the same place and counts as a poll.
// Answer: token_view.
struct enter_queue {
  domain::concert_id concert;
  domain::user_id user;
  std::int32_t priority = 0;
};

// How does a token stand? Counts as a poll. Answer: token_view, also of a dead one.
// acting_for: who asks; another's token is FORBIDDEN. Nothing: an operator, or anybody.
struct read_token {
  domain::token_key token;
  std::optional<domain::user_id> acting_for;
  domain::concert_id concert; // whose queue is to say; the service fills it in
};

// Leave the queue, or what it led to. Answer: token_view, EXPIRED.
struct leave_queue {
  domain::token_key token;
  std::optional<domain::user_id> acting_for;
  domain::concert_id concert; // as above
};

// The operator gives a live token another place in the line; a dead one has none. Answer:
// token_view.
struct prioritize_token {
  domain::token_key token;
  std::int32_t priority = 0;
  domain::concert_id concert; // as above
};

// How do these tokens stand? One question for all who follow a concert's queue; counts as a poll of
// each. Answer: tokens_view, in the same order.
struct watch_tokens {
  domain::concert_id concert;
  std::vector<domain::token_key> tokens;
};

// Answer: queue_view.
struct read_queue {
  domain::concert_id concert;
};

// The operator sets up a concert's queue. Answer: queue_view.
struct configure_queue {
  domain::concert_id concert;
  domain::queue_change change;
};

// Hold these seats, or the best so many together. Answer: booking_view.
struct create_booking {
  domain::option_id option;
  domain::user_id user;
  domain::token_key token;
  std::vector<domain::seat_name> seats;
  domain::concert_id concert; // the option's; the service fills it in
  domain::best_seats best{};  // instead of `seats`: the service chooses them
};

// Pay a booking in full. The queue of `concert` judges claim.token. Answer: booking_view.
struct pay_booking {
  domain::booking_id booking;
  domain::concert_id concert;
  domain::payment_claim claim;
};

// Pay the user's one pending booking in the option, whose price is `amount`. Answer: booking_view.
struct pay_pending {
  domain::option_id option;
  domain::user_id user;
  domain::money amount;
};

// Give a booking up: its seats are free, or, when it is paid, its money goes back first. The caller
// is `acting_for`; nothing: anybody may. Answer: domain::booking, CANCELLED.
struct cancel_booking {
  domain::booking_id booking;
  std::optional<domain::user_id> acting_for;
};

// The same by an operator, who may when the performance has begun too. Answer: domain::booking.
struct release_booking {
  domain::booking_id booking;
  std::string reason;
};

// Call a performance off: nothing more is sold, and every booking of it is given up or refunded;
// how far that has come is published with the option. Answer: option_called_off.
struct cancel_option {
  domain::option_id option;
  std::optional<std::string> reason;
};

// Add points. Answer: entry_view.
struct charge_wallet {
  domain::user_id user;
  domain::money amount;
};

// Answer: wallet_view.
struct read_wallet {
  domain::user_id user;
};

// Put a concert on the list, as an operator. Answer: domain::concert.
struct create_concert {
  std::string title;
};

// Put a performance on offer, as an operator. Answer: option_view, when it is.
struct create_option {
  domain::wanted_option wanted;
};

// Set a balance right, as an operator. Answer: entry_view.
struct adjust_wallet {
  domain::user_id user;
  domain::money amount; // added; below 0: taken off
  std::string reason;
};

// Answer: domain::user_account.
struct create_user {
  domain::user who;
};

// Answer: domain::user_account.
struct change_user {
  domain::user who;
};

// Erase what is personal of a user who is not in use. Answer: done.
struct erase_user {
  domain::user_id user;
};

// A keyed request that cannot be carried out: it is given its first answer again, should there be
// one, else this refusal.
struct recall_answer {
  domain::rejection otherwise;
};

// In the order in which they were added.
using command = std::variant<enter_queue, create_booking, pay_booking, pay_pending, charge_wallet,
                             read_wallet, create_concert, create_option, cancel_booking,
                             release_booking, cancel_option, read_token, leave_queue,
                             prioritize_token, watch_tokens, read_queue, configure_queue, query,
                             adjust_wallet, create_user, change_user, erase_user, recall_answer>;

// --- answers

struct wallet_view {
  domain::user owner;
  domain::point_id id;
  domain::money balance;
};

struct booking_view {
  domain::booking booking;
  wallet_view wallet; // as of the act
};

// A performance as it was put on offer: all its seats are free.
struct option_view {
  domain::concert_option what;
  domain::time_point at;
};

// The option is cancelled, and was published as such.
struct option_called_off {
  domain::concert_option what;
  int free_seats = 0; // bookings that lived still hold theirs
  domain::time_point at;
};

struct tokens_view {
  std::vector<domain::token_view> tokens; // those that are not live: EXPIRED, without more
};

// A change of a balance, and the wallet after it.
struct entry_view {
  wallet_view wallet;
  domain::wallet_entry entry;
};

// It is so now, and there is nothing to tell of it.
struct done {};

// A keyed request's first answer, given again.
struct replayed_answer {
  domain::written_answer first;
};

// What a command came to. All that it tells is durable. The success of one that came with a key is
// a written_answer.
using outcome =
    std::variant<domain::rejection, domain::token_view, wallet_view, booking_view, domain::concert,
                 option_view, domain::booking, option_called_off, domain::queue_view, tokens_view,
                 entry_view, done, domain::user_account, domain::payment_record,
                 domain::wallet_entry, domain::page<domain::wallet_entry>,
                 domain::page<domain::booking>, domain::page<domain::audit_record>,
                 domain::written_answer, replayed_answer>;

} // namespace boxoffice::actors
