#include "persistence/sqlite_schema_6.hpp"

namespace boxoffice::persistence {

// By what PostgreSQL's state is known for one that this store was in: a copy of the store that sold
// on by itself has the same numbers, and other commits behind them.
void create_schema_6(const sqlite_connection& db) {
  db.execute(R"sql(
-- postgres_commit: what PostgreSQL was last known to have; 0 for nothing. postgres_time: that
-- commit's time; NULL where an older version did not keep it
ALTER TABLE store_meta ADD COLUMN postgres_commit INTEGER NOT NULL DEFAULT 0;
ALTER TABLE store_meta ADD COLUMN postgres_time TEXT;

-- The times of commits that PostgreSQL may have got since, and that are not in event_log
CREATE TABLE commit_time (
  commit_number INTEGER PRIMARY KEY,
  committed_at  TEXT NOT NULL
) STRICT;

-- What the log has lost, PostgreSQL has
UPDATE store_meta SET postgres_commit =
  coalesce((SELECT min(commit_number) - 1 FROM event_log), 0);
)sql");
}

} // namespace boxoffice::persistence
