// A copy of an embedded store, made beside a running server or without one.
//
// The copy is of one commit and whole; starting on its directory restores it. It gets an
// incarnation of its own: what it goes on to do is not what the original did after that commit, so
// nothing that names a commit of the one (an ETag, a position in an event stream) may fit the
// other.
#pragma once

#include <cstdint>
#include <filesystem>

namespace boxoffice::persistence {

struct backup_report {
  std::int64_t last_commit = 0; // the last one in the copy
  std::uintmax_t bytes = 0;
};

// Copies the store in `from` into `to`, which is made where there is none and must hold no store.
// The copy appears under its name only when it is complete, checked and synced; until then, and
// after a failure, the directory holds at most a file that says it is a part. Throws open_failed.
backup_report back_up_sqlite(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace boxoffice::persistence
