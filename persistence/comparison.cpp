#include "persistence/comparison.hpp"

#include "persistence/sqlite_connection.hpp"
#include "persistence/sqlite_directory.hpp"
#include "persistence/tables.hpp"

#include <thread>

namespace boxoffice::persistence {

namespace {

constexpr std::size_t most_findings_a_table = 20;

std::string value_of(const cursor& row, int at, column::of kind) {
  if (row.is_null(at)) return "NULL";
  switch (kind) {
  case column::of::integers:
  case column::of::integers_32:
  case column::of::booleans: return std::to_string(row.integer(at));
  case column::of::times: return domain::to_sql_text(row.time(at));
  case column::of::texts:
  case column::of::dates:
  case column::of::tokens: return std::string(row.text(at));
  }
  return {};
}

// The rows of a table in the order of their keys, one after the other.
class table_rows {
public:
  table_rows(const sql_connection& db, const table& t, const std::string& select)
      : table_(t), statement_(db.prepare_long(select.c_str())), cursor_(statement_.query()) {
    next();
  }

  bool at_end() const { return at_end_; }
  const std::vector<std::string>& values() const { return values_; }
  void next() {
    at_end_ = !cursor_.next();
    values_.clear();
    if (at_end_) return;
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      values_.push_back(value_of(cursor_, static_cast<int>(i), table_.columns[i].kind));
  }

private:
  const table& table_;
  statement statement_;
  cursor cursor_;
  bool at_end_ = false;
  std::vector<std::string> values_;
};

std::string order_of(const table& t, bool postgres) {
  std::string order;
  for (std::size_t i = 0; i < t.key; ++i) {
    order += (i == 0 ? " ORDER BY " : ", ") + std::string(t.columns[i].name);
    if (postgres && t.columns[i].kind == column::of::texts) order += " COLLATE \"C\"";
  }
  return order;
}

// Expired answers are each store's own affair.
std::string rows_that_count(const table& t, const std::string& now) {
  if (t.name != std::string("idempotency_key")) return {};
  return " WHERE expires_at IS NULL OR expires_at > '" + now + "'";
}

// By the key's columns: numbers by value, texts by their bytes.
int order(const table& t, const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < t.key; ++i) {
    if (a[i] == b[i]) continue;
    if (t.columns[i].kind == column::of::texts) return a[i] < b[i] ? -1 : 1;
    return std::stoll(a[i]) < std::stoll(b[i]) ? -1 : 1;
  }
  return 0;
}

std::string key_of(const table& t, const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < t.key; ++i)
    text += (i == 0 ? "" : ", ") + std::string(t.columns[i].name) + " " + values[i];
  return text;
}

std::string difference(const table& t, const std::vector<std::string>& local,
                       const std::vector<std::string>& postgres) {
  std::string text = std::string(t.name) + " with " + key_of(t, local) + " differs:";
  for (std::size_t i = 0; i < t.columns.size(); ++i)
    if (local[i] != postgres[i])
      text += std::string(" ") + t.columns[i].name + " is " + local[i] + " here and " +
              postgres[i] + " in PostgreSQL;";
  text.back() = '.';
  return text;
}

void compare_table(const table& t, const sql_connection& local, const sql_connection& postgres,
                   const std::string& now, comparison& found) {
  const auto from = std::string(" FROM ") + t.name + rows_that_count(t, now);
  table_rows here(local, t, "SELECT " + t.column_names() + from + order_of(t, false));
  table_rows there(postgres, t, "SELECT " + t.from_postgres() + from + order_of(t, true));
  std::size_t findings = 0;
  const auto note = [&](std::string detail) {
    if (++findings <= most_findings_a_table)
      found.findings.push_back({"same_in_postgres", std::move(detail)});
  };
  while (!here.at_end() || !there.at_end()) {
    const int which = here.at_end()    ? 1
                      : there.at_end() ? -1
                                       : order(t, here.values(), there.values());
    if (which < 0)
      note(std::string(t.name) + " with " + key_of(t, here.values()) +
           " is missing in PostgreSQL.");
    if (which > 0)
      note(std::string(t.name) + " with " + key_of(t, there.values()) + " is in PostgreSQL alone.");
    if (which == 0 && here.values() != there.values())
      note(difference(t, here.values(), there.values()));
    if (which <= 0) here.next();
    if (which >= 0) there.next();
    ++found.rows;
  }
  if (findings > most_findings_a_table)
    found.findings.push_back(
        {"same_in_postgres",
         std::string(t.name) + " has " + std::to_string(findings) + " rows that differ."});
}

void compare(const std::filesystem::path& directory, const std::string& url,
             std::chrono::milliseconds patience, comparison& found) {
  const auto file = database_file(directory);
  check_header(file);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const sqlite_connection local(file, sqlite_connection::access::read_write, "",
                                std::chrono::seconds(5));
  local.execute("PRAGMA query_only = ON");
  const postgres_connection postgres(url);
  postgres.execute("SET idle_in_transaction_session_timeout = 0"); // large tables take their time
  read_boundaries here(local), there(postgres);
  for (;;) {
    const read_transaction one_state_there(there);
    found.postgres_commit = postgres.integer("SELECT last_commit FROM store_meta");
    const read_transaction one_state_here(here);
    found.local_commit = local.integer("SELECT last_commit FROM store_meta");
    if (found.local_commit == found.postgres_commit) {
      const auto mine = local.text("SELECT incarnation FROM store_meta");
      const auto other = postgres.text("SELECT incarnation FROM store_meta");
      if (mine != other)
        throw open_failed("PostgreSQL holds the commits of another store (" + other +
                          ", this one is " + mine + ").");
      const auto now = local.text("SELECT last_time FROM store_meta");
      for (const auto& t : all_tables()) compare_table(t, local, postgres, now, found);
      found.done = true;
      return;
    }
    if (std::chrono::steady_clock::now() >= deadline) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

} // namespace

comparison compare_with_postgres(const std::filesystem::path& directory, const std::string& url,
                                 std::chrono::milliseconds patience) {
  comparison found;
  try {
    compare(directory, url, patience, found);
  } catch (const store_failed& failure) {
    throw open_failed(std::string("Can't compare the stores. ") + failure.what());
  }
  return found;
}

} // namespace boxoffice::persistence
