// A sale to measure: one concert with one performance, and users who hold money and an admission,
// so that all of them can book at once.
#pragma once

#include "actors/domain/events.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace boxoffice::bench {

// The concert with its one performance of `seats` seats, on sale from `now` on for a month.
domain::concert plan_concert(domain::id_source&, domain::time_point now);
domain::concert_option plan_performance(domain::concert_id, int seats, domain::id_source&,
                                        domain::time_point now);

// Who books: user `number`, from 1. The token's key follows from the number: load must be able to
// name it.
domain::user_id buyer(int number);
domain::token_key buyer_token(int number);

// The user, ten times a seat's price on their wallet, and their token, which waits.
void plan_visitor(int number, domain::concert_id, domain::events& plan, domain::id_source&,
                  domain::time_point now);
// The same, but the token is PROCESSING for a day.
void plan_buyer(int number, domain::concert_id, domain::events& plan, domain::id_source&,
                domain::time_point now);

// Where the seat `index` (from 0) of the performance is.
domain::booked_seat seat_at(const domain::concert_option&, int index);

// Buyer `number` holds the `count` seats from `first` (from 0) on.
domain::booking_created plan_booking(int number, const domain::concert_option&, int first,
                                     int count, domain::id_source&, domain::time_point now);

} // namespace boxoffice::bench
