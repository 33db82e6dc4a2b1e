// The tables in PostgreSQL, and how a database of an older version becomes one of this.
#pragma once

#include "persistence/postgres_connection.hpp"

#include <cstdint>

namespace boxoffice::persistence {

// The schema this binary writes: the number of the last migration.
std::int64_t postgres_schema_version();

// Brings the database to postgres_schema_version(), all in one transaction, under a lock: of two
// that start at once the second waits and finds nothing to do. Gives the version it found, 0 for
// none. Throws open_failed, which says what to do: a newer schema, no permission to make tables, a
// read-only standby.
std::int64_t migrate_postgres(const postgres_connection&);

// The version of the schema that is there; 0 for none. Changes nothing.
std::int64_t find_postgres_schema(const postgres_connection&);

} // namespace boxoffice::persistence
