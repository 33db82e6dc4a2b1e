// Deletes what is forgotten from PostgreSQL's tables. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/postgres_connection.hpp"

namespace boxoffice::persistence {

// Writes at once, within the caller's transaction: what came before it must be written.
class postgres_past {
public:
  explicit postgres_past(const postgres_connection& db) : db_(db) {}

  void write(const domain::tokens_forgotten&);
  void write(const domain::bookings_forgotten&);

private:
  const postgres_connection& db_;
};

} // namespace boxoffice::persistence
