#include "persistence/sqlite_schema_3.hpp"

namespace boxoffice::persistence {

// What is read in the same words from this store and from PostgreSQL, where a boolean is no number
// and point.amount is in points; and the log of what PostgreSQL does not have yet.
void create_schema_3(const sqlite_connection& db) {
  db.execute(R"sql(
DROP INDEX booking_unfinished;
CREATE INDEX booking_unfinished ON booking (booking_id)
  WHERE status IN ('PENDING', 'PAYING', 'REFUNDING') OR (status = 'CONFIRMED' AND NOT settled);

-- balance: in minor units
CREATE VIEW wallet AS
  SELECT point_id, user_id, amount AS balance, last_charge_amount, last_charge_at FROM point;

-- One row a commit that PostgreSQL may lack, while there is a PostgreSQL to ship to. committed_at:
-- the last_time it left. changes: how many events. events: event_format.hpp
CREATE TABLE event_log (
  commit_number INTEGER PRIMARY KEY,
  committed_at  TEXT NOT NULL,
  changes       INTEGER NOT NULL,
  format        INTEGER NOT NULL,
  events        BLOB NOT NULL
) STRICT;
)sql");
}

} // namespace boxoffice::persistence
