-- $1 user, $2 amount in minor units: locks the wallet, and says whether this is a double submit.
SELECT u.name, (p.amount * 100)::bigint AS balance,
       coalesce(p.last_charge_amount = $2::bigint
         AND p.last_charge_at > now() AT TIME ZONE 'UTC' - interval '1 second', false) AS repeated
FROM point p JOIN users u USING (user_id)
WHERE p.user_id = $1::varchar FOR UPDATE OF p
