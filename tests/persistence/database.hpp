// The embedded store's file seen by SQLite alone, to look at it or to spoil it.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace boxoffice::persistence::test {

class database {
public:
  explicit database(const std::filesystem::path& file, const char* vfs = nullptr) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(file.c_str(), &handle_, flags, vfs) != SQLITE_OK) fail("opening");
  }
  database(const database&) = delete;
  database& operator=(const database&) = delete;
  ~database() { sqlite3_close(handle_); }

  void execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
  }

private:
  [[noreturn]] void fail(const std::string& doing) {
    throw std::runtime_error(doing + ": " + sqlite3_errmsg(handle_));
  }
  sqlite3* handle_ = nullptr;
};

} // namespace boxoffice::persistence::test
