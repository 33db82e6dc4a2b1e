// Private to this room.
#pragma once

#include "persistence/sqlite_connection.hpp"

namespace boxoffice::persistence {

// Makes schema 6 of schema 5. Within the caller's transaction.
void create_schema_6(const sqlite_connection&);

} // namespace boxoffice::persistence
