// The rows of a long query of PostgreSQL's, some at a time. Private to this room.
#pragma once

#include "persistence/postgres_connection.hpp"

#include <memory>

namespace boxoffice::persistence {

// A query without parameters, within a transaction: a cursor there, whose rows are fetched in
// blocks, so that memory does not grow with the table.
class postgres_stream final : public prepared_statement {
public:
  postgres_stream(const postgres_connection&, const char* sql);

  void bind_null(int) override {}
  void bind_integer(int, std::int64_t) override {}
  void bind_text(int, std::string_view, text_is) override {}

  bool next() override;
  std::int64_t changed() const override { return 0; }
  void reset() noexcept override;

  bool is_null(int column) const override { return block_->is_null(column); }
  std::int64_t integer(int column) const override { return block_->integer(column); }
  std::string_view text(int column) const override { return block_->text(column); }

private:
  const postgres_connection& db_;
  std::string declare_, close_;
  std::unique_ptr<prepared_statement> block_;
  bool runs_ = false;
  int in_block_ = 0; // rows of it that were read
};

} // namespace boxoffice::persistence
