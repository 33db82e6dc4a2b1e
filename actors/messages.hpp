// Every message between entities, by receiver. Read this first to know how they work together.
//
// A letter is plain data and names its receiver; the directory finds or wakes that entity. Letters
// cross from one shard to another only when what they tell is durable; inside a shard (an option
// with its bookings and seats) they go at once, and the journal keeps the order of cause.
//
// What may be told before it is durable is marked: `runs_ahead` makes its receiver's answers wait
// for what went before them in the journal, `only_asks` says that it tells nothing. Of these alone
// entity::tell sends any, and of those that bring a client's request on.
#pragma once

#include "actors/commands.hpp"
#include "actors/entity_ref.hpp"
#include "actors/environment.hpp"
#include "actors/letter_kinds.hpp"
#include "persistence/store.hpp"

#include <memory>
#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

namespace boxoffice::actors {

// --- to the catalogue

// Put the demo's data on offer, if it is not. Answered with `done`.
struct stock_demo {
  entity_ref address() const { return {entity_kind::catalogue, 0}; }
  request_id request = 0;
};

// An operator adds a concert to what is on offer.
struct add_concert : asked<create_concert> {
  entity_ref address() const { return {entity_kind::catalogue, 0}; }
};
// An operator adds a performance.
struct add_option : asked<create_option> {
  entity_ref address() const { return {entity_kind::catalogue, 0}; }
};

// --- to a queue

// The concert has a new performance: when it sells may be another time now.
struct sale_announced {
  domain::concert_id concert;
  entity_ref address() const { return ref(concert); }
};
// A client wants a place.
struct join_queue : asked<enter_queue> {
  entity_ref address() const { return ref(command.concert); }
};
struct ask_of_token : asked<read_token> {
  entity_ref address() const { return ref(command.concert); }
};
struct quit_line : asked<leave_queue> {
  entity_ref address() const { return ref(command.concert); }
};
struct move_in_line : asked<prioritize_token> {
  entity_ref address() const { return ref(command.concert); }
};
struct watch_line : asked<watch_tokens> {
  entity_ref address() const { return ref(command.concert); }
};
struct survey_line : asked<read_queue> {
  entity_ref address() const { return ref(command.concert); }
};
struct set_up_line : asked<configure_queue> {
  entity_ref address() const { return ref(command.concert); }
};
// Is the token admitted? Then pass the booking on to the option's desk.
struct admit_booking : asked<create_booking> {
  entity_ref address() const { return ref(command.concert); }
};
// Is the token the payer's? Then pass the payment on to the booking.
struct admit_payment : asked<pay_booking> {
  entity_ref address() const { return ref(command.concert); }
};
// A payment is complete: expire these tokens, then tell the booking.
struct release_tokens {
  domain::concert_id concert;
  domain::booking_id booking;
  std::vector<domain::token_key> tokens;
  entity_ref address() const { return ref(concert); }
};
// The loader's word on a token that the queue no longer holds.
struct token_traced {
  using runs_ahead = void; // what is in the store may not be shipped yet
  domain::concert_id concert;
  std::uint64_t correlation = 0;
  read_or_not<persistence::token_owner> owner;
  entity_ref address() const { return ref(concert); }
};

// --- to a wallet

struct charge : asked<charge_wallet> {
  entity_ref address() const { return ref(command.user); }
};
struct read_balance : asked<read_wallet> {
  entity_ref address() const { return ref(command.user); }
};
// An operator sets the balance right.
struct adjust : asked<adjust_wallet> {
  entity_ref address() const { return ref(command.user); }
};
// A user wants to be. Wakes the wallet's entity even when there is no such user.
struct open_account : asked<create_user> {
  entity_ref address() const { return ref(command.who.id); }
};
struct change_account : asked<change_user> {
  entity_ref address() const { return ref(command.who.id); }
};
// A user is to go, if nothing of his is alive.
struct close_account : asked<erase_user> {
  entity_ref address() const { return ref(command.user); }
};
// How many were asked after the user (asked_after_user), the store among them: so many answers,
// each a user_traced, will come.
struct inquiry_begun {
  domain::user_id user;
  std::uint64_t correlation = 0;
  std::size_t asked = 0;
  entity_ref address() const { return ref(user); }
};
// The word of one who was asked.
struct user_traced {
  using runs_ahead = void;
  domain::user_id user;
  std::uint64_t correlation = 0;
  bool in_use = false;
  bool unreadable = false; // neither: the store's rows make no sense
  entity_ref address() const { return ref(user); }
};
// Who is this user, and what is in the wallet? The answer is an owner_described.
struct describe_owner {
  using only_asks = void;
  domain::user_id user;
  entity_ref asker;
  std::uint64_t correlation = 0;
  entity_ref address() const { return ref(user); }
};
// Take the money for a payment, once; the answer is a debit_decided.
struct debit_wallet {
  domain::user_id user;
  domain::payment_id payment;
  domain::booking_id booking;
  domain::money amount;
  entity_ref address() const { return ref(user); }
};

// Put the price of a cancelled booking back, once; the answer is a money_returned.
struct credit_wallet {
  domain::user_id user;
  domain::payment_id payment;
  domain::booking_id booking;
  domain::money amount;
  entity_ref address() const { return ref(user); }
};

// --- to whoever asked a wallet: a queue or an option's desk

struct owner_described {
  entity_ref asker;
  std::uint64_t correlation = 0;
  read_or_not<wallet_view> wallet;
  entity_ref address() const { return asker; }
};

// --- to a queue or an option's desk

// Is the user alive here: a live token or booking, or a request for one under way? The answer is a
// user_traced.
struct asked_after_user {
  entity_ref whom;
  domain::user_id user;
  std::uint64_t correlation = 0;
  entity_ref address() const { return whom; }
};

// --- to an option's desk

// An admitted user wants seats.
struct open_sale : asked<create_booking> {
  entity_ref address() const { return ref(command.option); }
};
// Which booking does this payment mean?
struct pay_at_desk : asked<pay_pending> {
  entity_ref address() const { return ref(command.option); }
};
// Call the performance off.
struct call_off : asked<cancel_option> {
  entity_ref address() const { return ref(command.option); }
};
// A booking's attempt at its seats failed.
struct attempt_lost {
  using runs_ahead = void;
  domain::option_id option;
  domain::user_id user;
  domain::booking_id booking;
  request_id request = 0; // unanswered: the desk had chosen the seats, and may choose others
  entity_ref address() const { return ref(option); }
};
// A booking wrote down what became of a keyed request that the desk owns: one of the three facts
// about such.
struct request_noted {
  using runs_ahead = void;
  domain::option_id option;
  domain::event fact;
  entity_ref address() const { return ref(option); }
};
// A booking as it stands now; the first one ends its attempt.
struct booking_noted {
  using runs_ahead = void;
  domain::booking booking;
  entity_ref address() const { return ref(booking.option); }
};

// --- to a booking

// Claim these seats and become a booking. Creates the entity.
struct open_booking {
  request_id request = 0;
  domain::booking_created draft; // its times are set when the seats are won
  wallet_view wallet;
  domain::request_key_ptr key = nullptr;
  bool chosen = false; // by the desk, which chooses others when these are lost
  entity_ref address() const { return ref(draft.booking); }
};
// A seat's word on a claim.
enum class seat_word { granted, taken, unreadable }; // the last: the store's row makes no sense
struct seat_answered {
  using runs_ahead = void;
  domain::booking_id booking;
  domain::seat_id seat;
  seat_word word = seat_word::taken;
  entity_ref address() const { return ref(booking); }
};
// A payment whose token is in order.
struct start_payment : asked<pay_booking> {
  entity_ref address() const { return ref(command.booking); }
};
// The wallet's word on a payment: the same word however often it is asked.
struct debit_decided {
  domain::booking_id booking;
  domain::payment_id payment;
  bool debited = false;
  wallet_view wallet;
  entity_ref address() const { return ref(booking); }
};
struct tokens_released {
  domain::booking_id booking;
  entity_ref address() const { return ref(booking); }
};
// Its user gives it up, or an operator does.
struct give_up_booking : asked<cancel_booking> {
  entity_ref address() const { return ref(command.booking); }
};
struct take_back_booking : asked<release_booking> {
  entity_ref address() const { return ref(command.booking); }
};
// The performance is cancelled: end, as soon as no payment is under way. The desk hears of the end
// by a booking_noted, also of one that has ended before.
struct wind_up_booking {
  using runs_ahead = void;
  domain::booking_id booking;
  entity_ref address() const { return ref(booking); }
};
// The wallet has put the price back, now or before.
struct money_returned {
  domain::booking_id booking;
  entity_ref address() const { return ref(booking); }
};
// The desk's clock says that the hold may have run out.
struct check_expiry {
  using only_asks = void;
  domain::booking_id booking;
  entity_ref address() const { return ref(booking); }
};

// --- to a seat

// May the booking have the seat? The answer, perhaps later, is a seat_answered.
struct claim_seat {
  using only_asks = void;
  domain::option_id option;
  domain::seat_id seat;
  domain::booking_id booking;
  entity_ref address() const { return ref(seat); }
};
enum class seat_fate { held, withdrawn, sold, released };
// What became of a claim or a hold.
struct settle_seat {
  using runs_ahead = void;
  domain::seat_id seat;
  domain::booking_id booking;
  seat_fate fate = seat_fate::held;
  entity_ref address() const { return ref(seat); }
};

// --- to the owner of a keyed request

struct parcel; // a letter in a letter

// Has this request been answered before? Then it is answered so again, whatever else might be said
// of it now. Else it goes on its way, or is refused as it stands.
struct recall {
  request_id request = 0;
  domain::request_key_ptr key;
  std::shared_ptr<parcel> next; // nothing: refuse it
  domain::rejection otherwise;
  entity_ref address() const { return ref(key->owner); }
};

// --- to the caretaker

// Time to forget what is past.
struct clean_up {
  entity_ref address() const { return the_caretaker(); }
};
// The loader's word on a part of the past. Nothing in it: there is no more.
struct past_found {
  domain::past what;
  entity_ref address() const { return the_caretaker(); }
};

// --- news of what was forgotten, for who is in memory; whoever is read from the store finds it so

// To an option's desk: these bookings of its.
struct bookings_gone {
  domain::option_id option;
  std::vector<domain::past_booking> bookings;
  entity_ref address() const { return ref(option); }
};
// To a booking: it is.
struct booking_gone {
  domain::booking_id booking;
  entity_ref address() const { return ref(booking); }
};
// To a wallet: these bookings of its owner, and what it refused to pay for them.
struct refusals_gone {
  domain::user_id user;
  std::vector<domain::booking_id> bookings;
  entity_ref address() const { return ref(user); }
};

// --- to any entity

// Come alive: there is unfinished work.
struct wake {
  entity_ref whom;
  entity_ref address() const { return whom; }
};
// What went before in the journal is durable; the answer to an entity's own question, by its
// number.
struct flushed {
  entity_ref whom;
  std::uint64_t mark = 0;
  entity_ref address() const { return whom; }
};

// In the order in which they were added.
using letter =
    std::variant<stock_demo, join_queue, admit_booking, admit_payment, release_tokens, token_traced,
                 charge, read_balance, describe_owner, debit_wallet, owner_described, open_sale,
                 pay_at_desk, attempt_lost, booking_noted, open_booking, seat_answered,
                 start_payment, debit_decided, tokens_released, check_expiry, claim_seat,
                 settle_seat, wake, flushed, add_concert, add_option, sale_announced, credit_wallet,
                 call_off, give_up_booking, take_back_booking, wind_up_booking, money_returned,
                 ask_of_token, quit_line, move_in_line, watch_line, survey_line, set_up_line,
                 adjust, open_account, change_account, close_account, inquiry_begun, user_traced,
                 asked_after_user, request_noted, recall, clean_up, past_found, bookings_gone,
                 refusals_gone, booking_gone>;

struct parcel {
  letter what;
};

inline entity_ref address_of(const letter& l) {
  return std::visit([](const auto& m) { return m.address(); }, l);
}

// The client that waits for what the letter leads to, if any: it must hear, whatever happens.
inline std::optional<request_id> client_of(const letter& l) {
  return std::visit(
      [](const auto& m) -> std::optional<request_id> {
        if constexpr (bears_request<std::decay_t<decltype(m)>>::value)
          if (m.request != 0) return m.request; // 0: nobody waits for it, or not for this letter
        return std::nullopt;
      },
      l);
}

} // namespace boxoffice::actors
