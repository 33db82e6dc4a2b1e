#include "persistence/postgres_stream.hpp"

namespace boxoffice::persistence {

namespace {

// What stands behind a backslash in COPY's text format.
char unescaped(char c) {
  switch (c) {
  case 'b': return '\b';
  case 'f': return '\f';
  case 'n': return '\n';
  case 'r': return '\r';
  case 't': return '\t';
  case 'v': return '\v';
  default: return c;
  }
}

} // namespace

bool postgres_stream::next() {
  if (!rows_) rows_ = db_.copy(sql_);
  if (!rows_->next(line_)) return false;
  split_line();
  return true;
}

// Fields stand between tabs, and are unescaped in their place: they only become shorter.
void postgres_stream::split_line() {
  fields_.clear();
  std::size_t from = 0;
  const auto size = line_.size();
  do {
    const auto begin = from;
    auto end = begin;
    const bool is_null = line_.compare(begin, 2, "\\N") == 0;
    while (from < size && line_[from] != '\t') {
      const char c = line_[from++];
      line_[end++] = c == '\\' && from < size ? unescaped(line_[from++]) : c;
    }
    fields_.push_back(is_null ? std::nullopt : std::optional(span(begin, end - begin)));
  } while (from++ < size);
}

std::unique_ptr<prepared_statement> postgres_connection::prepare_long(const char* sql) const {
  return std::make_unique<postgres_stream>(*this, sql);
}

} // namespace boxoffice::persistence
