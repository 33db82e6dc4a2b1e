// What is forgotten, and when: tokens that are dead and bookings that were never paid, once nobody
// can need them any more and they have been kept as long as the settings say.
//
// Neither changes again by itself, so whoever reads them from the store may decide on what it read.
// What tells of money is kept for ever: whatever was paid, and what was paid back.
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/events.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace boxoffice::domain {

struct retention_rules {
  duration dead_tokens = std::chrono::hours(720);     // from the token's end
  duration unpaid_bookings = std::chrono::hours(720); // from the end of its hold's time
};

// How often to look for what may be forgotten: often enough that it outlasts its time by little.
duration look_back_every(const retention_rules&);

// An EXPIRED token.
struct past_token {
  token_key token;
  token_id row;
  concert_id concert;
  time_point died_at;
  bool is_last = false;  // to arrive: the next one's number goes on from its own
  bool is_named = false; // by a booking for which something is left to do
};

// An EXPIRED booking, or one that was CANCELLED without ever having been paid.
struct past_booking {
  booking_id booking;
  option_id option;
  user_id user;
  booking_status status = booking_status::expired;
  time_point held_until; // unless it was given up before
  // A keyed request that its acts complete is under way, or its answer may be asked for again.
  bool is_asked_for = false;
};

// Of whom a booking must stay, so that their later ones in that option stay as well: a desk hears
// only how far they are forgotten.
using held_back = std::set<std::pair<option_id, user_id>>;

struct past {
  std::vector<past_token> tokens;     // by their end, then by row
  std::vector<past_booking> bookings; // by their holds' time, then by id
  // Whose hold's time is so long over, and still nobody has said that it ran out, or it is being
  // paid: it takes its place in that order when it is over. With the first part.
  held_back overdue = {};
  // Rows between them that make no sense and stay where they are: which, and why.
  std::vector<std::string> unreadable = {};
  bool empty() const { return tokens.empty() && bookings.empty(); }
};

// Which part of the past to read: what ended until a moment, behind a place in the order above.
template <class Id>
struct past_part {
  time_point until;
  std::pair<time_point, Id> after{};
};
struct past_bounds {
  past_part<token_id> tokens;
  past_part<booking_id> bookings;
  std::size_t most = 0; // of each
  time_point now;       // as answers to keyed requests go
  bool begins = true;   // this is the first part
};

// At `now`, from the oldest on.
past_bounds begin_of_past(const retention_rules&, time_point now, std::size_t most);
// What comes behind this part.
past_bounds next_of_past(const past_bounds&, const past&);

// What of it is forgotten: tokens_forgotten for each concert, bookings_forgotten for each option.
// `now` is when it was looked at, or before. Who is held back is found part by part.
events decide_forgetting(const past&, const retention_rules&, time_point now, held_back&);

} // namespace boxoffice::domain
