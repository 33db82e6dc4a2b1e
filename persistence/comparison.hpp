// Whether the embedded store and PostgreSQL hold the same, row by row.
#pragma once

#include "persistence/audit.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace boxoffice::persistence {

struct comparison {
  std::int64_t local_commit = 0;
  std::int64_t postgres_commit = 0;
  bool done = false; // false: PostgreSQL did not catch up in time, and nothing was compared
  std::int64_t rows = 0;
  std::vector<audit_finding> findings; // rows that differ; none: they are equal
};

// Waits until PostgreSQL has what the embedded store has, and reads one state of each; changes
// nothing. Answers to keyed requests that have expired don't count: each store forgets them in its
// own time. Throws open_failed.
comparison compare_with_postgres(const std::filesystem::path& directory, const std::string& url,
                                 std::chrono::milliseconds patience);

} // namespace boxoffice::persistence
