// A connection to PostgreSQL and its prepared statements. Private to this room.
//
// Every failure is a postgres_failed. After one that has lost the connection every further call
// fails as well: make a new connection. One thread at a time.
#pragma once

#include "persistence/sql.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::persistence {

// `sqlstate`: PostgreSQL's five characters; "" when it could not be asked.
struct postgres_failed : store_failed {
  postgres_failed(reason cause, const std::string& what, std::string state)
      : store_failed(cause, what), sqlstate(std::move(state)) {}
  std::string sqlstate;
};

// The columns of many rows, one array a column, in PostgreSQL's binary format: neither side parses
// text, and nothing needs quoting.
class column {
public:
  enum class of { integers, integers_32, texts, times, dates, booleans, tokens };

  explicit column(of);

  void add(std::int64_t);
  template <class Tag>
  void add(domain::id<Tag> id) {
    add(id.value);
  }
  void add(domain::money amount) { add(amount.minor); }
  void add(std::string_view);
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(const char* text) { add(std::string_view(text)); }
  void add(const domain::user_id& user) { add(std::string_view(user.value)); }
  void add(bool);
  void add(domain::time_point);
  void add(domain::calendar_date);
  void add(domain::token_key);
  void add(std::nullopt_t);
  template <class T>
  void add(const std::optional<T>& value) {
    if (value)
      add(*value);
    else
      add(std::nullopt);
  }

  std::size_t size() const { return rows_; }
  // As PostgreSQL reads it.
  std::string encoded() const;

private:
  of kind_;
  std::string body_;
  std::uint32_t rows_ = 0;
  bool has_nulls_ = false;
};

class postgres_connection final : public sql_connection {
public:
  // `url`: postgresql://user:password@host:port/database?option=..., or libpq's words. The session
  // gives up a dead peer after some ten seconds. Throws postgres_failed.
  explicit postgres_connection(const std::string& url);
  ~postgres_connection() override;

  std::unique_ptr<prepared_statement> prepare(const char* sql) const override;
  std::unique_ptr<prepared_statement> prepare_long(const char* sql) const override;
  const char* begin_reading() const override {
    return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  }

  // Runs one or more statements without parameters. Gives how many rows the last one changed.
  std::int64_t execute(const std::string& sql) const;
  // The first column of the one row of a query without parameters; NULL reads as "" and 0.
  std::string text(const std::string& sql) const;
  std::int64_t integer(const std::string& sql) const;
  // Runs a statement whose parameters are columns: $1::bigint[], ... It is prepared when it is run
  // for the first time. Gives how many rows it changed.
  std::int64_t run(const char* sql, const std::vector<const column*>&) const;
  // The same of one that returns the ordinals (from 1) of the rows of the columns for which it
  // found, or changed, one of the table. Gives the indexes (from 0) of those for which it didn't.
  std::vector<std::size_t> ordinals_left_out(const char* sql,
                                             const std::vector<const column*>&) const;
  // The first of them; nothing when there is none.
  std::optional<std::size_t> find_left_out(const char* sql,
                                           const std::vector<const column*>&) const;

  // The rows of a query as COPY gives them, one after the other. While there are more, nothing else
  // can be asked on this connection.
  class copied_lines {
  public:
    virtual ~copied_lines() = default;
    virtual bool next(std::string& line) = 0; // false: there is none
  };
  std::unique_ptr<copied_lines> copy(const std::string& sql) const;

  bool is_lost() const; // the connection is

  struct session;

private:
  std::unique_ptr<session> session_;
};

// As PostgreSQL writes numbers and booleans.
std::int64_t number_in(std::string_view text);

// What `url` names, for people: "boxoffice at db.example.com:5432", never a password.
// Throws postgres_failed, refused, when it is no url.
std::string describe_postgres(const std::string& url);

} // namespace boxoffice::persistence
