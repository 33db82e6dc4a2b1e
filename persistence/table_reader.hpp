// Reads entities back from the tables. Private to this room.
#pragma once

#include "persistence/sql.hpp"
#include "persistence/store.hpp"

#include <memory>

namespace boxoffice::persistence {

// Takes a connection of its own.
std::unique_ptr<reader> make_table_reader(std::unique_ptr<const sql_connection>);

} // namespace boxoffice::persistence
