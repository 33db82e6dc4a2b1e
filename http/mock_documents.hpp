// The documents of the seed's API, each field where the seed's samples have it and ours behind.
#pragma once

#include "actors/commands.hpp"
#include "actors/domain/concert.hpp"
#include "http/json_writer.hpp"

namespace boxoffice::http {

// {"queueToken":…,"position":…,"issueTime":…,"expirationTime":…,"queueStatus":…}
void write_token(json_writer&, const domain::token_view&);

// A user's id: a number where it is one, so that 1 stays 1.
void write_user_id(json_writer&, const domain::user_id&);

// {"userId":…,"name":…,"balance":…}
void write_user(json_writer&, const actors::wallet_view&);

// "seatId":…,"seatNumber":…,"reserved":…,"section":…,"price":… without the braces
void write_seat_fields(json_writer&, domain::seat_id, const domain::seat_name&, bool reserved,
                       domain::money price);

// {"responseResult":"SUCCESS","bookingId":…,…}. The catalogue knows the booking's performance.
void write_booking(json_writer&, const actors::booking_view&, const domain::catalogue&);

} // namespace boxoffice::http
