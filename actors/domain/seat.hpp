// The arbiter of one seat: who holds it, who is about to, who waits to hear.
//
// It keeps no durable state of its own. A booking claims its seats one by one in ascending order,
// appends its record, and only then makes its claims holds. While a seat is claimed the next asker
// waits: it is refused only once the claimant's record stands, and served if the claimant gives up.
// Ascending order rules out deadlock; first come, first served rules out starvation.
#pragma once

#include "actors/domain/ids.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace boxoffice::domain {

enum class seat_status : unsigned char { free, held, sold };

// "FREE"
const char* to_string(seat_status);

enum class claim_answer { granted, waits, taken };

struct seat {
  seat_status status = seat_status::free;
  booking_id holder;              // when held or sold
  booking_id claimant;            // holds the claim, its record not yet appended
  std::deque<booking_id> waiting; // behind the claimant
};

// `asker` wants the seat. A booking that already has the claim or the seat is granted it again.
claim_answer claim(seat&, booking_id asker);

// `claimant` appended its record: the seat is held. Gives those who waited: all are refused.
// Does nothing when the claim is not the claimant's.
std::vector<booking_id> hold(seat&, booking_id claimant);

// `asker` gives up its claim or its place among the waiting. Gives who holds the claim in its
// stead.
std::optional<booking_id> withdraw(seat&, booking_id asker);

// The holder's payment is done. Does nothing when `holder` does not hold the seat.
void sell(seat&, booking_id holder);

// The holder gives the seat back. Does nothing when `holder` neither holds nor bought it.
void release(seat&, booking_id holder);

} // namespace boxoffice::domain
