// What schema 2 adds to schema 1. Private to this room.
#pragma once

#include "persistence/sqlite_connection.hpp"

namespace boxoffice::persistence {

void create_schema_2(const sqlite_connection&);

} // namespace boxoffice::persistence
