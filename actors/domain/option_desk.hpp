// The desk of one performance: admits new bookings and knows who has how many seats there
// (CONTRACT 2, Booking: seats per user and option; CONTRACT 3: PATCH /payments/payment).
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/concert.hpp"
#include "actors/domain/error.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace boxoffice::domain {

struct booking_rules {
  duration hold_for = std::chrono::minutes(5);
  std::size_t max_seats = 10;
  std::size_t max_seats_per_user = 10;      // live or paid, in one performance
  std::size_t max_holds_per_user = 100'000; // bookings not paid yet, in one performance
};

// A live booking, as far as the desk must know it.
struct booking_share {
  booking_status status = booking_status::pending;
  std::size_t seats = 0;
  money total;
};

// A booking that is over, by when it may be forgotten: from its hold's time on; never, when it was
// paid.
using past_share = std::pair<time_point, booking_id>;
past_share past_share_of(const booking&);

struct customer {
  std::map<booking_id, booking_share> live; // pending, paying, paid or being refunded
  // The last to be forgotten of their bookings here that ran out, and that were cancelled.
  std::optional<past_share> expired, cancelled;
};

struct option_desk {
  std::unordered_map<user_id, customer> customers;
  bool cancelled = false; // the performance is: nothing more is sold, all that lives is ended
  bool wound_up = false;  // and nothing lives any more

  // Takes note of a booking as it stands now.
  void note(const booking&);
  // The store holds this booking no more. They are forgotten in the order of past_share.
  void forget(const user_id&, booking_status, const past_share&);
};

// Calls the performance off: option_cancelled, or nothing when it was before. Refused: it has
// begun 403 SALE_CLOSED.
result<events> decide_cancellation(const concert_option&, const option_desk&, time_point now);

// The bookings that live, by ascending id.
std::vector<booking_id> live_bookings(const option_desk&);

void evolve(option_desk&, const event&);

// Whether the user has a booking here that is PENDING, PAYING, REFUNDING, or CONFIRMED for a
// performance that has not begun.
bool has_live_booking(const option_desk&, const user_id&, time_point starts_at, time_point now);

// The seats a request asks for, by ascending seat id; their reservations are not numbered yet.
// Refused: none, too many or one twice 400, outside the hours of sale 403, a seat that does not
// exist 404, too many seats or pending bookings a user 409.
result<std::vector<booked_seat>> decide_admission(const concert_option&, const option_desk&,
                                                  const booking_rules&, const user_id&,
                                                  const std::vector<seat_name>&, time_point now);

// Why so many seats together can't be asked for: none or too many 400, outside the hours of sale
// 403, no such section 404, too many a user 409.
std::optional<rejection> check_best(const concert_option&, const option_desk&, const booking_rules&,
                                    const user_id&, const best_seats&, time_point now);

// There are no such seats: 409.
rejection none_together(const best_seats&);

// Which booking a payment by user and option alone means: the one PENDING, whose price must be
// `amount` (else 400). Several: 409 that names them; only PAYING, CONFIRMED or REFUNDING: 409; only
// such as are over: 410 when one of them ran out, else 409; none ever: 404.
result<booking_id> find_payable(const option_desk&, const user_id&, money amount);

} // namespace boxoffice::domain
