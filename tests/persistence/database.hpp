// The embedded store's file seen by SQLite alone, to look at it or to spoil it.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace boxoffice::persistence::test {

class database {
public:
  explicit database(const std::filesystem::path& file, const char* vfs = nullptr) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &opened, flags, vfs);
    handle_.reset(opened);
    if (result != SQLITE_OK) fail("opening");
  }

  void execute(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
  }

  // The first column of the first row.
  std::string text(const std::string& sql) {
    std::string value;
    const auto take = [](void* out, int, char** values, char**) {
      auto& first = *static_cast<std::string*>(out);
      if (first.empty() && values[0] != nullptr) first = values[0];
      return 0;
    };
    if (sqlite3_exec(handle_.get(), sql.c_str(), take, &value, nullptr) != SQLITE_OK) fail(sql);
    return value;
  }

private:
  [[noreturn]] void fail(const std::string& doing) {
    throw std::runtime_error(doing + ": " + sqlite3_errmsg(handle_.get()));
  }
  struct closer {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  std::unique_ptr<sqlite3, closer> handle_;
};

} // namespace boxoffice::persistence::test
