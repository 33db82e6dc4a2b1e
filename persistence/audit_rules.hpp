// What must be true of the tables, as queries for the rows that break it, in the words that SQLite
// and PostgreSQL share. Private to this room.
//
// Entries have no index but that of their user, who may have thousands: they are joined as a whole,
// not looked up one by one.
#pragma once

namespace boxoffice::persistence {

struct audit_rule {
  const char* name;
  const char* faults; // gives one sentence a fault, in its first column
};

// Each of them reads on even when others are broken.
constexpr audit_rule audit_rules[] = {
    {"one_holder_per_seat", R"sql(
SELECT 'Seat ' || seat_id || ' has ' || count(*) || ' live reservations, from ' ||
       min(reservation_id) || ' to ' || max(reservation_id) || '.'
FROM reservation WHERE released_at IS NULL GROUP BY seat_id HAVING count(*) > 1)sql"},

    {"seat_reserved_as_booked", R"sql(
SELECT 'Seat ' || seat_id || CASE WHEN is_reserved THEN ' is reserved without a live reservation.'
                                  ELSE ' has a live reservation but is not reserved.' END
FROM seat s
WHERE is_reserved <> EXISTS (SELECT 1 FROM reservation r
                             WHERE r.seat_id = s.seat_id AND released_at IS NULL))sql"},

    {"seats_add_up", R"sql(
WITH kept AS (
  SELECT concert_option_id,
         (SELECT coalesce(sum(seats), 0) FROM section c
          WHERE c.concert_option_id = o.concert_option_id) AS planned,
         (SELECT count(*) FROM seat s
          WHERE s.concert_option_id = o.concert_option_id) AS present,
         (SELECT count(*) FROM seat s
          WHERE s.concert_option_id = o.concert_option_id AND NOT is_reserved) AS free,
         published
  FROM concert_option o),
live AS (
  SELECT concert_option_id, count(*) FILTER (WHERE NOT is_confirmed) AS held,
         count(*) FILTER (WHERE is_confirmed) AS sold
  FROM reservation WHERE released_at IS NULL GROUP BY concert_option_id)
SELECT 'Option ' || concert_option_id || ' has ' || planned || ' seats in its sections and ' ||
       present || ' rows of seats: ' || free || ' free, ' || coalesce(held, 0) || ' held, ' ||
       coalesce(sold, 0) || ' sold.'
FROM kept LEFT JOIN live USING (concert_option_id)
WHERE CASE WHEN published THEN planned <> present
           ELSE planned < present OR coalesce(held + sold, 0) > 0 END
   OR free + coalesce(held, 0) + coalesce(sold, 0) <> present)sql"},

    {"holds_of_live_bookings", R"sql(
SELECT 'Reservation ' || reservation_id || ' of the ' || status || ' booking ' || b.booking_id ||
       ' has no hold.'
FROM booking b JOIN reservation r ON r.booking_id = b.booking_id
WHERE status IN ('PENDING', 'PAYING')
  AND NOT EXISTS (SELECT 1 FROM temp_reservation t
                  WHERE t.temp_reservation_id = r.reservation_id AND t.seat_id = r.seat_id
                    AND t.booking_id = b.booking_id AND t.user_id = b.user_id
                    AND t.expiration_time = b.expires_at)
UNION ALL
SELECT 'Hold ' || temp_reservation_id || ' on seat ' || seat_id || ' belongs to no live booking.'
FROM temp_reservation t
WHERE NOT EXISTS (SELECT 1 FROM reservation r JOIN booking b ON b.booking_id = r.booking_id
                  WHERE r.reservation_id = t.temp_reservation_id AND released_at IS NULL
                    AND NOT is_confirmed AND b.booking_id = t.booking_id
                    AND b.status IN ('PENDING', 'PAYING')))sql"},

    {"seats_as_the_booking_stands", R"sql(
SELECT 'Reservation ' || reservation_id || ' of the ' || status || ' booking ' || b.booking_id ||
       ' is ' || CASE WHEN released_at IS NULL THEN '' ELSE 'released and ' END ||
       CASE WHEN is_confirmed THEN 'confirmed.' ELSE 'not confirmed.' END
FROM booking b JOIN reservation r ON r.booking_id = b.booking_id
WHERE CASE
  WHEN status IN ('PENDING', 'PAYING') THEN released_at IS NOT NULL OR is_confirmed
  WHEN status IN ('CONFIRMED', 'REFUNDING') THEN released_at IS NOT NULL OR NOT is_confirmed
  WHEN status = 'EXPIRED' THEN released_at IS NULL OR is_confirmed
  ELSE released_at IS NULL END)sql"},

    {"seats_of_the_option", R"sql(
SELECT 'Reservation ' || reservation_id || ' of booking ' || b.booking_id || ' is for seat ' ||
       r.seat_id || ', user ' || r.user_id || ' and option ' || r.concert_option_id ||
       '; the booking is ' || b.user_id || '''s for option ' || b.concert_option_id || '.'
FROM booking b JOIN reservation r ON r.booking_id = b.booking_id
LEFT JOIN seat s ON s.seat_id = r.seat_id
WHERE b.concert_option_id <> r.concert_option_id OR b.user_id <> r.user_id
   OR b.concert_option_id IS DISTINCT FROM s.concert_option_id
   OR b.concert_id IS DISTINCT FROM s.concert_id)sql"},

    {"total_of_the_seats", R"sql(
SELECT 'Booking ' || b.booking_id || ' costs ' || total || ', its ' || count(reservation_id) ||
       ' seats cost ' || coalesce(sum(price), 0) || '.'
FROM booking b LEFT JOIN reservation r ON r.booking_id = b.booking_id
GROUP BY b.booking_id HAVING count(reservation_id) = 0 OR total <> sum(price))sql"},

    {"balance_of_the_entries", R"sql(
SELECT 'Wallet of ' || user_id || ' holds ' || balance || ', its entries sum to ' || entries || '.'
FROM (SELECT user_id, balance, (SELECT coalesce(sum(e.amount), 0) FROM point_entry e
                                WHERE e.user_id = w.user_id) AS entries FROM wallet w) AS wallets
WHERE balance <> entries OR balance < 0
UNION ALL
SELECT 'Entry ' || entry_id || ' of ' || user_id || ' leaves ' || balance_after ||
       ', the entries up to it sum to ' || running || '.'
FROM (SELECT entry_id, user_id, balance_after,
             sum(amount) OVER (PARTITION BY user_id ORDER BY created_at, entry_id) AS running
      FROM point_entry) AS entries
WHERE balance_after <> running OR balance_after < 0)sql"},

    {"a_wallet_for_each_user", R"sql(
SELECT 'User ' || u.user_id || ' has ' || count(point_id) || ' wallets.'
FROM users u LEFT JOIN point p ON p.user_id = u.user_id
GROUP BY u.user_id HAVING count(point_id) <> 1)sql"},

    {"sold_is_paid_once", R"sql(
WITH taken AS (
  SELECT payment_id, booking_id, user_id, -amount AS amount, count(*) AS entries
  FROM point_entry WHERE kind = 'PAYMENT' GROUP BY payment_id, booking_id, user_id, amount)
SELECT 'The ' || status || ' booking ' || booking_id || ' of ' || total || ' has ' || payments ||
       ' payments (' || right_payments || ' of its total) and ' || entries || ' entries.'
FROM (SELECT b.booking_id, status, total,
             (SELECT count(*) FROM payment p
              WHERE p.booking_id = b.booking_id AND p.status = 'DEBITED') AS payments,
             (SELECT count(*) FROM payment p
              WHERE p.payment_id = b.payment_id AND p.booking_id = b.booking_id
                AND p.status = 'DEBITED' AND p.amount = b.total
                AND p.user_id = b.user_id) AS right_payments,
             coalesce(t.entries, 0) AS entries
      FROM booking b LEFT JOIN taken t
        ON t.payment_id = b.payment_id AND t.booking_id = b.booking_id
           AND t.user_id = b.user_id AND t.amount = b.total
      WHERE status IN ('CONFIRMED', 'REFUNDING')) AS sold
WHERE payments <> 1 OR right_payments <> 1 OR entries <> 1)sql"},

    {"adjustments_are_in_the_log", R"sql(
WITH adjusted AS (
  SELECT 'user ' || user_id AS subject, count(*) AS entries FROM point_entry
  WHERE kind = 'ADJUSTMENT' GROUP BY user_id),
logged AS (
  SELECT subject, count(*) AS acts FROM audit_log WHERE act = 'wallet.adjust' GROUP BY subject)
SELECT 'The wallet of ' || subject || ' was adjusted ' || entries || ' times; the log of acts has ' ||
       coalesce(acts, 0) || '.'
FROM adjusted LEFT JOIN logged USING (subject) WHERE entries <> coalesce(acts, 0)
UNION ALL
SELECT 'The log of acts has ' || acts || ' adjustments of the wallet of ' || subject ||
       ', which has none.'
FROM logged WHERE subject NOT IN (SELECT subject FROM adjusted))sql"},

    {"the_erased_are_gone", R"sql(
SELECT 'User ' || user_id || ' was erased and still has a name or an email.'
FROM users WHERE erased_at IS NOT NULL AND (name <> '' OR email <> '')
UNION ALL
SELECT 'User ' || user_id || ' was erased and has the ' || status || ' booking ' || booking_id || '.'
FROM users JOIN booking USING (user_id)
WHERE erased_at IS NOT NULL
  AND (status IN ('PENDING', 'PAYING') OR booking.created_at > erased_at)
UNION ALL
SELECT 'User ' || user_id || ' was erased and has the ' || status || ' token row ' || token_id || '.'
FROM users JOIN token USING (user_id) WHERE erased_at IS NOT NULL AND status <> 'EXPIRED')sql"},

    {"cancelled_is_refunded_once", R"sql(
SELECT 'The ' || status || ' booking ' || booking_id || ' of ' || total || ', paid ' || payments ||
       ' times, has ' || refunds || ' refunds (' || right_refunds || ' of its total).'
FROM (SELECT b.booking_id, status, total,
             (SELECT count(*) FROM payment p
              WHERE p.booking_id = b.booking_id AND p.status = 'DEBITED') AS payments,
             (SELECT count(*) FROM point_entry e
              WHERE e.booking_id = b.booking_id AND e.kind = 'REFUND') AS refunds,
             (SELECT count(*) FROM point_entry e
              WHERE e.booking_id = b.booking_id AND e.kind = 'REFUND' AND e.user_id = b.user_id
                AND e.payment_id = b.payment_id AND e.amount = b.total) AS right_refunds
      FROM booking b) AS bookings
WHERE refunds <> right_refunds OR refunds > payments
   OR (refunds > 0 AND status NOT IN ('REFUNDING', 'CANCELLED'))
   OR (status = 'CANCELLED' AND refunds <> payments)
UNION ALL
SELECT 'Entry ' || entry_id || ' refunds booking ' || e.booking_id || ', which does not exist.'
FROM point_entry e
WHERE kind = 'REFUND' AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.booking_id = e.booking_id)
)sql"},

    {"cancelled_options_sell_nothing", R"sql(
SELECT 'Booking ' || booking_id || ' of option ' || b.concert_option_id || ' was made at ' ||
       created_at || ', the option was cancelled at ' || requested_at || '.'
FROM booking b JOIN option_cancellation c ON c.concert_option_id = b.concert_option_id
WHERE created_at > requested_at
UNION ALL
SELECT 'The cancelling of option ' || b.concert_option_id || ' was completed at ' || completed_at ||
       ', but its booking ' || booking_id || ' is ' || status || '.'
FROM booking b JOIN option_cancellation c ON c.concert_option_id = b.concert_option_id
WHERE completed_at IS NOT NULL AND status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING')
)sql"},

    {"debits_have_bookings", R"sql(
SELECT 'Payment ' || p.payment_id || ' took ' || amount || ' from ' || p.user_id ||
       ' for booking ' || p.booking_id || ', which ' ||
       coalesce('is ' || b.status || ' with payment ' || coalesce(CAST(b.payment_id AS TEXT), 'none'),
                'does not exist') || '.'
FROM payment p LEFT JOIN booking b ON b.booking_id = p.booking_id AND b.user_id = p.user_id
WHERE p.status = 'DEBITED'
  AND (b.payment_id = p.payment_id AND
       b.status IN ('PAYING', 'CONFIRMED', 'REFUNDING', 'CANCELLED')) IS NOT TRUE)sql"},

    {"debits_have_entries", R"sql(
WITH taken AS (
  SELECT DISTINCT payment_id, booking_id, user_id, -amount AS amount
  FROM point_entry WHERE kind = 'PAYMENT')
SELECT 'Payment ' || p.payment_id || ' has no entry of ' || -p.amount || '.'
FROM payment p LEFT JOIN taken t
  ON t.payment_id = p.payment_id AND t.booking_id = p.booking_id
     AND t.user_id = p.user_id AND t.amount = p.amount
WHERE p.status = 'DEBITED' AND t.payment_id IS NULL
UNION ALL
SELECT 'Entry ' || entry_id || ' is for payment ' || payment_id || ', which debited nothing.'
FROM point_entry e
WHERE kind = 'PAYMENT'
  AND NOT EXISTS (SELECT 1 FROM payment p
                  WHERE p.payment_id = e.payment_id AND p.status = 'DEBITED'))sql"},

    {"tokens_stand_in_a_queue", R"sql(
SELECT 'Token row ' || token_id || ' (' || status || ', ' || t.user_id || ', concert ' ||
       concert_code || ') has no such place in a queue.'
FROM token t
WHERE NOT EXISTS (SELECT 1 FROM queue q
                  WHERE q.queue_id = t.token_id AND q.user_id = t.user_id
                    AND CAST(q.concert_id AS TEXT) = t.concert_code AND q.queue_time = t.issued_at)
UNION ALL
SELECT 'Queue row ' || queue_id || ' has no token.'
FROM queue WHERE NOT EXISTS (SELECT 1 FROM token WHERE token_id = queue_id)
UNION ALL
SELECT 'User ' || user_id || ' has ' || count(*) || ' live tokens for concert ' || concert_code ||
       '.'
FROM token WHERE status <> 'EXPIRED' GROUP BY concert_code, user_id HAVING count(*) > 1)sql"},

    {"counters_are_ahead", R"sql(
WITH used (kind, highest) AS (
  SELECT 'concert', max(concert_id) FROM concert UNION ALL
  SELECT 'option', max(concert_option_id) FROM concert_option UNION ALL
  SELECT 'seat', max(seat_id) FROM seat UNION ALL
  SELECT 'booking', max(booking_id) FROM booking UNION ALL
  SELECT 'payment', max(payment_id) FROM payment UNION ALL
  SELECT 'payment', max(payment_id) FROM booking UNION ALL
  SELECT 'token', max(token_id) FROM token UNION ALL
  SELECT 'reservation', max(reservation_id) FROM reservation UNION ALL
  SELECT 'point', max(point_id) FROM point UNION ALL
  SELECT 'entry', max(entry_id) FROM point_entry)
SELECT 'The next ' || u.kind || ' would be ' || coalesce(CAST(next AS TEXT), 'unknown') || ', but ' || highest ||
       ' is used.'
FROM used u LEFT JOIN id_counter c ON c.kind = u.kind
WHERE highest IS NOT NULL AND (next > highest) IS NOT TRUE)sql"},
};

// What SQLite itself knows of its file.
constexpr audit_rule sqlite_audit_rules[] = {

    {"foreign_keys", R"sql(
SELECT 'A row of ' || "table" || ' (' || coalesce(rowid, 'no rowid') || ') refers to no row of ' ||
       parent || '.'
FROM pragma_foreign_key_check)sql"},

    {"integrity", R"sql(
SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok')sql"},
};

} // namespace boxoffice::persistence
