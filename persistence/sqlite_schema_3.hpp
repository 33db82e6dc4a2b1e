// Private to this room.
#pragma once

#include "persistence/sqlite_connection.hpp"

namespace boxoffice::persistence {

// Makes schema 3 of schema 2. Within the caller's transaction.
void create_schema_3(const sqlite_connection&);

} // namespace boxoffice::persistence
