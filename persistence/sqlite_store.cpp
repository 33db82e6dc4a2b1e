#include "persistence/sqlite_store.hpp"

#include "persistence/event_log.hpp"
#include "persistence/sqlite_connection.hpp"
#include "persistence/sqlite_directory.hpp"
#include "persistence/sqlite_schema.hpp"
#include "persistence/sqlite_writer.hpp"
#include "persistence/table_reader.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>

namespace boxoffice::persistence {

namespace {

class sqlite_store final : public store {
public:
  sqlite_store(const sqlite_options& options, std::unique_ptr<directory_lock> lock,
               sqlite_connection db)
      : options_(options), lock_(std::move(lock)), db_(std::move(db)) {
    if (options_.log) {
      log_.begin();
      options_.log->committed(last_commit(), 0);
    } else {
      log_.end();
    }
  }

  commit_number commit(const domain::events&, domain::time_point now) override;
  commit_number probe() override;
  std::unique_ptr<reader> open_reader() override;

private:
  template <class Work>
  commit_number in_transaction(Work);
  void roll_back_rest();
  commit_number last_commit();
  commit_number write(const domain::events&, domain::time_point now);
  void log_for_postgres(commit_number, const domain::events&, domain::time_point now);

  sqlite_options options_;
  std::unique_ptr<directory_lock> lock_; // let go after the connection is closed
  sqlite_connection db_;
  sqlite_writer writer_{db_};
  event_log_writer log_{db_};
  statement begin_{db_, "BEGIN IMMEDIATE"};
  statement commit_{db_, "COMMIT"};
  statement rollback_{db_, "ROLLBACK"};
  statement probe_{db_, "UPDATE store_meta SET probes = probes + 1"};
  statement last_commit_{db_, "SELECT last_commit FROM store_meta"};
};

// Every failure leaves the connection outside a transaction; should even the rollback fail, the
// next call begins with it. The connection is never opened anew, because that would recover from
// the file what a failed sync may have left there (see "In doubt" in the header).
template <class Work>
commit_number sqlite_store::in_transaction(Work work) {
  roll_back_rest();
  begin_.run();
  try {
    const commit_number number = work();
    commit_.run();
    return number;
  } catch (const store_failed&) {
    try {
      roll_back_rest();
    } catch (const store_failed&) {
      // What made the commit fail says more.
    }
    throw;
  }
}

// SQLite ends the transaction by itself on some errors, and not on others.
void sqlite_store::roll_back_rest() {
  if (db_.in_transaction()) rollback_.run();
}

commit_number sqlite_store::write(const domain::events& facts, domain::time_point now) {
  const auto number = writer_.write(facts, now);
  if (options_.log) log_for_postgres(number, facts, now);
  return number;
}

void sqlite_store::log_for_postgres(commit_number number, const domain::events& facts,
                                    domain::time_point now) {
  log_.add(number, now, facts);
  const auto there = options_.log->now();
  log_.prune(there.shipped);
  // Before PostgreSQL has been asked, what the file says is all that is known.
  if (there.shipped_at) log_.note_there({there.shipped, there.shipped_at});
}

commit_number sqlite_store::commit(const domain::events& facts, domain::time_point now) {
  assert(!facts.empty());
  try {
    const auto number = in_transaction([&] { return write(facts, now); });
    if (options_.log) options_.log->committed(number, facts.size(), now);
    return number;
  } catch (const store_failed&) {
    if (options_.log) options_.log->doubted(facts.size(), now);
    throw;
  }
}

// A failed commit may be there after all: then it is in the log as well.
commit_number sqlite_store::probe() {
  const auto number = in_transaction([this] {
    probe_.run();
    return last_commit();
  });
  if (options_.log) options_.log->settled(number);
  return number;
}

commit_number sqlite_store::last_commit() {
  auto row = last_commit_.query();
  row.next();
  return row.integer(0);
}

std::unique_ptr<reader> sqlite_store::open_reader() {
  auto db = std::make_unique<sqlite_connection>(database_file(options_.directory),
                                                sqlite_connection::access::read_only, options_.vfs,
                                                options_.busy_timeout);
  db->execute("PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY");
  return make_table_reader(std::move(db));
}

// --- open

void check_sound(const sqlite_connection& db, const std::filesystem::path& file) {
  check_identity(file, db.integer("PRAGMA application_id"), db.integer("PRAGMA user_version"),
                 db.integer("SELECT EXISTS (SELECT 1 FROM sqlite_master)") != 0);
  auto verdict = db.text("PRAGMA quick_check(1)");
  if (verdict == "ok") return;
  std::replace(verdict.begin(), verdict.end(), '\n', ' ');
  throw open_failed(file.string() + " is damaged (" + verdict + "). Restore a backup.");
}

void configure(const sqlite_connection& db, bool synced) {
  if (db.text("PRAGMA journal_mode = WAL") != "wal")
    throw open_failed("The file system has no shared memory for SQLite's WAL. Choose a "
                      "--store.path on a local disk.");
  // FULL syncs the WAL once a commit. A checkpoint syncs twice more, every 8,000 pages (32 MB):
  // seldom enough to cost little, often enough that it takes a fraction of a second.
  db.execute(synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
  db.execute("PRAGMA wal_autocheckpoint = 8000; PRAGMA foreign_keys = ON;"
             "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
}

sqlite_connection prepare_database(const sqlite_options& options) {
  const auto file = database_file(options.directory);
  const bool recovers = has_wal(file);
  sqlite_connection db(file, sqlite_connection::access::create, options.vfs, options.busy_timeout);
  db.checkpoint_on_close(!recovers); // a file that can't be opened is left as it was
  check_sound(db, file);
  configure(db, options.synced);
  migrate(db);
  // What was recovered from the WAL goes into the database file and is synced there (see "In
  // doubt"); a new file's identity stands where check_header() reads it.
  db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  db.checkpoint_on_close(true);
  return db;
}

[[noreturn]] void fail_open(const std::filesystem::path& file, const sqlite_failed& cause) {
  const auto advice = [&cause]() -> const char* {
    switch (cause.result_code) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return "The file is damaged: restore a backup.";
    case SQLITE_FULL: return "The disk is full: free some space.";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "Another program writes to it: end that one first.";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN: return "Make it writable for this user, or choose another --store.path.";
    default: return "Check the disk, or choose another --store.path.";
    }
  };
  throw open_failed("Can't open the store " + file.string() + ". " + advice() + " (" +
                    cause.what() + ")");
}

} // namespace

std::unique_ptr<store> open_sqlite_store(const sqlite_options& options) {
  const auto file = database_file(options.directory);
  check_header(file);
  auto lock = std::make_unique<directory_lock>(options.directory);
  auto& taken = *lock;
  try {
    auto db = prepare_database(options);
    auto opened = std::make_unique<sqlite_store>(options, std::move(lock), std::move(db));
    taken.keep();
    return opened;
  } catch (const sqlite_failed& cause) {
    fail_open(file, cause);
  }
}

} // namespace boxoffice::persistence
