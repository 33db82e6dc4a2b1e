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
  statement time_{db_, "SELECT committed_at FROM event_log WHERE commit_number = ?"};
  statement beginning_{db_, "SELECT min(created_at) FROM (SELECT min(created_at) AS created_at "
                            "FROM concert UNION ALL SELECT min(created_at) FROM users)"};
  statement oldest_{db_, "SELECT committed_at FROM event_log WHERE commit_number > ? "
                         "ORDER BY commit_number LIMIT 1"};
};

// Writes the log, within the transaction of the commit it is of.
class event_log_writer {
public:
  explicit event_log_writer(const sqlite_connection& db) : db_(db) {}

  void add(commit_number, domain::time_point, const domain::events&);
  // Takes away a bounded number of commits up to this one: more than a commit adds.
  void prune(commit_number shipped);
  void clear();

private:
  const sqlite_connection& db_;
  statement add_{db_,
                 "INSERT INTO event_log (commit_number, committed_at, changes, format, events) "
                 "VALUES (?, ?, ?, ?, CAST(? AS BLOB))"};
  statement prune_{db_, "DELETE FROM event_log WHERE commit_number <= ?1 AND commit_number < "
                        "(SELECT min(commit_number) FROM event_log) + 8"};
  statement clear_{db_, "DELETE FROM event_log"};
};

} // namespace boxoffice::persistence
