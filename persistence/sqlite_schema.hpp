// The tables of the embedded store, and how a file of an older version becomes one of this.
#pragma once

#include "persistence/sqlite_connection.hpp"

#include <cstdint>

namespace boxoffice::persistence {

// Stands in the file's header; `file boxoffice.db` shows it.
constexpr std::int64_t boxoffice_application_id = 0x626F786F; // "boxo"

// The schema this binary writes: the number of the last migration.
std::int64_t schema_version();

// Brings the file to schema_version(), one transaction a migration.
void migrate(const sqlite_connection&);
// Only as far as this version: to try what an older binary left.
void migrate_to(const sqlite_connection&, std::int64_t version);

// Makes a copy of a store a store of its own, told from the first by its incarnation.
void draw_new_incarnation(const sqlite_connection&);

} // namespace boxoffice::persistence
