-- $1 option, $2 token: what a booking is judged by. No row: no such option; user_id NULL: no such token.
SELECT o.concert_id, c.name AS concert_name, o.starts_at,
       o.published AND o.sales_open_at <= now() AT TIME ZONE 'UTC'
         AND o.sales_close_at > now() AT TIME ZONE 'UTC' AS on_sale,
       coalesce(t.status = 'PROCESSING' AND t.expiration_time > now() AT TIME ZONE 'UTC', false)
         AS admitted,
       t.concert_code = o.concert_id::varchar AS of_concert,
       t.user_id, u.name AS user_name, w.balance
FROM concert_option o
JOIN concert c USING (concert_id)
LEFT JOIN token t ON t.token = $2::uuid
LEFT JOIN users u ON u.user_id = t.user_id
LEFT JOIN wallet w ON w.user_id = t.user_id
WHERE o.concert_option_id = $1::bigint
