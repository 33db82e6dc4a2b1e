#include "persistence/sql.hpp"

namespace boxoffice::persistence {

namespace {

[[noreturn]] void fail_content(const char* wanted, std::string_view found) {
  throw store_failed(store_failed::reason::damaged, std::string("The store holds '") +
                                                        std::string(found) + "' where " + wanted +
                                                        " should be.");
}

} // namespace

// --- cursor

domain::time_point cursor::time(int column) const {
  if (const auto t = domain::parse_sql_text(text(column))) return *t;
  fail_content("a time", text(column));
}

domain::calendar_date cursor::date(int column) const {
  if (const auto d = domain::parse_date(text(column))) return *d;
  fail_content("a date", text(column));
}

domain::token_key cursor::token(int column) const {
  if (const auto key = domain::parse_token_key(text(column))) return *key;
  fail_content("a token", text(column));
}

// --- statement

std::int64_t statement::finish() {
  cursor rows(*prepared_);
  while (rows.next()) {
  }
  return prepared_->changed();
}

void statement::bind(int index, domain::time_point t) {
  prepared_->bind_text(index, domain::to_sql_text(t), text_is::copied);
}

void statement::bind(int index, domain::calendar_date d) {
  prepared_->bind_text(index, to_string(d), text_is::copied);
}

void statement::bind(int index, domain::token_key key) {
  prepared_->bind_text(index, to_string(key), text_is::copied);
}

// --- read_transaction

read_transaction::~read_transaction() {
  try {
    end_.run();
  } catch (const store_failed&) {
    // It only read: there is nothing to lose, and the connection's next transaction reports what is
    // wrong.
  }
}

} // namespace boxoffice::persistence
