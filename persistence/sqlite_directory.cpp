#include "persistence/sqlite_directory.hpp"

#include "persistence/sqlite_schema.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace boxoffice::persistence {

namespace fs = std::filesystem;

namespace {

constexpr const char* lock_name = "boxoffice.lock";

[[noreturn]] void fail_to_write(const fs::path& path, int error) {
  throw open_failed("Can't write " + path.string() + ": " + std::strerror(error) +
                    ". Make it writable for this user, or choose another --store.path.");
}

} // namespace

fs::path database_file(const fs::path& directory) { return directory / "boxoffice.db"; }

bool has_wal(const fs::path& file) {
  std::error_code absent;
  const auto size = fs::file_size(fs::path(file) += "-wal", absent);
  return !absent && size > 0;
}

// --- what lies there

void check_header(const fs::path& file) {
  // https://www.sqlite.org/fileformat.html, 1.3
  constexpr std::string_view magic("SQLite format 3\0", 16);
  constexpr std::size_t version_at = 60, application_at = 68, header_size = 100;

  // A creation that was cut short; SQLite undoes it by the journal, whatever stands in the file.
  if (fs::exists(fs::path(file) += "-journal")) return;
  std::ifstream in(file, std::ios::binary);
  if (!in || in.peek() == std::ifstream::traits_type::eof()) return; // SQLite makes it
  std::array<char, header_size> header{};
  in.read(header.data(), header.size());
  if (in.gcount() < static_cast<std::streamsize>(header_size) ||
      std::string_view(header.data(), magic.size()) != magic)
    throw open_failed(file.string() + " is not a database. Move it away to start with an empty "
                                      "store, or restore a backup in its place.");

  const auto big_endian = [&header](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value = value << 8 | static_cast<unsigned char>(header[at + i]);
    return static_cast<std::int64_t>(value);
  };
  check_identity(file, big_endian(application_at), big_endian(version_at), false);
}

void check_identity(const fs::path& file, std::int64_t application_id, std::int64_t version,
                    bool has_tables) {
  const bool unmarked = application_id == 0 && version == 0 && !has_tables;
  if (!unmarked && application_id != boxoffice_application_id)
    throw open_failed(file.string() +
                      " belongs to another application. Choose another --store.path.");
  if (version > schema_version())
    throw open_failed(file.string() + " was made by a newer version: its schema is " +
                      std::to_string(version) + ", this binary knows " +
                      std::to_string(schema_version()) +
                      ". Run the newer binary, or restore a backup made before the upgrade.");
}

// --- directory_lock

namespace {

// Whether `descriptor` is still what the name leads to.
bool still_named(int descriptor, const fs::path& file) {
  struct stat ours {
  }, named{};
  return ::fstat(descriptor, &ours) == 0 && ::stat(file.c_str(), &named) == 0 &&
         ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

} // namespace

int sync_to_disk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  return synced ? 0 : error;
}

void sync_directory(const fs::path& directory) {
  if (const int error = sync_to_disk(directory)) fail_to_write(directory, error);
}

directory_lock::directory_lock(const fs::path& directory) {
  const auto lock_file = directory / lock_name;
  const auto database = database_file(directory);
  try {
    make_directory(directory);
    take(directory, lock_file);
    // Who held it before wrote a pid into it; an empty file was made just now.
    if (fs::file_size(lock_file) == 0) made_.push_back(lock_file);
    if (!fs::exists(database))
      for (const char* suffix : {"", "-journal", "-shm", "-wal"})
        made_.push_back(fs::path(database) += suffix);
    write_holder(lock_file);
  } catch (...) {
    remove_made();
    throw;
  }
}

void directory_lock::make_directory(const fs::path& directory) {
  std::vector<fs::path> missing;
  for (auto path = fs::absolute(directory); !fs::exists(path); path = path.parent_path())
    missing.push_back(path);
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    throw open_failed("Can't make the directory " + directory.string() + ": " + error.message() +
                      ". Make it yourself for this user, or choose another --store.path.");
  made_.assign(missing.rbegin(), missing.rend());
}

void directory_lock::take(const fs::path& directory, const fs::path& file) {
  // A failed open removes the lock file it made, maybe between our open() and flock(): a lock on a
  // file that is no longer there keeps nobody out, so look again.
  do {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail_to_write(file, errno);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      std::string holder = "?";
      std::ifstream(file) >> holder;
      throw open_failed("The store in " + directory.string() + " is in use by process " + holder +
                        ". Stop that one first, or choose another --store.path.");
    }
  } while (!still_named(descriptor_, file));
}

void directory_lock::write_holder(const fs::path& file) const {
  const auto pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor_, 0) != 0 ||
      ::pwrite(descriptor_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    fail_to_write(file, errno);
}

void directory_lock::remove_made() {
  std::error_code ignored; // what was never made isn't there; what others use since is not empty
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) fs::remove(*path, ignored);
  if (descriptor_ >= 0) ::close(descriptor_);
}

directory_lock::~directory_lock() { remove_made(); }

} // namespace boxoffice::persistence
