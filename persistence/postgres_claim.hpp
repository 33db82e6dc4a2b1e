// Who fills the tables: one process at a time. Private to this room.
#pragma once

#include "persistence/postgres_connection.hpp"

namespace boxoffice::persistence {

// Takes the tables for as long as this session lives. Waits a while for a session whose client is
// gone, which its server may not have noticed; throws postgres_unfit, taken, when another boxoffice
// holds them still.
void take_the_tables(const postgres_connection&);

} // namespace boxoffice::persistence
