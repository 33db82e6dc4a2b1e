// What a batch has come to, written.
#include "persistence/postgres_bookings.hpp"
#include "persistence/refusals.hpp"

namespace boxoffice::persistence {

namespace {

using of = column::of;

constexpr const char* select_refunding = R"sql(
SELECT n FROM unnest($1::bigint[]) WITH ORDINALITY AS u (booking_id, n)
JOIN booking b ON b.booking_id = u.booking_id AND b.status <> 'REFUNDING')sql";

constexpr const char* select_refundable = R"sql(
SELECT u.n
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
  WITH ORDINALITY AS u (booking_id, user_id, payment_id, amount, status, n)
JOIN booking b ON b.booking_id = u.booking_id AND b.user_id = u.user_id
  AND (u.payment_id IS NULL OR b.payment_id = u.payment_id) AND b.total = u.amount
  AND b.status = coalesce(u.status, b.status))sql";

constexpr const char* change_reservation_rows = R"sql(
UPDATE reservation r SET is_confirmed = r.is_confirmed OR u.confirmed, released_at = u.released_at
FROM unnest($1::bigint[], $2::boolean[], $3::timestamp[]) AS u (booking_id, confirmed, released_at)
WHERE r.booking_id = u.booking_id AND r.released_at IS NULL
  AND NOT (u.confirmed AND r.is_confirmed))sql";

constexpr const char* end_hold_rows = R"sql(
DELETE FROM temp_reservation t
USING unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS u (seat_id, booking_id, n)
WHERE t.seat_id = u.seat_id AND t.booking_id = u.booking_id
RETURNING u.n)sql";

constexpr const char* change_seat_rows = R"sql(
UPDATE seat s SET is_reserved = u.now
FROM unnest($1::bigint[], $2::boolean[], $3::boolean[], $4::bigint[])
  WITH ORDINALITY AS u (seat_id, before, now, option_id, n)
WHERE s.seat_id = u.seat_id AND s.is_reserved = u.before
  AND s.concert_option_id = coalesce(u.option_id, s.concert_option_id)
RETURNING u.n)sql";

constexpr const char* change_booking_rows = R"sql(
UPDATE booking b SET status = u.now,
  payment_id = CASE WHEN u.pays THEN u.payment ELSE b.payment_id END,
  paid_with_token = CASE WHEN u.pays THEN u.paid_with ELSE b.paid_with_token END,
  confirmed_at = coalesce(u.confirmed_at, b.confirmed_at),
  settled = coalesce(u.settled, b.settled)
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::boolean[], $5::text[], $6::boolean[],
            $7::bigint[], $8::uuid[], $9::timestamp[], $10::boolean[])
  WITH ORDINALITY AS u (booking_id, before, payment_before, settled_before, now, pays, payment,
                        paid_with, confirmed_at, settled, n)
WHERE b.booking_id = u.booking_id AND b.status = u.before
  AND (u.payment_before IS NULL OR b.payment_id = u.payment_before)
  AND (u.settled_before IS NULL OR b.settled = u.settled_before)
  AND (b.status <> 'REFUNDING' OR EXISTS
       (SELECT 1 FROM point_entry e WHERE e.booking_id = b.booking_id AND e.kind = 'REFUND'))
RETURNING u.n)sql";

constexpr const char* add_booking_rows = R"sql(
INSERT INTO booking (booking_id, concert_option_id, concert_id, user_id, token, total, created_at,
                     expires_at, status, payment_id, paid_with_token, confirmed_at, settled)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[], $6::bigint[],
                     $7::timestamp[], $8::timestamp[], $9::text[], $10::bigint[], $11::uuid[],
                     $12::timestamp[], $13::boolean[]))sql";

// The holds of those that wait to be paid come in the same statement: most of a small batch's cost
// is that of its statements, not of its rows.
constexpr const char* add_reservation_rows = R"sql(
WITH u AS MATERIALIZED (
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::timestamp[],
                       $6::bigint[], $7::bigint[], $8::boolean[], $9::timestamp[], $10::timestamp[])
    AS u (reservation_id, option_id, user_id, seat_id, at, booking_id, price, confirmed,
          released_at, held_until)),
