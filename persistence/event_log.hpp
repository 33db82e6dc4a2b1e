// Reads the log of events in the embedded store, beside the thread that commits. Private to this
// room.
#pragma once

#include "persistence/shipper.hpp"
#include "persistence/sqlite_connection.hpp"

#include <filesystem>
#include <optional>

namespace boxoffice::persistence {

class event_log final : public commit_log {
public:
  explicit event_log(const std::filesystem::path& directory);

  std::optional<logged_commits> read_after(commit_number, std::size_t most_events) override;
  bool reaches_back_to(commit_number) override;
  std::int64_t count_changes(commit_number after, commit_number up_to) override;
  std::optional<domain::time_point> find_time_of(commit_number) override;
  standing last_known_there() override;
  std::optional<domain::time_point> find_oldest_after(commit_number) override;
  std::optional<domain::time_point> find_beginning() override;
  std::int64_t count_rows() override;
  commit_number last_commit() override;

  std::string incarnation();
  const sqlite_connection& connection() const { return db_; }

private:
  sqlite_connection db_;
  statement rows_{db_, "SELECT commit_number, committed_at, changes, format, events FROM event_log "
                       "WHERE commit_number > ? ORDER BY commit_number"};
  statement first_{db_, "SELECT min(commit_number) FROM event_log WHERE commit_number > ?"};
  statement changes_{db_, "SELECT coalesce(sum(changes), 0) FROM event_log "
                          "WHERE commit_number > ? AND commit_number <= ?"};
  statement time_{db_, "SELECT committed_at FROM event_log WHERE commit_number = ?1 UNION ALL "
                       "SELECT committed_at FROM commit_time WHERE commit_number = ?1"};
  statement known_there_{db_, "SELECT postgres_commit, postgres_time FROM store_meta"};
  statement beginning_{db_, "SELECT min(created_at) FROM (SELECT min(created_at) AS created_at "
                            "FROM concert UNION ALL SELECT min(created_at) FROM users)"};
  statement oldest_{db_, "SELECT committed_at FROM event_log WHERE commit_number > ? "
                         "ORDER BY commit_number LIMIT 1"};
};

// Writes the log, within the transaction of the commit it is of.
class event_log_writer {
public:
  explicit event_log_writer(const sqlite_connection& db) : db_(db) {}

  // Before the first commit. Keeps what the log follows, where it is empty, so that PostgreSQL is
  // known again when it has got just that.
  void begin();
  void add(commit_number, domain::time_point, const domain::events&);
  // PostgreSQL is known to have all up to this commit. Takes a bounded number of them away: more
  // than a commit adds.
  void prune(commit_number shipped);
  // It had this at some time, and so all before it was this store's: the note never goes back, also
  // where PostgreSQL does, for the log has let go of what it had.
  void note_there(const standing&);
  // Nothing is kept from now on but what PostgreSQL, which may have any of these commits, is known
  // by.
  void end();

private:
  const sqlite_connection& db_;
  statement add_{db_,
                 "INSERT INTO event_log (commit_number, committed_at, changes, format, events) "
                 "VALUES (?, ?, ?, ?, CAST(? AS BLOB))"};
  statement prune_{db_, "DELETE FROM event_log WHERE commit_number <= ?1 AND commit_number < "
                        "(SELECT min(commit_number) FROM event_log) + 8"};
  statement prune_times_{db_, "DELETE FROM commit_time WHERE commit_number <= ?1 AND "
                              "commit_number < (SELECT min(commit_number) FROM commit_time) + 64"};
  statement note_there_{db_, "UPDATE store_meta SET postgres_commit = ?1, postgres_time = ?2 "
                             "WHERE postgres_commit < ?1"};
  statement begin_{db_, "INSERT OR IGNORE INTO commit_time (commit_number, committed_at) "
                        "SELECT last_commit, last_time FROM store_meta WHERE last_commit > 0 AND "
                        "NOT EXISTS (SELECT 1 FROM event_log)"};
};

} // namespace boxoffice::persistence
