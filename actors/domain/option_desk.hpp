// The desk of one performance: admits new bookings and knows who has how many seats there
// (CONTRACT 2, Booking: seats per user and option; CONTRACT 3: PATCH /payments/payment).
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/concert.hpp"
#include "actors/domain/error.hpp"

#include <cstddef>
#include <map>
#include <unordered_map>
#include <vector>

namespace boxoffice::domain {

struct booking_rules {
  duration hold_for = std::chrono::minutes(5);
  std::size_t max_seats = 10;
  std::size_t max_seats_per_user = 10;
};

// A live booking, as far as the desk must know it.
struct booking_share {
  booking_status status = booking_status::pending;
  std::size_t seats = 0;
  money total;
};

struct customer {
  std::map<booking_id, booking_share> live; // pending, paying or paid
  bool had_expired = false;                 // some booking of theirs here ran out
};

struct option_desk {
  std::unordered_map<user_id, customer> customers;

  // Takes note of a booking as it stands now.
  void note(const booking&);
};

// The seats a request asks for, by ascending seat id; their reservations are not numbered yet.
// Refused: none, too many or one twice 400, outside the hours of sale 403, a seat that does not
// exist 404, too many a user 409.
result<std::vector<booked_seat>> decide_admission(const concert_option&, const option_desk&,
                                                  const booking_rules&, const user_id&,
                                                  const std::vector<seat_name>&, time_point now);

// Which booking a payment by user and option alone means: the one PENDING, whose price must be
// `amount` (else 400). Several: 409 that names them; only PAYING or CONFIRMED: 409; only expired:
// 410; none ever: 404.
result<booking_id> find_payable(const option_desk&, const user_id&, money amount);

} // namespace boxoffice::domain
