// The checker's books: what the durable facts led to, and when. Private to this room.
//
// They are kept by code of their own, from the facts alone. Whatever an answer may rest on has a
// history: an entity decides ahead of what is durable and its answer waits, so an answer tells of
// some instant between its request and itself, and which one is not known. An instant is the
// number of facts that were durable, not of commits: several changes of an entity may share a
// commit, and an answer between them tells of the first ones only.
#pragma once

#include "actors/domain/events.hpp"
#include "actors/service.hpp"
#include "persistence/store.hpp"
#include "sim/coverage.hpp"
#include "sim/invariants.hpp"
#include "sim/key_books.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace boxoffice::sim {

using instant = std::uint64_t; // how many facts were durable
using persistence::commit_number;

// The states that something went through. Before the first there was no such thing.
template <class State>
class history {
public:
  void add(instant since, State s) { states_.push_back({since, std::move(s)}); }
  bool empty() const { return states_.empty(); }
  std::size_t size() const { return states_.size(); }
  const State& now() const { return states_.back().second; }

  // Whether `so` was true of a state at some instant from `since` on.
  template <class Predicate>
  bool ever(instant since, Predicate so) const {
    for (auto s = states_.rbegin(); s != states_.rend(); ++s) {
      if (so(s->second)) return true;
      if (s->first <= since) return false;
    }
    return false;
  }
  bool was(instant since, const State& state) const {
    return ever(since, [&](const State& s) { return s == state; });
  }

private:
  std::vector<std::pair<instant, State>> states_;
};

// How often something was asked for, may have happened and did happen. It may have happened for
// each request but those whose answer says that it didn't.
struct demand {
  std::uint64_t asked = 0, in_vain = 0, happened = 0;
  domain::time_point first_asked; // by the clock
  bool covers() const { return happened + in_vain <= asked; }
};

// --- wallets

struct charge_entry {
  domain::entry_id id;
  domain::money amount, balance;
  domain::time_point at;
  instant since = 0;
  bool guards_double_submit = true;
  bool told = false; // an answer told of it
};

// Any change of a balance.
struct entry_book {
  domain::wallet_entry what;
  instant since = 0;
  bool told = false; // an answer told of its making
};

struct act_book {
  domain::audit_record what;
  instant since = 0;
};

// Requests in a user's name that may lead to a token or a booking.
struct service_book {
  std::size_t open = 0;
  domain::time_point last_answered;
};

// Of one user in one option.
struct standing {
  std::size_t pending = 0, paying = 0, paying_or_paid = 0, expired = 0, cancelled = 0;
  std::size_t seats = 0; // of those that live
  bool has_none() const { return pending + paying_or_paid + expired + cancelled == 0; }
};

struct customer_book {
  history<standing> states;
  std::vector<domain::booking_id> bookings;
};

struct user_book {
  domain::user who; // as at first
  domain::point_id wallet;
  instant since = 0;
  domain::time_point created_at;
  history<domain::user> persons; // name and email; none once erased
  instant erased_since = 0;      // 0: the user lives
  bool told = false;             // an answer told of the making
  bool told_erased = false;
  std::vector<entry_book> entries; // in order, each once
  history<domain::money> balances;
  std::optional<domain::recent_charge> last_charge;
  std::vector<charge_entry> charges;
  std::set<domain::payment_id> debited;
  std::map<domain::booking_id, domain::payment_id> refused; // of each the last
  std::set<domain::booking_id> refunded;
  domain::time_point last_at; // of the wallet's facts
  std::map<domain::option_id, customer_book> as_customer;
};

// What was asked of a user's things. Payments: by token through a booking, without by the desk.
struct user_demand {
  demand creation, erasures;
  std::map<std::pair<std::string, std::string>, demand> changes;                  // name, email
  std::map<std::pair<std::int64_t, std::string>, demand> adjustments;             // with the reason
  std::map<std::int64_t, demand> charges;                                         // by amount
  std::map<std::pair<domain::concert_id, std::int32_t>, demand> tokens;           // by priority
  std::map<std::tuple<domain::option_id, domain::token_key, std::string>, demand> // by wish_of
      bookings;
  std::map<std::pair<domain::booking_id, domain::token_key>, demand> payments;
  std::map<std::pair<domain::option_id, std::int64_t>, demand> desk_payments; // by amount
};

