// What the service asks of a store, whatever keeps the data. Blocking; no actor in sight.
//
// A store holds the state that its events led to, in tables a person can read, and the number of
// its last commit. One thread commits; each reader belongs to one thread. A conformance suite
// (tests/persistence) runs over every store.
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/catalogue.hpp"
#include "actors/domain/events.hpp"
#include "actors/domain/history.hpp"
#include "actors/domain/kept_requests.hpp"
#include "actors/domain/option_desk.hpp"
#include "actors/domain/queue.hpp"
#include "actors/domain/retention.hpp"
#include "actors/domain/seat.hpp"
#include "actors/domain/wallet.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace boxoffice::persistence {

using commit_number = std::int64_t; // 1 for the first commit; rises by 1

// The store can't be opened: the text says why and what to do. Nothing is left half open.
struct open_failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A commit or a read failed.
struct store_failed : std::runtime_error {
  enum class reason {
    unavailable, // full, I/O error, busy: may pass
    refused,     // a constraint of the tables refused the content: a fault of ours
    damaged,     // a row holds what nobody wrote; the rest of the store may be sound
  };
  store_failed(reason cause, const std::string& what) : std::runtime_error(what), why(cause) {}
  reason why;
};

struct taken_seat {
  domain::option_id option;
  domain::seat_id seat;
  domain::seat_status status = domain::seat_status::held;
  domain::booking_id holder;
};

struct live_token {
  domain::token_key token;
  domain::concert_id concert;
  domain::token_status status = domain::token_status::waiting; // or processing
};

// What is read as a whole, at start and after a failed commit.
struct image {
  bool empty = true;       // neither users nor concerts
  std::string incarnation; // tells this store from every other, a copy of it too
  domain::catalogue catalogue;
  std::vector<taken_seat> taken; // all others are free
  std::vector<live_token> tokens;
  domain::id_counters next_ids{};
  commit_number last_commit = 0;
  domain::time_point last_time; // of the last commit
};

// Entities with something left to do by themselves: they are woken at start.
struct unfinished_work {
  std::vector<domain::concert_id> queues;   // with live tokens
  std::vector<domain::booking_id> bookings; // PENDING, PAYING, REFUNDING, or not settled
  std::vector<domain::option_id> options;   // cancelled, and some of their bookings may live
  bool drafts = false;                      // the catalogue's: performances not yet published
};

// Whose a token is, and what became of it; its status may have changed since.
struct token_owner {
  domain::user_id user;
  domain::concert_id concert;
  domain::token_status status = domain::token_status::waiting;
  std::int32_t priority = 0;
  domain::time_point issued_at;
  std::optional<domain::time_point> admitted_at;
  domain::time_point expires_at; // of an EXPIRED one: when it died
};

// Reads what is committed. Each call sees one consistent state; nothing = no such entity.
// Throws store_failed. One thread at a time.
class reader {
public:
  virtual ~reader() = default;

  virtual image load_image() = 0;
  virtual unfinished_work find_unfinished() = 0;

  // Performances that are not published, by ascending id.
  virtual std::vector<domain::option_draft> load_drafts() = 0;
  virtual std::optional<domain::wallet> load_wallet(const domain::user_id&) = 0;
  // The live tokens, the operator's settings, and the admissions of the second before the last
  // admission; waiting tokens count as polled at `now`.
  virtual std::optional<domain::queue> load_queue(domain::concert_id, domain::time_point now) = 0;
  virtual std::optional<domain::option_desk> load_desk(domain::option_id) = 0;
  virtual std::optional<domain::booking> load_booking(domain::booking_id) = 0;
  virtual std::optional<domain::seat> load_seat(domain::seat_id) = 0;
  virtual std::optional<token_owner> find_token(domain::token_key) = 0;

  // This part of what is past: at most so many tokens and bookings, in their order.
  virtual domain::past find_past(const domain::past_bounds&) = 0;

  // --- what clients ask for; lists are told from the newest on
  // An erased user is nobody here.
  virtual std::optional<domain::user_account> find_user(const domain::user_id&) = 0;
  virtual std::optional<domain::wallet_entry> find_entry(const domain::user_id&,
                                                         domain::entry_id) = 0;
  virtual std::optional<domain::page<domain::wallet_entry>>
  find_entries(const domain::user_id&, const domain::page_bounds&) = 0;
  virtual std::optional<domain::page<domain::booking>>
  find_user_bookings(const domain::user_id&, const domain::page_bounds&) = 0;
  virtual domain::page<domain::booking> find_option_bookings(domain::option_id,
                                                             const domain::page_bounds&) = 0;
  // The debit that a booking was paid by.
  virtual std::optional<domain::payment_record> find_payment(domain::booking_id) = 0;
  virtual domain::page<domain::audit_record> find_acts(const domain::page_bounds&) = 0;

  // Whether the user has a live token, or a live booking: PENDING, PAYING, REFUNDING, or CONFIRMED
  // for a performance that has not begun by `now`.
  virtual bool is_in_use(const domain::user_id&, domain::time_point now) = 0;
  // The keyed requests that this entity has to know: of a booking all that its acts complete or
  // completed, of the others all they own. Without those that have expired at `now`.
  virtual domain::kept_requests load_kept_requests(const domain::request_owner&,
                                                   domain::time_point now) = 0;
};

class store {
public:
  virtual ~store() = default;

  // Makes all events durable, in order, or none of them. `now` becomes the store's last time.
  // Throws store_failed; then it is unknown whether they are durable until probe() has returned.
  virtual commit_number commit(const domain::events&, domain::time_point now) = 0;

  // Proves by a synced write that the store can be written to, and settles what the last failed
  // commit did: gives the number of the last commit that is in the store. Throws store_failed.
  virtual commit_number probe() = 0;

  // A reader of its own connection.
  virtual std::unique_ptr<reader> open_reader() = 0;
};

} // namespace boxoffice::persistence
