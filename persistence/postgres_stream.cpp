#include "persistence/postgres_stream.hpp"

#include <atomic>

namespace boxoffice::persistence {

namespace {

constexpr int rows_a_block = 1'000;

// A name for one query: what is prepared to fetch from it must never meet rows of another kind.
std::string draw_name() {
  static std::atomic<int> given{0};
  return "rows_" + std::to_string(++given);
}

} // namespace

postgres_stream::postgres_stream(const postgres_connection& db, const char* sql) : db_(db) {
  const auto name = draw_name();
  declare_ = "DECLARE " + name + " NO SCROLL CURSOR FOR " + sql;
  close_ = "CLOSE " + name;
  block_ = db.prepare(("FETCH " + std::to_string(rows_a_block) + " FROM " + name).c_str());
}

bool postgres_stream::next() {
  if (!runs_) db_.execute(declare_);
  runs_ = true;
  if (!block_->next()) {
    if (in_block_ < rows_a_block) return false; // also before the first block: none was full
    block_->reset();
    in_block_ = 0;
    if (!block_->next()) return false;
  }
  ++in_block_;
  return true;
}

void postgres_stream::reset() noexcept {
  if (!runs_) return;
  runs_ = false;
  in_block_ = 0;
  block_->reset();
  try {
    db_.execute(close_);
  } catch (const store_failed&) {
    // The transaction has failed, and with it the cursor ends.
  }
}

std::unique_ptr<prepared_statement> postgres_connection::prepare_long(const char* sql) const {
  return std::make_unique<postgres_stream>(*this, sql);
}

} // namespace boxoffice::persistence
