#include "persistence/full_shipment.hpp"

#include "persistence/tables.hpp"

namespace boxoffice::persistence {

namespace {

constexpr std::size_t rows_a_statement = 2'000;

// One of PostgreSQL's arrays for each column of a table.
class row_block {
public:
  explicit row_block(const table& t) : table_(t) { clear(); }

  void add(const cursor& row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const int at = static_cast<int>(i);
      if (row.is_null(at)) {
        columns_[i].add(std::nullopt);
        continue;
      }
      switch (table_.columns[i].kind) {
      case column::of::integers:
      case column::of::integers_32: columns_[i].add(row.integer(at)); break;
      case column::of::texts: columns_[i].add(row.text(at)); break;
      case column::of::times: columns_[i].add(row.time(at)); break;
      case column::of::dates: columns_[i].add(row.date(at)); break;
      case column::of::booleans: columns_[i].add(row.integer(at) != 0); break;
      case column::of::tokens: columns_[i].add(row.token(at)); break;
      }
    }
  }
  std::size_t size() const { return columns_.front().size(); }

  void write(const postgres_connection& to, const std::string& insert) {
    std::vector<const column*> all;
    for (const auto& c : columns_) all.push_back(&c);
    if (size() > 0) to.run(insert.c_str(), all);
    clear();
  }

private:
  void clear() {
    columns_.clear();
    for (const auto& c : table_.columns) columns_.emplace_back(c.kind);
  }

  const table& table_;
  std::vector<column> columns_;
};

const char* array_of(column::of kind) {
  switch (kind) {
  case column::of::integers: return "bigint[]";
  case column::of::integers_32: return "integer[]";
  case column::of::texts: return "text[]";
  case column::of::times: return "timestamp[]";
  case column::of::dates: return "date[]";
  case column::of::booleans: return "boolean[]";
  case column::of::tokens: return "uuid[]";
  }
  return "";
}

// INSERT INTO t (a, b) SELECT a, b FROM unnest($1::bigint[], $2::text[]) AS u (a, b)
std::string insert_into(const table& t) {
  std::string arrays;
  for (std::size_t i = 0; i < t.columns.size(); ++i)
    arrays += (i == 0 ? "$" : ", $") + std::to_string(i + 1) + "::" + array_of(t.columns[i].kind);
  return std::string("INSERT INTO ") + t.name + " (" + t.column_names() + ") SELECT " +
         t.into_postgres() + " FROM unnest(" + arrays + ") AS u (" + t.column_names() + ")";
}

void empty_all_tables(const postgres_connection& to) {
  std::string names;
  for (const auto& t : all_tables()) names += (names.empty() ? "" : ", ") + std::string(t.name);
  to.execute("TRUNCATE " + names);
}

} // namespace

std::int64_t count_rows(const sqlite_connection& from) {
  std::int64_t rows = 0;
  for (const auto& t : all_tables())
    rows += from.integer((std::string("SELECT count(*) FROM ") + t.name).c_str());
  return rows;
}

shipment_end ship_everything(const sqlite_connection& from, const postgres_connection& to,
                             const shipment_progress& progress) {
  read_boundaries boundaries(from);
  const read_transaction one_state(boundaries);
  const auto all = count_rows(from);
  std::int64_t done = 0;
  progress(done, all);
  empty_all_tables(to);
  for (const auto& t : all_tables()) {
    const auto insert = insert_into(t);
    row_block block(t);
    statement rows(from, ("SELECT " + t.column_names() + " FROM " + t.name).c_str());
    const auto flush = [&] {
      done += static_cast<std::int64_t>(block.size());
      block.write(to, insert);
      progress(done, all);
    };
    for (auto row = rows.query(); row.next();) {
      block.add(row);
      if (block.size() == rows_a_statement) flush();
    }
    flush();
  }
  statement meta(from, "SELECT last_commit, last_time FROM store_meta");
  auto row = meta.query();
  row.next();
  return {row.integer(0), row.time(1)};
}

} // namespace boxoffice::persistence