added AS (
  INSERT INTO reservation (reservation_id, concert_option_id, user_id, seat_id, reservation_time,
                           booking_id, price, is_confirmed, released_at)
  SELECT reservation_id, option_id, user_id, seat_id, at, booking_id, price, confirmed, released_at
  FROM u)
INSERT INTO temp_reservation (temp_reservation_id, user_id, seat_id, temp_reservation_time,
                              expiration_time, booking_id)
SELECT reservation_id, user_id, seat_id, at, held_until, booking_id FROM u
WHERE held_until IS NOT NULL)sql";

} // namespace

// What is given up goes before what is taken: a seat may have another booking by the end.
void postgres_bookings::write(const postgres_connection& db) {
  if (bookings_.empty() && refunds_.empty()) return;
  learn_refunding(db);
  check_refunds(db);
  change_reservations(db);
  end_holds(db);
  change_seats(db);
  change_bookings(db);
  add_bookings(db);
  add_reservations(db);
  *this = {};
}

// Of bookings that are cancelled: those that were REFUNDING have no holds any more.
void postgres_bookings::learn_refunding(const postgres_connection& db) {
  column id(of::integers);
  std::vector<booking_change*> asked;
  for (auto& [key, b] : bookings_) {
    if (!b.may_be_refunding) continue;
    id.add(key);
    asked.push_back(&b);
  }
  if (asked.empty()) return;
  // Left out: those that are REFUNDING, or don't exist.
  for (const auto n : db.ordinals_left_out(select_refunding, {&id})) {
    asked[n]->before = state::refunding;
    asked[n]->ends_holds = false;
  }
}

void postgres_bookings::check_refunds(const postgres_connection& db) {
  column booking(of::integers), user(of::texts), payment(of::integers), amount(of::integers),
      status(of::texts);
  std::vector<domain::booking_id> asked;
  for (const auto& e : refunds_) {
    const auto known = bookings_.find(e.booking);
    if (known != bookings_.end() && known->second.created) continue; // checked when it was noted
    const bool begun_here = known != bookings_.end() && known->second.money_back;
    booking.add(e.booking);
    user.add(e.user);
    // What was paid in this batch is not in the table yet; it was compared when it was noted.
    const bool paid_here = begun_here && known->second.pays;
    payment.add(paid_here ? std::nullopt : std::optional(e.payment));
    amount.add(e.amount);
    begun_here ? status.add(std::nullopt) : status.add("REFUNDING");
    asked.push_back(e.booking);
  }
  if (asked.empty()) return;
  if (const auto n =
          db.find_left_out(select_refundable, {&booking, &user, &payment, &amount, &status}))
    require(false, "Booking", asked[*n], "is not REFUNDING this payment and amount of this user.");
}

void postgres_bookings::change_reservations(const postgres_connection& db) {
  column id(of::integers), confirmed(of::booleans), released_at(of::times);
  std::size_t seats = 0;
  for (const auto& [key, b] : bookings_) {
    if (b.created || (!b.confirmed && !b.released_at)) continue;
    id.add(key);
    confirmed.add(b.confirmed);
    released_at.add(b.released_at);
    seats += b.seats.size();
  }
  if (id.size() == 0) return;
  const auto changed = db.run(change_reservation_rows, {&id, &confirmed, &released_at});
  if (changed != static_cast<std::int64_t>(seats))
    refuse("The bookings confirmed or ended have " + std::to_string(changed) +
           " live rows in reservation where their events name " + std::to_string(seats) +
           " seats.");
}

void postgres_bookings::end_holds(const postgres_connection& db) {
  column seat(of::integers), booking(of::integers);
  std::vector<domain::seat_id> ended;
  for (const auto& [key, b] : bookings_) {
    if (!b.ends_holds) continue;
    for (const auto s : b.seats) {
      seat.add(s);
      booking.add(key);
      ended.push_back(s);
    }
  }
  if (ended.empty()) return;
  if (const auto n = db.find_left_out(end_hold_rows, {&seat, &booking}))
    require(false, "Seat", ended[*n], "is not held for this booking in temp_reservation.");
}

