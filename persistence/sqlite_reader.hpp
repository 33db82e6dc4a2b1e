// Reads entities back from the tables. Private to this room.
#pragma once

#include "persistence/sqlite_connection.hpp"
#include "persistence/store.hpp"

#include <memory>

namespace boxoffice::persistence {

// Takes a connection of its own.
std::unique_ptr<reader> make_sqlite_reader(sqlite_connection);

} // namespace boxoffice::persistence
