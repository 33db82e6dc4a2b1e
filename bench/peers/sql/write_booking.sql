-- $1 option, $2 concert, $3 user, $4 token, $5 total, $6 seat ids, $7 their prices: all that a booking writes.
WITH marked AS (
  UPDATE seat SET is_reserved = true WHERE seat_id = ANY ($6::bigint[])
), booked AS (
  INSERT INTO booking (concert_option_id, concert_id, user_id, token, total, created_at,
                       expires_at, status)
  VALUES ($1::bigint, $2::bigint, $3::varchar, $4::uuid, $5::bigint, now() AT TIME ZONE 'UTC',
          now() AT TIME ZONE 'UTC' + interval '5 minutes', 'PENDING')
  RETURNING booking_id, created_at, expires_at
), reserved AS (
  INSERT INTO reservation (concert_option_id, user_id, seat_id, reservation_time, booking_id, price)
  SELECT $1::bigint, $3::varchar, s.seat_id, b.created_at, b.booking_id, s.price
  FROM booked b, unnest($6::bigint[], $7::bigint[]) AS s (seat_id, price)
  RETURNING reservation_id, seat_id
), held AS (
  INSERT INTO temp_reservation (temp_reservation_id, user_id, seat_id, temp_reservation_time,
                                expiration_time, booking_id)
  SELECT r.reservation_id, $3::varchar, r.seat_id, b.created_at, b.expires_at, b.booking_id
  FROM reserved r, booked b
)
SELECT booking_id, created_at FROM booked
