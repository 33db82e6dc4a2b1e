#include "persistence/sqlite_connection.hpp"

#include <sqlite3.h>

#include <cstring>

namespace boxoffice::persistence {

namespace {

int primary(int result_code) { return result_code & 0xFF; }

store_failed::reason reason_of(int result_code) {
  switch (primary(result_code)) {
  case SQLITE_CONSTRAINT:
  case SQLITE_MISMATCH:
  case SQLITE_TOOBIG:
  case SQLITE_RANGE: return store_failed::reason::refused;
  default: return store_failed::reason::unavailable;
  }
}

[[noreturn]] void fail(sqlite3* db, int result_code, const char* doing) {
  std::string text = std::string("SQLite, ") + doing + ": " + sqlite3_errmsg(db);
  const int system_error = sqlite3_system_errno(db);
  const auto code = primary(result_code);
  const bool has_errno = code == SQLITE_IOERR || code == SQLITE_CANTOPEN || code == SQLITE_FULL;
  if (has_errno && system_error != 0) text += std::string(" (") + std::strerror(system_error) + ")";
  throw sqlite_failed(result_code, text);
}

int open_flags(sqlite_connection::access mode) {
  constexpr int one_thread_a_connection = SQLITE_OPEN_NOMUTEX;
  switch (mode) {
  case sqlite_connection::access::read_only: return one_thread_a_connection | SQLITE_OPEN_READONLY;
  case sqlite_connection::access::read_write:
    return one_thread_a_connection | SQLITE_OPEN_READWRITE;
  case sqlite_connection::access::create: break;
  }
  return one_thread_a_connection | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

class sqlite_statement final : public prepared_statement {
public:
  sqlite_statement(const sqlite_connection& db, const char* sql) {
    sqlite3_stmt* prepared = nullptr;
    const int code =
        sqlite3_prepare_v3(db.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    prepared_.reset(prepared);
    if (code != SQLITE_OK) fail(db.handle(), code, sql);
  }

  void bind_null(int index) override { check_bound(sqlite3_bind_null(prepared_.get(), index)); }
  void bind_integer(int index, std::int64_t value) override {
    check_bound(sqlite3_bind_int64(prepared_.get(), index, value));
  }
  void bind_text(int index, std::string_view text, text_is how) override {
    check_bound(sqlite3_bind_text(prepared_.get(), index, text.data(),
                                  static_cast<int>(text.size()),
                                  how == text_is::kept ? SQLITE_STATIC : SQLITE_TRANSIENT));
  }

  bool next() override {
    const int code = sqlite3_step(prepared_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) fail(db(), code, sqlite3_sql(prepared_.get()));
    return false;
  }
  std::int64_t changed() const override { return sqlite3_changes64(db()); }
  void reset() noexcept override { sqlite3_reset(prepared_.get()); }

  bool is_null(int column) const override {
    return sqlite3_column_type(prepared_.get(), column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(prepared_.get(), column);
  }
  std::string_view text(int column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(prepared_.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(prepared_.get(), column));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
  }

private:
  sqlite3* db() const { return sqlite3_db_handle(prepared_.get()); }
  void check_bound(int code) const {
    if (code != SQLITE_OK) fail(db(), code, sqlite3_sql(prepared_.get()));
  }

  struct finalizer {
    void operator()(sqlite3_stmt* prepared) const { sqlite3_finalize(prepared); }
  };
  std::unique_ptr<sqlite3_stmt, finalizer> prepared_;
};

} // namespace

sqlite_failed::sqlite_failed(int code, const std::string& what)
    : store_failed(reason_of(code), what), result_code(primary(code)) {}

// --- connection

void sqlite_connection::closer::operator()(sqlite3* db) const { sqlite3_close_v2(db); }

sqlite_connection::sqlite_connection(const std::filesystem::path& file, access mode,
                                     const std::string& vfs,
                                     std::chrono::milliseconds busy_timeout) {
  const int flags = open_flags(mode);
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &db, flags, vfs.empty() ? nullptr : vfs.c_str());
  handle_.reset(db);
  if (db == nullptr) throw sqlite_failed(SQLITE_NOMEM, "SQLite: out of memory");
  if (code != SQLITE_OK) fail(db, code, "opening the file");
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, static_cast<int>(busy_timeout.count()));
}

std::unique_ptr<prepared_statement> sqlite_connection::prepare(const char* sql) const {
  return std::make_unique<sqlite_statement>(*this, sql);
}

void sqlite_connection::execute(const char* sql) const {
  const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(handle(), code, sql);
}

std::int64_t sqlite_connection::integer(const char* sql) const {
  statement query(*this, sql);
  auto row = query.query();
  row.next();
  return row.integer(0);
}

std::string sqlite_connection::text(const char* sql) const {
  statement query(*this, sql);
  auto row = query.query();
  row.next();
  return std::string(row.text(0));
}

bool sqlite_connection::in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

void sqlite_connection::checkpoint_on_close(bool wanted) const {
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, wanted ? 0 : 1, nullptr);
}

} // namespace boxoffice::persistence