void postgres_bookings::change_seats(const postgres_connection& db) {
  column id(of::integers), before(of::booleans), now(of::booleans), option(of::integers);
  std::vector<domain::seat_id> changed;
  for (const auto& [key, s] : seats_) {
    id.add(key);
    before.add(s.before);
    now.add(s.now);
    option.add(s.option);
    changed.push_back(key);
  }
  if (changed.empty()) return;
  if (const auto n = db.find_left_out(change_seat_rows, {&id, &before, &now, &option}))
    require(false, "Seat", changed[*n],
            seats_.at(changed[*n]).before ? "is not reserved in seat."
                                          : "is not free in seat, or of another option.");
}

void postgres_bookings::change_bookings(const postgres_connection& db) {
  column id(of::integers), before(of::texts), payment_before(of::integers),
      settled_before(of::booleans), now(of::texts), pays(of::booleans), payment(of::integers),
      paid_with(of::tokens), confirmed_at(of::times), settled(of::booleans);
  std::vector<domain::booking_id> changed;
  for (const auto& [key, b] : bookings_) {
    if (b.created) continue;
    id.add(key);
    before.add(to_string(b.before));
    payment_before.add(b.payment_before);
    settled_before.add(b.settled_before);
    now.add(to_string(b.now));
    pays.add(b.pays);
    payment.add(b.payment);
    paid_with.add(b.paid_with);
    confirmed_at.add(b.confirmed_at);
    settled.add(b.settled);
    changed.push_back(key);
  }
  if (changed.empty()) return;
  if (const auto n = db.find_left_out(change_booking_rows,
                                      {&id, &before, &payment_before, &settled_before, &now, &pays,
                                       &payment, &paid_with, &confirmed_at, &settled}))
    require(false, "Booking", changed[*n],
            "is in another state in booking, or has another payment.");
}

void postgres_bookings::add_bookings(const postgres_connection& db) {
  column id(of::integers), option(of::integers), concert(of::integers), user(of::texts),
      token(of::tokens), total(of::integers), created_at(of::times), expires_at(of::times),
      now(of::texts), payment(of::integers), paid_with(of::tokens), confirmed_at(of::times),
      settled(of::booleans);
  for (const auto& [key, b] : bookings_) {
    if (!b.created) continue;
    const auto& e = *b.created;
    id.add(key);
    option.add(e.option);
    concert.add(e.concert);
    user.add(e.user);
    token.add(e.token);
    total.add(e.total);
    created_at.add(e.at);
    expires_at.add(e.expires_at);
    now.add(to_string(b.now));
    payment.add(b.payment);
    paid_with.add(b.paid_with);
    confirmed_at.add(b.confirmed_at);
    settled.add(b.settled.value_or(false));
  }
  if (id.size() == 0) return;
  db.run(add_booking_rows, {&id, &option, &concert, &user, &token, &total, &created_at, &expires_at,
                            &now, &payment, &paid_with, &confirmed_at, &settled});
}

void postgres_bookings::add_reservations(const postgres_connection& db) {
  column id(of::integers), option(of::integers), user(of::texts), seat(of::integers), at(of::times),
      booking(of::integers), price(of::integers), confirmed(of::booleans), released_at(of::times),
      held_until(of::times);
  for (const auto& [key, b] : bookings_) {
    if (!b.created) continue;
    const auto& e = *b.created;
    const bool is_held = !b.confirmed && !b.released_at;
    for (const auto& s : e.seats) {
      id.add(s.reservation);
      option.add(e.option);
      user.add(e.user);
      seat.add(s.seat);
      at.add(e.at);
      booking.add(key);
      price.add(s.price);
      confirmed.add(b.confirmed);
      released_at.add(b.released_at);
      held_until.add(is_held ? std::optional(e.expires_at) : std::nullopt);
    }
  }
  if (id.size() == 0) return;
  db.run(add_reservation_rows, {&id, &option, &user, &seat, &at, &booking, &price, &confirmed,
                                &released_at, &held_until});
}

} // namespace boxoffice::persistence
