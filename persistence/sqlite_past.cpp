#include "persistence/sqlite_past.hpp"

namespace boxoffice::persistence {

// Both indexes end with the row's own number, by which what ended at the same time is in order.
void create_past_indexes(const sqlite_connection& db) {
  db.execute(R"sql(
CREATE INDEX token_dead ON token (expiration_time) WHERE status = 'EXPIRED';
CREATE INDEX booking_unpaid ON booking (expires_at)
  WHERE status IN ('EXPIRED', 'CANCELLED') AND confirmed_at IS NULL;
)sql");
}

void keep_last_refusals(const sqlite_connection& db) {
  db.execute(R"sql(
DELETE FROM payment WHERE status = 'REFUSED' AND payment_id NOT IN
  (SELECT max(payment_id) FROM payment WHERE status = 'REFUSED' GROUP BY booking_id);
CREATE UNIQUE INDEX payment_refused ON payment (booking_id) WHERE status = 'REFUSED';
)sql");
}

bool sqlite_past_writer::forget(domain::token_key token) {
  forget_place_.run(token);
  return forget_token_.run(token) == 1;
}

bool sqlite_past_writer::forget(domain::booking_id booking) {
  forget_refusal_.run(booking);
  forget_seats_.run(booking);
  return forget_booking_.run(booking) == 1;
}

} // namespace boxoffice::persistence
