// How the tables are read and written, whichever database holds them. Private to this room.
//
// Statements are written once, in the words that SQLite and PostgreSQL share; parameters are ? or
// ?1, ?2 ... and bound in order, from ?1 on. Text handed to run() and query() must live until that
// call, or the cursor it returned, is done. Every failure is a store_failed.
#pragma once

#include "actors/domain/ids.hpp"
#include "actors/domain/money.hpp"
#include "actors/domain/time.hpp"
#include "actors/domain/token_key.hpp"
#include "actors/domain/user.hpp"
#include "persistence/store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::persistence {

// One statement, prepared on one connection; what a kind of database does for `statement`.
class prepared_statement {
public:
  enum class text_is { kept, copied }; // by the caller until reset(); here

  virtual ~prepared_statement() = default;

  virtual void bind_null(int index) = 0;
  virtual void bind_integer(int index, std::int64_t) = 0;
  virtual void bind_text(int index, std::string_view, text_is) = 0;

  // The first call runs it. False: there is no further row.
  virtual bool next() = 0;
  // How many rows it has changed; when all its rows are read.
  virtual std::int64_t changed() const = 0;
  // Ends it; it can be bound and run again.
  virtual void reset() noexcept = 0;

  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;  // NULL reads as 0, a boolean as 0 or 1
  virtual std::string_view text(int column) const = 0; // until next()
};

class sql_connection {
public:
  virtual ~sql_connection() = default;
  virtual std::unique_ptr<prepared_statement> prepare(const char* sql) const = 0;
  // Of a query without parameters, within a transaction, that may have millions of rows: they are
  // never all in memory.
  virtual std::unique_ptr<prepared_statement> prepare_long(const char* sql) const {
    return prepare(sql);
  }
  // Begins a transaction that sees one state and changes nothing.
  virtual const char* begin_reading() const = 0;
};

// The rows of a running query. Ends the query when it goes.
class cursor {
public:
  explicit cursor(prepared_statement& running) : running_(&running) {}
  cursor(cursor&& other) noexcept : running_(other.running_) { other.running_ = nullptr; }
  cursor& operator=(cursor&&) = delete;
  ~cursor() {
    if (running_ != nullptr) running_->reset();
  }

  bool next() { return running_->next(); }

  bool is_null(int column) const { return running_->is_null(column); }
  std::int64_t integer(int column) const { return running_->integer(column); }
  std::string_view text(int column) const { return running_->text(column); } // until next()
  // Throw store_failed, damaged, when the column holds something else.
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
  prepared_statement* running_;
};

class statement {
public:
  statement(const sql_connection& db, const char* sql) : prepared_(db.prepare(sql)) {}
  explicit statement(std::unique_ptr<prepared_statement> prepared)
      : prepared_(std::move(prepared)) {}

  // Runs to the end. Gives how many rows were changed by it.
  template <class... Args>
  std::int64_t run(const Args&... args) {
    bind_all(args...);
    return finish();
  }

  template <class... Args>
  cursor query(const Args&... args) {
    bind_all(args...);
    return cursor(*prepared_);
  }

private:
  using text_is = prepared_statement::text_is;

  template <class... Args>
  void bind_all(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
  }

  void bind(int index, std::nullopt_t) { prepared_->bind_null(index); }
  void bind(int index, std::int64_t value) { prepared_->bind_integer(index, value); }
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::string_view text) { prepared_->bind_text(index, text, text_is::kept); }
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
  std::int64_t finish();

  std::unique_ptr<prepared_statement> prepared_;
};

// How a read transaction begins and ends: prepared once, for preparing takes longer than a small
// read.
struct read_boundaries {
  explicit read_boundaries(const sql_connection& db)
      : begin(db, db.begin_reading()), end(db, "COMMIT") {}
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
