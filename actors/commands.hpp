// What clients may ask of the service, and what they are told. Plain data.
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/error.hpp"
#include "actors/domain/queue.hpp"
#include "actors/domain/wallet.hpp"

#include <cstdint>
#include <optional>
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

// Hold these seats. Answer: booking_view.
struct create_booking {
  domain::option_id option;
  domain::user_id user;
  domain::token_key token;
  std::vector<domain::seat_name> seats;
  domain::concert_id concert; // the option's; the service fills it in
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

// Add points. Answer: wallet_view.
struct charge_wallet {
  domain::user_id user;
  domain::money amount;
};

// Answer: wallet_view.
struct read_wallet {
  domain::user_id user;
};

using command =
    std::variant<enter_queue, create_booking, pay_booking, pay_pending, charge_wallet, read_wallet>;

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

// What a command came to. All that it tells is durable.
using outcome = std::variant<domain::rejection, domain::token_view, wallet_view, booking_view>;

} // namespace boxoffice::actors
