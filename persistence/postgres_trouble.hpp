// What a failure of PostgreSQL's means for whoever operates it. Private to this room.
//
// Told by its SQLSTATE alone: PostgreSQL's words come in the language it is set to.
#pragma once

#include "persistence/shipper.hpp"

#include <string>

namespace boxoffice::persistence {

struct postgres_trouble {
  const char* name;   // for machines, as GET /readyz tells it
  const char* advice; // one sentence or two
  using ends = hindrance::ends;
  ends how;
};

// `sqlstate`: "" when PostgreSQL could not be asked.
const postgres_trouble& trouble_of(const std::string& sqlstate);

// Why a connection can't be made, by PostgreSQL's word: its SQLSTATE, 25006 where it is read-only;
// "" when it does not answer, or does by now. libpq and libpqxx keep that to themselves, so it is
// asked anew. `parameters`: libpq's words. Takes a few seconds at most.
std::string diagnose_connecting(const std::string& parameters);

} // namespace boxoffice::persistence
