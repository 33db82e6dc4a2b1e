// The rows of a long query of PostgreSQL's, one at a time. Private to this room.
#pragma once

#include "persistence/postgres_connection.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boxoffice::persistence {

// A query without parameters, within a transaction. It is copied out, so that neither side ever has
// more than some rows in memory, and nobody asks for each block of them: half the time of a cursor.
class postgres_stream final : public prepared_statement {
public:
  postgres_stream(const postgres_connection& db, std::string sql) : db_(db), sql_(std::move(sql)) {}

  void bind_null(int) override {}
  void bind_integer(int, std::int64_t) override {}
  void bind_text(int, std::string_view, text_is) override {}

  bool next() override;
  std::int64_t changed() const override { return 0; }
  // Where rows are left, it reads past them.
  void reset() noexcept override { rows_.reset(); }

  bool is_null(int column) const override { return !field(column); }
  std::int64_t integer(int column) const override { return number_in(text(column)); }
  std::string_view text(int column) const override {
    const auto& found = field(column);
    return found ? std::string_view(line_).substr(found->first, found->second) : std::string_view();
  }

private:
  using span = std::pair<std::size_t, std::size_t>; // within line_: where, and how long
  const std::optional<span>& field(int column) const {
    return fields_[static_cast<std::size_t>(column)];
  }
  void split_line();

  const postgres_connection& db_;
  std::string sql_;
  std::unique_ptr<postgres_connection::copied_lines> rows_;
  std::string line_;
  std::vector<std::optional<span>> fields_; // nothing: NULL
};

} // namespace boxoffice::persistence
