// A connection to SQLite. Private to this room.
//
// Every failure is a sqlite_failed.
#pragma once

#include "persistence/sql.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

struct sqlite3;

namespace boxoffice::persistence {

// A store_failed that still knows SQLite's (primary) result code.
struct sqlite_failed : store_failed {
  sqlite_failed(int result_code, const std::string& what);
  int result_code;
};

class sqlite_connection final : public sql_connection {
public:
  enum class access { read_only, read_write, create };

  sqlite_connection(const std::filesystem::path& file, access, const std::string& vfs,
                    std::chrono::milliseconds busy_timeout);

  std::unique_ptr<prepared_statement> prepare(const char* sql) const override;
  const char* begin_reading() const override { return "BEGIN"; }

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

} // namespace boxoffice::persistence
