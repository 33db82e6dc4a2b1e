#include "persistence/postgres_connection.hpp"

#include "persistence/postgres_trouble.hpp"
#include "persistence/pqxx_compat.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

namespace boxoffice::persistence {

namespace {

using reason = store_failed::reason;

// Class 22 and 23: the content is wrong, and would be wrong again. All else may pass, or be mended
// by an operator.
reason reason_of(const std::string& sqlstate) {
  const auto family = sqlstate.substr(0, 2);
  return family == "22" || family == "23" ? reason::refused : reason::unavailable;
}

std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::string out; // a run of blanks of any kind is one
  for (const char c : text)
    if (const bool blank = c == '\n' || c == '\t' || c == ' '; !blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  return out;
}

[[noreturn]] void fail(const char* doing, const std::exception& e, const std::string& sqlstate) {
  throw postgres_failed(reason_of(sqlstate),
                        "PostgreSQL, " + one_line(doing) + ": " + one_line(e.what()), sqlstate);
}

// Calls PostgreSQL, and tells its failures in our words. libpqxx keeps some SQLSTATEs to itself,
// and makes types of them instead.
template <class Work>
auto guarded(const char* doing, Work work) {
  try {
    return work();
  } catch (const pqxx::insufficient_privilege& e) {
    fail(doing, e, "42501");
  } catch (const pqxx::deadlock_detected& e) {
    fail(doing, e, "40P01");
  } catch (const pqxx::serialization_failure& e) {
    fail(doing, e, "40001");
  } catch (const pqxx::transaction_rollback& e) {
    fail(doing, e, "40000");
  } catch (const pqxx::sql_error& e) {
    fail(doing, e, e.sqlstate());
  } catch (const pqxx::failure& e) {
    throw postgres_failed(reason::unavailable, "PostgreSQL: " + one_line(e.what()), "");
  } catch (const std::logic_error& e) {
    throw postgres_failed(reason::unavailable, "PostgreSQL: " + one_line(e.what()), "");
  }
}

// --- the address

using address_parts = std::map<std::string, std::string>;

address_parts parse_address(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(url.c_str(), nullptr), PQconninfoFree);
  // What libpq says of it repeats a part, which may be the password's.
  if (!options)
    throw postgres_failed(reason::refused,
                          "it can't be read; signs like %, @ and / in a password are written %25, "
                          "%40 and %2F",
                          "");
  address_parts parts;
  for (const auto* o = options.get(); o->keyword != nullptr; ++o)
    if (o->val != nullptr) parts.emplace(o->keyword, o->val);
  return parts;
}

// What is not said otherwise: a peer that is gone is noticed, whatever the network says.
std::string complete_address(const std::string& url) {
  auto parts = parse_address(url);
  const std::pair<const char*, const char*> defaults[] = {{"connect_timeout", "5"},
                                                          {"keepalives_idle", "5"},
                                                          {"keepalives_interval", "2"},
                                                          {"keepalives_count", "3"},
                                                          {"tcp_user_timeout", "10000"},
                                                          {"application_name", "boxoffice"},
                                                          {"target_session_attrs", "read-write"}};
  for (const auto& [keyword, value] : defaults) parts.try_emplace(keyword, value);
  std::string words;
  for (const auto& [keyword, value] : parts) {
    words += keyword + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') words += '\\';
      words += c;
    }
    words += "' ";
  }
  return words;
}

// "?", "?2" -> "$1", "$2"
std::string to_postgres(const char* sql) {
  std::string out;
  int next = 1;
  for (const char* c = sql; *c != '\0'; ++c) {
    if (*c != '?') {
      out += *c;
    } else if (c[1] >= '0' && c[1] <= '9') {
      out += '$';
    } else {
      out += '$' + std::to_string(next++);
    }
  }
  return out;
}

} // namespace

// --- connection

