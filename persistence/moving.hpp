// What is done to PostgreSQL and to an embedded store as a whole, while neither serves.
#pragma once

#include "actors/domain/time.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace boxoffice::persistence {

struct migration_report {
  std::int64_t found = 0; // the schema that was there; 0 for none
  std::int64_t now = 0;
};

// Makes the tables, or brings them up to date; safe when two do so at once. Throws open_failed.
migration_report migrate_postgres_at(const std::string& url);

struct rebuild_report {
  std::int64_t last_commit = 0; // that PostgreSQL had; what was acknowledged after it is lost
  domain::time_point at;        // its time
  std::int64_t rows = 0;
  std::string incarnation; // of the store made
};

// Makes an embedded store in `directory`, which must hold none, of what PostgreSQL has. It is a
// store of its own from then on, and PostgreSQL follows it: the file that was lost is refused,
// should it come back. Ids go on `ids_skipped` ahead, so that none that a buyer was told is given
// again: at least as many as the lost events, which PostgreSQL never got, can have used. Killed at
// any moment, it is simply run again. Throws open_failed.
rebuild_report rebuild_from_postgres(const std::filesystem::path& directory, const std::string& url,
                                     std::int64_t ids_skipped);

} // namespace boxoffice::persistence
