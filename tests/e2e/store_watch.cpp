#include "tests/e2e/books.hpp"

#include <sqlite3.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

namespace boxoffice::e2e {

namespace {

constexpr milliseconds quiet_for{30};

// Calls use(text of each column) for each row.
template <class Use>
void for_each_row(sqlite3* db, const std::string& sql, Use use) {
  sqlite3_stmt* prepared = nullptr;
  int result = sqlite3_prepare_v2(db, sql.c_str(), -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(prepared, sqlite3_finalize);
  while (result == SQLITE_OK && (result = sqlite3_step(prepared)) == SQLITE_ROW) {
    std::string row;
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, i));
      row.append(text ? text : "(null)").push_back('\x1F');
    }
    use(row);
    result = SQLITE_OK;
  }
  if (result != SQLITE_DONE) throw std::runtime_error(sql + ": " + sqlite3_errmsg(db));
}

} // namespace

store_watch::store_watch(const std::filesystem::path& store) {
  if (sqlite3_open_v2(database_in(store).c_str(), &db_, SQLITE_OPEN_READONLY, nullptr) !=
      SQLITE_OK) {
    sqlite3_close(db_);
    throw std::runtime_error("can't open the store");
  }
  sqlite3_busy_timeout(db_, static_cast<int>(patience.count()));
  wait_until_quiet();
}

store_watch::~store_watch() { sqlite3_close(db_); }

std::int64_t store_watch::commits() const {
  std::int64_t version = 0;
  for_each_row(db_, "PRAGMA data_version",
               [&](const std::string& row) { version = std::stoll(row); });
  return version;
}

std::uint64_t store_watch::content() const {
  std::vector<std::string> tables;
  sqlite3_exec(db_, "BEGIN", nullptr, nullptr, nullptr);
  for_each_row(db_,
               "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN "
               "('store_meta', 'id_counter') AND name NOT LIKE 'sqlite_%' ORDER BY name",
               [&](std::string row) {
                 row.pop_back();
                 tables.push_back(std::move(row));
               });
  std::uint64_t all = 0;
  for (const auto& table : tables)
    for_each_row(db_, "SELECT * FROM \"" + table + "\"", [&](const std::string& row) {
      // A sum, so that the order of rows does not matter.
      all += std::hash<std::string>{}(table + '\x1E' + row);
    });
  sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr);
  return all;
}

bool store_watch::changed() {
  const auto now = commits();
  if (now == commits_) return false;
  commits_ = now;
  const auto found = content();
  const bool differs = found != content_;
  content_ = found;
  return differs;
}

void store_watch::wait_until_quiet() {
  std::int64_t before = 0;
  do {
    before = commits_;
    std::this_thread::sleep_for(quiet_for);
    changed();
  } while (commits_ != before);
}

} // namespace boxoffice::e2e
