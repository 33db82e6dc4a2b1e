// The embedded store: one SQLite file that a person can read with `sqlite3 DIR/boxoffice.db`.
//
// Format. DIR/boxoffice.db in WAL mode (so boxoffice.db-wal and -shm stand beside it while it is
// open); its tables: sqlite_schema.cpp. DIR/boxoffice.lock names the process that writes, and is
// locked while it lives.
//
// Guarantees. A commit is one transaction, synced once: all of its events or none, across a crash
// and a power cut. The tables' own constraints refuse what no sequence of valid events leads to: a
// seat held twice, a balance below zero, a booking confirmed that isn't being paid. Readers see
// only what is synced, and never wait for the writer.
//
// In doubt. When the sync of a commit fails, its frames stand in the WAL behind the last frame that
// counts. For this process they do not exist: SQLite goes back to the header it had. But a process
// that crashed now and recovered from the file would find them whole and take them for committed.
// That is why a failed commit may yet turn out durable, as a whole, never in part: each frame's
// checksum runs over all before it. The next transaction (probe(), or a commit) writes from the
// same place; once it is synced the old frames are overwritten or no longer follow from what stands
// before them, so what probe() returned holds for ever. A kernel may forget a write whose sync
// failed; nothing relies on those, for the same reason. An open moves whatever it recovered into
// the database file and syncs that, so that it never builds on frames which only the page cache
// has.
//
// Caveats. An operator's own write transaction stalls commits up to `busy_timeout`, then they fail.
// A reader that stays open in a transaction (a forgotten `sqlite3` prompt) lets the WAL grow.
#pragma once

#include "persistence/log_window.hpp"
#include "persistence/store.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace boxoffice::persistence {

struct sqlite_options {
  std::filesystem::path directory;
  std::chrono::milliseconds busy_timeout = std::chrono::seconds(5);
  bool synced = true; // false only for durability = none: a power cut may lose commits
  std::string vfs;    // "" = the default
  // Where there is one, each commit is logged for PostgreSQL, and what it says is shipped leaves
  // the log again. Where there is none, no log is kept.
  std::shared_ptr<log_window> log;
};

// Opens the store, makes it where there is none, and takes the directory for this process.
// Throws open_failed; then nothing is left behind that was not there before.
std::unique_ptr<store> open_sqlite_store(const sqlite_options&);

} // namespace boxoffice::persistence
