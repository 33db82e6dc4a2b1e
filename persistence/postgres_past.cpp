#include "persistence/postgres_past.hpp"

#include "persistence/refusals.hpp"

namespace boxoffice::persistence {

namespace {

using of = column::of;

constexpr const char* forget_places = R"sql(
DELETE FROM queue q USING token t, unnest($1::uuid[]) AS u (token)
WHERE t.token = u.token AND q.queue_id = t.token_id)sql";

constexpr const char* forget_tokens = R"sql(
DELETE FROM token t USING unnest($1::uuid[]) WITH ORDINALITY AS u (token, n)
WHERE t.token = u.token AND t.status = 'EXPIRED' RETURNING u.n)sql";

constexpr const char* forget_refusals = R"sql(
DELETE FROM payment p USING unnest($1::bigint[]) AS u (booking_id)
WHERE p.booking_id = u.booking_id AND p.status = 'REFUSED')sql";

constexpr const char* forget_seats = R"sql(
DELETE FROM reservation r USING unnest($1::bigint[]) AS u (booking_id)
WHERE r.booking_id = u.booking_id AND r.released_at IS NOT NULL)sql";

constexpr const char* forget_bookings = R"sql(
DELETE FROM booking b USING unnest($1::bigint[]) WITH ORDINALITY AS u (booking_id, n)
WHERE b.booking_id = u.booking_id AND b.status IN ('EXPIRED', 'CANCELLED')
  AND b.confirmed_at IS NULL RETURNING u.n)sql";

} // namespace

void postgres_past::write(const domain::tokens_forgotten& e) {
  column token(of::tokens);
  for (const auto key : e.tokens) token.add(key);
  db_.run(forget_places, {&token});
  if (const auto n = db_.find_left_out(forget_tokens, {&token}))
    require(false, e.tokens[*n], "is alive, or unknown.");
}

void postgres_past::write(const domain::bookings_forgotten& e) {
  column booking(of::integers);
  for (const auto id : e.bookings) booking.add(id);
  db_.run(forget_refusals, {&booking});
  db_.run(forget_seats, {&booking});
  if (const auto n = db_.find_left_out(forget_bookings, {&booking}))
    require(false, "Booking", e.bookings[*n], "is not over, was paid, or is unknown.");
}

} // namespace boxoffice::persistence
