-- $1 option, $2 sections, $3 numbers: locks the seats, always in the same order.
SELECT s.seat_id, s.section, s.seat_number, s.price, s.is_reserved
FROM unnest($2::varchar[], $3::integer[]) AS wanted (section, seat_number)
JOIN seat s ON s.concert_option_id = $1::bigint AND s.section = wanted.section
           AND s.seat_number = wanted.seat_number
ORDER BY s.seat_id FOR UPDATE OF s
