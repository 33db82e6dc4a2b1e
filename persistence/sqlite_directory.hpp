// The directory of an embedded store: who may use it, and what lies in it before SQLite looks.
// Private to this room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace boxoffice::persistence {

std::filesystem::path database_file(const std::filesystem::path& directory);

// A file's content, or which names a directory holds, is durable then. Gives errno, 0 when it is.
int sync_to_disk(const std::filesystem::path&);
// The same of a directory. Throws open_failed.
void sync_directory(const std::filesystem::path& directory);

// Whether a process that is alive or crashed left commits in the WAL.
bool has_wal(const std::filesystem::path& file);

// Looks at the database file without SQLite, which may write merely by opening. Throws open_failed
// when it is there and is no database, another application's, or a newer version's.
void check_header(const std::filesystem::path& file);

// The same of what SQLite read from the header, which may still stand in the WAL.
void check_identity(const std::filesystem::path& file, std::int64_t application_id,
                    std::int64_t version, bool has_tables);

// The directory, made where there was none, and kept from other processes and other stores of this
// one while this lives. The kernel lets go of it when the process ends, however it ends. Until
// keep() is called, it takes back at its end what was made since its beginning.
class directory_lock {
public:
  explicit directory_lock(const std::filesystem::path& directory);
  directory_lock(const directory_lock&) = delete;
  directory_lock& operator=(const directory_lock&) = delete;
  ~directory_lock();

  void keep() { made_.clear(); }

private:
  void make_directory(const std::filesystem::path& directory);
  void take(const std::filesystem::path& directory, const std::filesystem::path& file);
  void write_holder(const std::filesystem::path& file) const;
  void remove_made();

  int descriptor_ = -1;
  std::vector<std::filesystem::path> made_; // the last made is the first to remove
};

} // namespace boxoffice::persistence
