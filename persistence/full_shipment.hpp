// Everything the embedded store holds, into PostgreSQL at once. Private to this room.
#pragma once

#include "persistence/event_log.hpp"
#include "persistence/postgres_connection.hpp"

namespace boxoffice::persistence {

// In all tables.
std::int64_t count_rows(const sqlite_connection&);

// Replaces what the tables hold by what the embedded store holds as of one commit, which it
// returns, with that commit's time: in one read transaction here, while selling goes on, and within
// the caller's transaction there. Throws store_failed.
struct shipment_end {
  commit_number last = 0;
  domain::time_point at;
};
shipment_end ship_everything(const sqlite_connection& from, const postgres_connection& to,
                             const shipment_progress&);

} // namespace boxoffice::persistence
