#include "persistence/sqlite_schema_2.hpp"

#include "persistence/sqlite_requests.hpp"

namespace boxoffice::persistence {

namespace {

// Users may go, refunds and adjustments are entries, and operators' acts are logged.
//
// SQLite can't change a table's checks, so point_entry is made anew. The list of an option's
// bookings goes by their ids; nobody asked for them by user.
void add_history(const sqlite_connection& db) {
  db.execute(R"sql(
-- erased_at: then name and email are empty
ALTER TABLE users ADD COLUMN erased_at TEXT;

CREATE TABLE new_point_entry (
  entry_id INTEGER PRIMARY KEY,
  user_id  TEXT NOT NULL REFERENCES users,
  kind     TEXT NOT NULL CHECK (kind IN ('CHARGE', 'PAYMENT', 'REFUND', 'ADJUSTMENT')),
  amount   INTEGER NOT NULL,
  balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
  payment_id    INTEGER,
  booking_id    INTEGER,
  reason        TEXT,
  created_at    TEXT NOT NULL,
  CHECK (kind <> 'CHARGE' OR amount > 0),
  CHECK (kind <> 'PAYMENT' OR amount <= 0),
  CHECK (kind <> 'REFUND' OR amount >= 0),
  CHECK (kind NOT IN ('PAYMENT', 'REFUND')
         OR (payment_id IS NOT NULL AND booking_id IS NOT NULL)),
  CHECK (kind <> 'ADJUSTMENT' OR (amount <> 0 AND reason IS NOT NULL))
) STRICT;
INSERT INTO new_point_entry (entry_id, user_id, kind, amount, balance_after, payment_id,
                             booking_id, created_at)
  SELECT entry_id, user_id, kind, amount, balance_after, payment_id, booking_id, created_at
  FROM point_entry;
DROP TABLE point_entry;
ALTER TABLE new_point_entry RENAME TO point_entry;
CREATE INDEX entry_by_user ON point_entry (user_id);

DROP INDEX booking_by_option;
CREATE INDEX booking_by_option ON booking (concert_option_id);

-- What operators did, in the order in which it became durable
CREATE TABLE audit_log (
  audit_id INTEGER PRIMARY KEY,
  at       TEXT NOT NULL,
  act      TEXT NOT NULL,
  subject  TEXT NOT NULL,
  reason   TEXT
) STRICT;
)sql");
}

// A performance whose seats are still being laid. Its rows of seat are the first ones of those that
// its sections say.
void add_drafts(const sqlite_connection& db) {
  db.execute(R"sql(
-- published: 0 while the option's seats are being laid; then nobody sees it
ALTER TABLE concert_option ADD COLUMN published INTEGER NOT NULL DEFAULT 1
  CHECK (published IN (0, 1));
CREATE INDEX option_drafted ON concert_option (concert_option_id) WHERE published = 0;
)sql");
}

// Operators set up single queues. A limit that is NULL goes by the service's settings, and so does
// a queue without a row.
void add_queue_settings(const sqlite_connection& db) {
  db.execute(R"sql(
CREATE TABLE queue_setting (
  concert_id       INTEGER PRIMARY KEY REFERENCES concert,
  active_limit     INTEGER CHECK (active_limit >= 0),
  admit_per_second INTEGER CHECK (admit_per_second >= 0),
  paused           INTEGER NOT NULL CHECK (paused IN (0, 1)),
  changed_at       TEXT NOT NULL
) STRICT;
)sql");
}

// How far a cancelled option has come. Its `bookings` are those that lived when it was cancelled.
void add_cancellations(const sqlite_connection& db) {
  db.execute(R"sql(
CREATE TABLE option_cancellation (
  concert_option_id INTEGER PRIMARY KEY REFERENCES concert_option,
  requested_at TEXT NOT NULL,
  bookings     INTEGER NOT NULL CHECK (bookings >= 0),
  completed_at TEXT
) STRICT;
CREATE UNIQUE INDEX refund_once ON point_entry (booking_id) WHERE kind = 'REFUND';
)sql");
}

} // namespace

// One function an area.
void create_schema_2(const sqlite_connection& db) {
  add_history(db);          // users, wallets, operators
  add_drafts(db);           // the catalogue
  add_cancellations(db);    // bookings
  add_queue_settings(db);   // queues
  create_request_table(db); // requests with an Idempotency-Key
}

} // namespace boxoffice::persistence
