#include "persistence/backup.hpp"

#include "persistence/sqlite_directory.hpp"
#include "persistence/sqlite_schema.hpp"

#include <sqlite3.h>

#include <cstring>

namespace boxoffice::persistence {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds patience{5}; // for a lock that another process holds

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
  throw open_failed("Can't back up to " + path.string() + ": " + why);
}

// A directory of the copy's own. What lies in it already may be a store in use: it is left alone.
void make_room(const fs::path& directory) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) fail(directory, failure.message() + ". Name a directory that can be written to.");
  if (fs::exists(database_file(directory)))
    fail(directory, "there is a store in it already. Name another directory.");
}

void remove_part(const fs::path& file) {
  std::error_code ignored;
  for (const char* beside : {"", "-wal", "-shm", "-journal"})
    fs::remove(fs::path(file) += beside, ignored);
}

sqlite_connection open_source(const fs::path& directory) {
  const auto file = database_file(directory);
  if (!fs::exists(file))
    throw open_failed("There is no store in " + directory.string() + ": " + file.string() +
                      " does not exist. Name the right --store.path.");
  check_header(file);
  const bool leave_wal = has_wal(file);
  sqlite_connection db(file, sqlite_connection::access::read_write, "", patience);
  db.checkpoint_on_close(!leave_wal);
  db.execute("PRAGMA query_only = ON");
  check_identity(file, db.integer("PRAGMA application_id"), db.integer("PRAGMA user_version"),
                 true);
  return db;
}

// All pages in one step, which is one read transaction: in steps, every commit of the server's
// would make SQLite begin anew, and a busy store would never be copied.
void copy_pages(const sqlite_connection& from, const sqlite_connection& to) {
  auto* const copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copying == nullptr)
    throw sqlite_failed(sqlite3_errcode(to.handle()), sqlite3_errmsg(to.handle()));
  sqlite3_backup_step(copying, -1);
  const int result = sqlite3_backup_finish(copying);
  if (result != SQLITE_OK) throw sqlite_failed(result, sqlite3_errmsg(to.handle()));
}

// Leaves nothing in a WAL, so that the one file is the whole copy.
std::int64_t finish_copy(const fs::path& file) {
  sqlite_connection copy(file, sqlite_connection::access::read_write, "", patience);
  draw_new_incarnation(copy);
  if (const auto verdict = copy.text("PRAGMA quick_check(1)"); verdict != "ok")
    fail(file, "the copy is damaged as the store itself is (" + verdict + ").");
  copy.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return copy.integer("SELECT last_commit FROM store_meta");
}

void sync(const fs::path& path) {
  if (const int error = sync_to_disk(path)) fail(path, std::strerror(error));
}

} // namespace

backup_report back_up_sqlite(const fs::path& from, const fs::path& to) {
  const auto source = open_source(from);
  make_room(to);
  const auto whole = database_file(to);
  const auto part = fs::path(whole) += ".part";
  remove_part(part); // of an attempt that was cut short
  backup_report report;
  try {
    copy_pages(source, {part, sqlite_connection::access::create, "", patience});
    report.last_commit = finish_copy(part);
    sync(part);
    fs::rename(part, whole);
    sync(to);
    report.bytes = fs::file_size(whole);
  } catch (const store_failed& failure) {
    remove_part(part);
    fail(to, failure.what());
  } catch (const std::exception&) {
    remove_part(part);
    throw;
  }
  return report;
}

} // namespace boxoffice::persistence
