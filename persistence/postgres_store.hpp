// PostgreSQL as the store: the tables of the ERD in a database of its own.
//
// Guarantees. A commit is one transaction: all of its events or none. The tables' own constraints
// refuse what no sequence of valid events leads to: a second sale of a seat, a balance below zero,
// a booking of an unknown seat. One process writes; another one that tries is told so, and one that
// was cut off and comes back can commit nothing that does not follow from what stands there.
//
// In doubt. When the connection breaks during a COMMIT, PostgreSQL may have done it or not. probe()
// waits for what the lost session may still be doing and gives the last commit that is there.
#pragma once

#include "persistence/postgres_options.hpp"
#include "persistence/store.hpp"

#include <memory>

namespace boxoffice::persistence {

// Throws open_failed.
std::unique_ptr<store> open_postgres_store(const postgres_options&);

// Reads on a connection of its own, and goes on on a new one when that is lost.
std::unique_ptr<reader> open_postgres_reader(const std::string& url);

} // namespace boxoffice::persistence