// --- tokens

struct token_book {
  domain::token what; // as the rules have it; last_polled is the latest that is certain
  domain::concert_id concert;
  history<domain::token_status> states;
  bool was_admitted = false;
  bool payment_done = false;        // a booking that it made, or paid, is confirmed
  history<std::int32_t> priorities; // a second one: an operator gave it another place
  domain::time_point died_at;
  std::optional<domain::time_point> abandoned_at;
  instant issued = 0;
  instant forgotten_since = 0; // 0: it is not
  bool told = false;           // an answer told of its issue
};

struct queue_book {
  domain::concert what;
  instant since = 0;
  std::vector<std::pair<domain::place_in_line, domain::token_key>> line; // WAITING, in order
  std::map<domain::user_id, domain::token_key> live;
  std::size_t processing = 0;
  history<std::size_t> processing_then; // the same, and when it was so
  history<std::size_t> waiting_then;
  history<domain::queue_override> set;
  std::int64_t last_arrival = 0;
  std::deque<domain::time_point> admissions; // of the second before the last one
  domain::time_point last_at;
  std::optional<domain::token_key> must_follow; // its admission is the next fact
  std::optional<domain::time_point> room_since; // somebody waits though there is room
  struct line_change {
    instant since;
    domain::place_in_line place;
    bool came; // else it left
  };
  std::vector<line_change> changes;
};

// --- seats and bookings

struct seat_state {
  domain::seat_status status = domain::seat_status::free;
  domain::booking_id holder;
};

inline void put(std::ostream& out, const seat_state& s) {
  put(out, s.status);
  if (s.holder) out << " by booking " << s.holder.value;
}

struct seat_book {
  domain::seat_name name;
  domain::money price;
  history<seat_state> states;
};

struct option_book {
  domain::concert_option what;
  instant since = 0;
  commit_number created_in = 0;
  bool told = false;                          // an answer told of it
  std::optional<domain::time_point> known_at; // at the latest
  std::vector<seat_book> seats;               // from what.first_seat() on
  std::array<std::size_t, 3> count{};         // by seat_status
  struct seat_change {
    commit_number in;
    std::size_t seat;
    domain::seat_status before;
  };
  std::vector<seat_change> changes;
  // When the performance was called off, and when the last of its bookings had ended.
  std::optional<domain::cancellation> cancelled;
  instant cancelled_since = 0; // 0: it is not
  std::size_t live_bookings = 0;

  seat_book* find(domain::seat_id);
  seat_book* find(const domain::seat_name&);
};

struct booking_book {
  domain::booking what; // as it stands
  instant since = 0;
  history<domain::booking_status> states;
  instant expired_since = 0;                  // 0: it is not
  instant cancelled_since = 0;                // 0: it is not
  instant forgotten_since = 0;                // 0: it is not
  std::optional<domain::time_point> known_at; // made, durably, by then at the latest
  domain::time_point last_at;
  bool told = false; // an answer told of its creation
  bool told_paid = false;
  bool told_cancelled = false;
  std::vector<domain::payment_id> payments;
};

struct payment_book {
  domain::payment_id id;
  domain::booking_id booking;
  std::optional<domain::token_key> token;
  domain::time_point started_at;
  instant since = 0;
  std::optional<domain::time_point> known_at; // begun, durably, by then at the latest
  std::optional<bool> debited;                // the wallet's word
  instant debited_since = 0;
  domain::money balance;                      // after the debit
  std::optional<domain::time_point> ended_at; // confirmed, or PENDING again
  instant ended = 0;
  bool told = false; // an answer told of its end
};

// --- all of it

struct sale_books {
  explicit sale_books(coverage& c) : reached(c) {}

