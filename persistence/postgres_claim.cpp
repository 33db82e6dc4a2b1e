#include "persistence/postgres_claim.hpp"

#include "persistence/postgres_options.hpp"

namespace boxoffice::persistence {

// A server gives up a peer that is gone after eleven seconds at most, by the settings of each
// session (postgres_connection.cpp): whoever comes after it must wait for longer.
void take_the_tables(const postgres_connection& db) {
  const auto usual = db.text("SHOW lock_timeout");
  try {
    db.execute("SET lock_timeout = '20s'");
    db.execute("SELECT pg_advisory_lock(7094437906517745999)");
    db.execute("SET lock_timeout = '" + usual + "'");
  } catch (const postgres_failed& failure) {
    if (failure.sqlstate != "55P03") throw;
    throw postgres_unfit(postgres_unfit::fault::taken,
                         "Another boxoffice fills this database: end that one first, or name "
                         "another database.");
  }
}

} // namespace boxoffice::persistence
