#include "persistence/event_log.hpp"

#include "persistence/event_format.hpp"
#include "persistence/full_shipment.hpp"
#include "persistence/sqlite_directory.hpp"

#include <iterator>
#include <utility>

namespace boxoffice::persistence {

event_log::event_log(const std::filesystem::path& directory)
    : db_(database_file(directory), sqlite_connection::access::read_only, "",
          std::chrono::seconds(5)) {}

std::optional<logged_commits> event_log::read_after(commit_number after, std::size_t most_events) {
  logged_commits all;
  all.last = after;
  std::size_t count = 0;
  for (auto row = rows_.query(after); row.next();) {
    const auto changes = static_cast<std::size_t>(row.integer(2));
    if (count > 0 && count + changes > most_events) break;
    if (row.integer(0) != all.last + 1 || row.integer(3) != event_format)
      throw store_failed(store_failed::reason::damaged,
                         "The log of events lacks commit " + std::to_string(all.last + 1) +
                             ", or has it in a format unknown here.");
    auto facts = decode(row.text(4));
    all.facts.insert(all.facts.end(), std::make_move_iterator(facts.begin()),
                     std::make_move_iterator(facts.end()));
    all.last = row.integer(0);
    all.at = row.time(1);
    if (all.last == after + 1) all.since = all.at;
    count += changes;
  }
  if (all.last == after) return std::nullopt;
  all.first = after + 1;
  return all;
}

bool event_log::reaches_back_to(commit_number shipped) {
  if (last_commit() <= shipped) return true;
  auto row = first_.query(shipped);
  row.next();
  return row.integer(0) == shipped + 1; // none: 0
}

std::int64_t event_log::count_changes(commit_number after, commit_number up_to) {
  auto row = changes_.query(after, up_to);
  row.next();
  return row.integer(0);
}

std::optional<domain::time_point> event_log::find_time_of(commit_number number) {
  auto row = time_.query(number);
  if (!row.next()) return std::nullopt;
  return row.time(0);
}

standing event_log::last_known_there() {
  auto row = known_there_.query();
  row.next();
  standing known;
  known.last = row.integer(0);
  if (!row.is_null(1)) known.at = row.time(1);
  return known;
}

std::optional<domain::time_point> event_log::find_oldest_after(commit_number shipped) {
  auto row = oldest_.query(shipped);
  if (!row.next()) return std::nullopt;
  return row.time(0);
}

std::int64_t event_log::count_rows() { return persistence::count_rows(db_); }

std::optional<domain::time_point> event_log::find_beginning() {
  auto row = beginning_.query();
  if (!row.next() || row.is_null(0)) return std::nullopt;
  return row.time(0);
}

std::string event_log::incarnation() { return db_.text("SELECT incarnation FROM store_meta"); }

commit_number event_log::last_commit() { return db_.integer("SELECT last_commit FROM store_meta"); }

void event_log_writer::add(commit_number number, domain::time_point at,
                           const domain::events& facts) {
  const auto bytes = encode(facts);
  add_.run(number, at, static_cast<std::int64_t>(facts.size()), event_format, bytes);
}

void event_log_writer::begin() { begin_.run(); }

void event_log_writer::prune(commit_number shipped) {
  prune_.run(shipped);
  prune_times_.run(shipped);
}

void event_log_writer::note_there(const standing& known) { note_there_.run(known.last, known.at); }

void event_log_writer::end() {
  db_.execute("BEGIN IMMEDIATE;"
              "INSERT OR IGNORE INTO commit_time (commit_number, committed_at) "
              "SELECT commit_number, committed_at FROM event_log;"
              "DELETE FROM event_log;"
              "COMMIT");
}

} // namespace boxoffice::persistence
