// The tables that both stores have, column by column: for whatever handles them all alike. Private
// to this room.
#pragma once

#include "persistence/postgres_connection.hpp"

#include <string>
#include <vector>

namespace boxoffice::persistence {

struct table_column {
  const char* name;
  column::of kind;
};

struct table {
  const char* name;
  std::vector<table_column> columns; // the first `key` of them are the key
  std::size_t key = 1;

  // The columns by name, with commas between them.
  std::string column_names() const;
  // What a SELECT names in PostgreSQL to read these columns as the embedded store has them:
  // point.amount in minor units; and what it names to write them there.
  std::string from_postgres() const;
  std::string into_postgres() const;
};

// All but store_meta, parents before children.
const std::vector<table>& all_tables();

} // namespace boxoffice::persistence
