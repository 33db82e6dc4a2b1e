// How PostgreSQL is reached.
#pragma once

#include "persistence/store.hpp"

#include <string>

namespace boxoffice::persistence {

struct postgres_options {
  std::string url;    // postgresql://user:password@host:port/database
  bool synced = true; // false only for durability = none: a crash of PostgreSQL may lose commits
};

// PostgreSQL does not answer, or not as it should for a while: it may be tried again.
struct unreachable : open_failed {
  using open_failed::open_failed;
};

// The database is not one that this store may be in, or not safely.
struct postgres_unfit : open_failed {
  enum class fault { schema, settings, taken, another_store, old_copy };
  postgres_unfit(fault kind, const std::string& what) : open_failed(what), why(kind) {}
  // Whether it is the store here that is not to go on: what it sells next may have been sold.
  bool bars_selling() const { return why == fault::another_store || why == fault::old_copy; }
  const char* name() const; // for machines
  fault why;
};

} // namespace boxoffice::persistence