  coverage& reached;
  actors::rules rules;
  bool node_started = false; // once; before it the store is given its first content
  // Since then nothing troubles the node; what is due is done within the tolerance.
  std::optional<domain::time_point> calm_since;
  domain::duration tolerance{};
  instant now = 0;
  commit_number last_commit = 0, told = 0;

  key_books keys;
  std::map<domain::user_id, user_book> users;
  std::map<domain::user_id, user_demand> demands;
  std::map<domain::token_key, demand> leavings;
  std::map<std::pair<domain::token_key, std::int32_t>, demand> priorities;
  std::map<domain::concert_id, demand> configurations;
  std::map<domain::concert_id, queue_book> queues; // every concert has one
  std::map<domain::option_id, option_book> options;
  std::map<std::string, demand> new_concerts;       // by title
  std::map<domain::concert_id, demand> new_options; // of that concert
  std::map<domain::option_id, option_book> drafts;  // with the seats laid so far
  std::map<domain::booking_id, booking_book> bookings;
  std::map<domain::payment_id, payment_book> payments;
  std::unordered_map<domain::token_key, token_book> tokens; // nothing iterates over them in order
  std::vector<domain::token_key> token_order;
  // Not known_at any moment yet.
  std::vector<domain::option_id> undated_options;
  std::vector<domain::booking_id> undated_bookings;
  std::vector<domain::payment_id> undated_payments;

  std::array<std::unordered_set<std::int64_t>, domain::id_kinds> used_ids;
  std::array<std::int64_t, domain::id_kinds> highest_id{};
  domain::money charged, debited, refunded, adjusted, in_wallets;
  // What was asked of nobody's things in particular: an operator may ask as well.
  std::map<domain::booking_id, demand> endings;
  std::map<domain::option_id, demand> cancellations;

  // It is that late by the clock: what is durable is known.
  void note_clock(domain::time_point);
  std::vector<act_book> acts;          // in order, numbered from 1
  std::map<std::string, int> acts_due; // done and not in the log yet; below 0: too often there
  std::map<domain::user_id, service_book> served;

  // False when the id was used before.
  bool use_id(domain::id_kind, std::int64_t);

  user_book* find_user(const domain::user_id&);
  // Whether there was no such user, durably, at some instant from `since` on.
  bool was_nobody(const domain::user_id&, instant since);
  queue_book* find_queue(domain::concert_id);
  option_book* find_option(domain::option_id);
  booking_book* find_booking(domain::booking_id);
  payment_book* find_payment(domain::payment_id);
  token_book* find_token(domain::token_key);
  customer_book* find_customer(const domain::user_id&, domain::option_id);

  void set_seat(option_book&, domain::seat_id, seat_state);
  void set_status(booking_book&, domain::booking_status);
  void forget(booking_book&);
  void forget(token_book&);
  void set_processing(queue_book&, std::size_t);
  void join_line(queue_book&, const token_book&);
  void leave_line(queue_book&, const token_book&);
  // The rules that hold for a queue by what its operator last said.
  domain::queue_rules rules_of(const queue_book&) const;
  // Whether the concert's queue lets anybody in: while something sells, and when nothing will.
  // Nothing: who decided at `at` may or may not have known of what was put on offer or cancelled.
  std::optional<bool> sells(domain::concert_id, domain::time_point at) const;
  // Admissions in the second that ends at `at`.
  static std::size_t recent_admissions(const queue_book&, domain::time_point at);
};

// nullptr: it is not there.
template <class Map, class Key>
auto* found_in(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

// What never changes about a booking.
bool same_booking(const domain::booking&, const domain::booking&);
std::vector<domain::seat_name> names_of(const std::vector<domain::booked_seat>&);
// Sorted, so that the same seats make the same text.
std::string seats_in_order(std::vector<domain::seat_name>);
// What seats a booking asks for: by name, or "2 together in A".
std::string wish_of(const actors::create_booking&);
std::string wish_of(const domain::best_seats&);
// Of one section, with numbers that follow each other.
bool side_by_side(const std::vector<domain::booked_seat>&);

} // namespace boxoffice::sim
