// How PostgreSQL is reached.
#pragma once

#include "persistence/store.hpp"

#include <string>

namespace boxoffice::persistence {

struct postgres_options {
  std::string url;    // postgresql://user:password@host:port/database
  bool synced = true; // false only for durability = none: a crash of PostgreSQL may lose commits
};

// PostgreSQL does not answer, or is busy starting or stopping: it may be tried again.
struct unreachable : open_failed {
  using open_failed::open_failed;
};

} // namespace boxoffice::persistence
