-- $1 user, $2 amount in minor units: the wallet and its history.
WITH charged AS (
  UPDATE point SET amount = amount + $2::bigint / 100.0, last_charge_amount = $2::bigint,
                   last_charge_at = now() AT TIME ZONE 'UTC'
  WHERE user_id = $1::varchar
  RETURNING (amount * 100)::bigint AS balance
)
INSERT INTO point_entry (user_id, kind, amount, balance_after, created_at)
SELECT $1::varchar, 'CHARGE', $2::bigint, balance, now() AT TIME ZONE 'UTC' FROM charged
RETURNING balance_after