std::int64_t number_in(std::string_view text) {
  if (text == "t") return 1;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

struct postgres_connection::session {
  explicit session(const std::string& words) : db(words) {
    compat::forbid_reconnecting(db);
    work = std::make_unique<pqxx::nontransaction>(db);
  }

  const std::string& name_of(const char* sql) {
    auto& name = names[sql];
    if (name.empty()) {
      auto fresh = "s" + std::to_string(++names_given); // never twice: preparing may fail
      db.prepare(fresh, to_postgres(sql));
      name = std::move(fresh);
    }
    return name;
  }

  pqxx::connection db;
  // Transactions are begun and ended by statements of ours: what a COMMIT did is settled by what
  // the tables say, not by what a library makes of it.
  std::unique_ptr<pqxx::nontransaction> work;
  std::unordered_map<std::string, std::string> names; // of prepared statements, by their text
  int names_given = 0;
};

namespace {

class postgres_statement final : public prepared_statement {
public:
  postgres_statement(postgres_connection::session& in, const char* sql) : in_(in), sql_(sql) {}

  void bind_null(int index) override { at(index).reset(); }
  void bind_integer(int index, std::int64_t value) override { at(index) = std::to_string(value); }
  void bind_text(int index, std::string_view text, text_is) override {
    at(index) = std::string(text);
  }

  bool next() override {
    if (!runs_) run();
    return ++row_ < static_cast<std::int64_t>(rows_.size());
  }
  std::int64_t changed() const override { return static_cast<std::int64_t>(rows_.affected_rows()); }
  void reset() noexcept override {
    runs_ = false;
    rows_.clear();
    parameters_.clear();
  }

  bool is_null(int column) const override { return field(column).is_null(); }
  std::int64_t integer(int column) const override { return number_in(text(column)); }
  std::string_view text(int column) const override { return compat::text_of(field(column)); }

private:
  std::optional<std::string>& at(int index) {
    const auto i = static_cast<std::size_t>(index);
    if (parameters_.size() < i) parameters_.resize(i);
    return parameters_[i - 1];
  }
  void run() {
    std::vector<const char*> texts;
    texts.reserve(parameters_.size());
    for (const auto& p : parameters_) texts.push_back(p ? p->c_str() : nullptr);
    rows_ = guarded(sql_.c_str(), [&] {
      return compat::run_prepared(*in_.work, in_.name_of(sql_.c_str()), texts);
    });
    runs_ = true;
    row_ = -1;
  }
  pqxx::field field(int column) const {
    return rows_[static_cast<pqxx::result::size_type>(row_)]
                [static_cast<pqxx::row::size_type>(column)];
  }

  postgres_connection::session& in_;
  std::string sql_;
  std::vector<std::optional<std::string>> parameters_;
  pqxx::result rows_;
  std::int64_t row_ = -1;
  bool runs_ = false;
};

class lines_of_copy final : public postgres_connection::copied_lines {
public:
  lines_of_copy(postgres_connection::session& in, const std::string& sql)
      : sql_(sql), rows_(*in.work, sql) {}
  bool next(std::string& line) override {
    return guarded(sql_.c_str(), [&] { return rows_.next(line); });
  }

private:
  std::string sql_;
  compat::copy_out rows_;
};

} // namespace

postgres_connection::postgres_connection(const std::string& url) {
  const auto words = complete_address(url);
  try {
    session_ = guarded("connecting", [&] { return std::make_unique<session>(words); });
  } catch (const postgres_failed& failure) {
    throw postgres_failed(failure.why, failure.what(), diagnose_connecting(words));
  }
  // Reading and writing mean the same wherever the server stands, and nobody waits for ever.
  execute("SET client_encoding = 'UTF8'; SET timezone = 'UTC'; SET datestyle = 'ISO';"
          "SET client_min_messages = 'error'; SET lock_timeout = '10s'; SET statement_timeout = 0;"
          // The server, too, gives up a peer that is gone, and what that peer had locked.
          "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2;"
          "SET tcp_keepalives_count = 3; SET tcp_user_timeout = 10000;"
          "SET client_connection_check_interval = '5s';"
          "SET idle_in_transaction_session_timeout = '60s'");
}

postgres_connection::~postgres_connection() = default;

std::unique_ptr<prepared_statement> postgres_connection::prepare(const char* sql) const {
  return std::make_unique<postgres_statement>(*session_, sql);
}

std::int64_t postgres_connection::execute(const std::string& sql) const {
  const auto done = guarded(sql.c_str(), [&] { return session_->work->exec(sql); });
  return static_cast<std::int64_t>(done.affected_rows());
}

std::string postgres_connection::text(const std::string& sql) const {
  const auto rows = guarded(sql.c_str(), [&] { return session_->work->exec(sql); });
  if (rows.empty() || rows[0][0].is_null()) return {};
  return std::string(compat::text_of(rows[0][0]));
}

std::int64_t postgres_connection::integer(const std::string& sql) const {
  return number_in(text(sql));
}

std::unique_ptr<postgres_connection::copied_lines>
postgres_connection::copy(const std::string& sql) const {
  return guarded(sql.c_str(), [&] { return std::make_unique<lines_of_copy>(*session_, sql); });
}

namespace {

pqxx::result run_with(postgres_connection::session& in, const char* sql,
                      const std::vector<const column*>& columns) {
  std::vector<compat::binary> parameters;
  parameters.reserve(columns.size());
  for (const auto* c : columns) parameters.push_back(compat::to_binary(c->encoded()));
  return guarded(sql, [&] { return compat::run_prepared(*in.work, in.name_of(sql), parameters); });
}

} // namespace

std::int64_t postgres_connection::run(const char* sql,
                                      const std::vector<const column*>& columns) const {
  return static_cast<std::int64_t>(run_with(*session_, sql, columns).affected_rows());
}

std::vector<std::size_t>
postgres_connection::ordinals_left_out(const char* sql,
                                       const std::vector<const column*>& columns) const {
  const auto rows = columns.front()->size();
  const auto done = run_with(*session_, sql, columns);
  std::vector<std::size_t> left_out;
  if (static_cast<std::size_t>(done.size()) == rows) return left_out;
  std::vector<bool> found(rows);
  for (const auto& row : done) found[row[0].as<std::size_t>() - 1] = true;
  for (std::size_t i = 0; i < rows; ++i)
    if (!found[i]) left_out.push_back(i);
  return left_out;
}

std::optional<std::size_t>
postgres_connection::find_left_out(const char* sql,
                                   const std::vector<const column*>& columns) const {
  const auto left_out = ordinals_left_out(sql, columns);
  return left_out.empty() ? std::nullopt : std::optional(left_out.front());
}

bool postgres_connection::is_lost() const { return !session_->db.is_open(); }

std::string describe_postgres(const std::string& url) {
  const auto parts = parse_address(url);
  const auto part = [&parts](const char* keyword, const char* otherwise) {
    const auto found = parts.find(keyword);
    return found == parts.end() ? std::string(otherwise) : found->second;
  };
  return part("dbname", "the default database") + " at " + part("host", "the local socket") + ":" +
         part("port", "5432");
}

} // namespace boxoffice::persistence
