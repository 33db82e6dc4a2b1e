// A connection to SQLite and its prepared statements. Private to this room.
//
// Every failure is a sqlite_failed. Parameters are bound in order, from ?1 on. Text handed to
// run() and query() must live until that call, or the cursor it returned, is done.
#pragma once

#include "actors/domain/ids.hpp"
#include "actors/domain/money.hpp"
#include "actors/domain/time.hpp"
#include "actors/domain/token_key.hpp"
#include "actors/domain/user.hpp"
#include "persistence/store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace boxoffice::persistence {

// A store_failed that still knows SQLite's (primary) result code.
struct sqlite_failed : store_failed {
  sqlite_failed(int result_code, const std::string& what);
  int result_code;
};

class sqlite_connection {
public:
  enum class access { read_only, read_write, create };

  sqlite_connection(const std::filesystem::path& file, access, const std::string& vfs,
                    std::chrono::milliseconds busy_timeout);

  // Runs one or more statements without parameters, dropping their rows.
  void execute(const char* sql) const;
  // The first column of the one row of a query without parameters.
  std::int64_t integer(const char* sql) const;
  std::string text(const char* sql) const;

  bool in_transaction() const;
  // Whether closing moves the WAL into the database file, as it does unless told otherwise.
  void checkpoint_on_close(bool) const;

  sqlite3* handle() const { return handle_.get(); }

private:
  struct closer {
    void operator()(sqlite3*) const;
  };
  std::unique_ptr<sqlite3, closer> handle_;
};

// The rows of a running query. Ends the query when it goes.
class cursor {
public:
  explicit cursor(sqlite3_stmt* running) : running_(running) {}
  cursor(cursor&& other) noexcept : running_(other.running_) { other.running_ = nullptr; }
  cursor& operator=(cursor&&) = delete;
  ~cursor();

  bool next();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view text(int column) const; // until next()
  domain::time_point time(int column) const;
  domain::calendar_date date(int column) const;
  domain::token_key token(int column) const;

  domain::money money(int column) const { return {integer(column)}; }
  domain::user_id user(int column) const { return {std::string(text(column))}; }
  template <class Id>
  Id id(int column) const {
    return Id{integer(column)};
  }

private:
  sqlite3_stmt* running_;
};

class statement {
public:
  statement(const sqlite_connection&, const char* sql);

  // Runs to the end. Gives how many rows were changed by it.
  template <class... Args>
  std::int64_t run(const Args&... args) {
    bind_all(args...);
    return finish();
  }

  template <class... Args>
  cursor query(const Args&... args) {
    bind_all(args...);
    return cursor(prepared_.get());
  }

private:
  template <class... Args>
  void bind_all(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
  }

  void bind(int index, std::nullopt_t);
  void bind(int index, std::int64_t);
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::string_view);
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, domain::time_point);
  void bind(int index, domain::calendar_date);
  void bind(int index, domain::token_key);
  void bind(int index, domain::money amount) { bind(index, amount.minor); }
  void bind(int index, const domain::user_id& user) { bind(index, std::string_view(user.value)); }
  template <class Tag>
  void bind(int index, domain::id<Tag> id) {
    bind(index, id.value);
  }
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value)
      bind(index, *value);
    else
      bind(index, std::nullopt);
  }
  void bind_copy(int index, const std::string&);
  void check_bound(int result_code);
  std::int64_t finish();

  struct finalizer {
    void operator()(sqlite3_stmt*) const;
  };
  std::unique_ptr<sqlite3_stmt, finalizer> prepared_;
};

// How a read transaction begins and ends: prepared once, for preparing takes longer than a small
// read.
struct read_boundaries {
  explicit read_boundaries(const sqlite_connection& db) : begin(db, "BEGIN"), end(db, "END") {}
  statement begin;
  statement end;
};

// Makes several queries see one state.
class read_transaction {
public:
  explicit read_transaction(read_boundaries& boundaries) : end_(boundaries.end) {
    boundaries.begin.run();
  }
  read_transaction(const read_transaction&) = delete;
  read_transaction& operator=(const read_transaction&) = delete;
  ~read_transaction();

private:
  statement& end_;
};

} // namespace boxoffice::persistence
