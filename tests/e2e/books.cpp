#include "tests/e2e/books.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace boxoffice::e2e {

namespace {

struct closer {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using database = std::unique_ptr<sqlite3, closer>;

database open(const std::filesystem::path& store, int flags) {
  sqlite3* db = nullptr;
  const int result = sqlite3_open_v2(database_in(store).c_str(), &db, flags, nullptr);
  database opened(db);
  if (result != SQLITE_OK) throw std::runtime_error("can't open the store");
  sqlite3_busy_timeout(db, static_cast<int>(patience.count()));
  return opened;
}

void execute(sqlite3* db, const char* sql) {
  if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(std::string(sql) + ": " + sqlite3_errmsg(db));
}

struct row {
  sqlite3_stmt* statement;
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement, column); }
  std::string text(int column) const {
    return reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  }
};

template <class Use>
void for_each(sqlite3* db, const char* sql, Use use) {
  sqlite3_stmt* prepared = nullptr;
  int result = sqlite3_prepare_v2(db, sql, -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(prepared, sqlite3_finalize);
  while (result == SQLITE_OK && (result = sqlite3_step(prepared)) == SQLITE_ROW) {
    use(row{prepared});
    result = SQLITE_OK;
  }
  if (result != SQLITE_DONE) throw std::runtime_error(std::string(sql) + ": " + sqlite3_errmsg(db));
}

} // namespace

bool books::at_rest() const {
  return std::all_of(bookings.begin(), bookings.end(), [](const auto& entry) {
    const auto& b = entry.second;
    return b.status != "PAYING" && b.status != "REFUNDING" &&
           (b.status != "CONFIRMED" || b.settled);
  });
}

std::filesystem::path database_in(const std::filesystem::path& store) {
  return store / "boxoffice.db";
}

books read_books(const std::filesystem::path& store) {
  const auto opened = open(store, SQLITE_OPEN_READONLY);
  auto* db = opened.get();
  books result;
  execute(db, "BEGIN");
  for_each(db, "SELECT booking_id, user_id, status, concert_option_id, total, settled FROM booking",
           [&](row r) {
             result.bookings[r.integer(0)] = {
                 r.text(1),    r.text(2),         static_cast<int>(r.integer(3)),
                 r.integer(4), r.integer(5) != 0, {}};
           });
  for_each(db,
           "SELECT booking_id, section || '_' || seat_number FROM reservation r "
           "JOIN seat s ON s.seat_id = r.seat_id",
           [&](row r) { result.bookings[r.integer(0)].seats.insert(r.text(1)); });
  for_each(db, "SELECT user_id, amount FROM point",
           [&](row r) { result.balances[r.text(0)] = r.integer(1); });
  for_each(db, "SELECT token, user_id, concert_code, status FROM token", [&](row r) {
    result.tokens[r.text(0)] = {r.text(1), r.text(2), r.text(3)};
  });
  for_each(db,
           "SELECT seat_id FROM reservation WHERE released_at IS NULL "
           "GROUP BY seat_id HAVING count(*) > 1",
           [&](row r) { result.seats_with_two_holders.push_back(r.integer(0)); });
  for_each(db, "SELECT count(*) FROM idempotency_key",
           [&](row r) { result.kept_requests = r.integer(0); });
  return result;
}

void change_store(const std::filesystem::path& store, const std::string& sql) {
  execute(open(store, SQLITE_OPEN_READWRITE).get(), sql.c_str());
}

void build_halls(const std::filesystem::path& store) {
  for (const int option : {hall_of_concert_1, hall_of_concert_2}) {
    const auto number = std::to_string(option);
    const auto model = option == hall_of_concert_1 ? "3" : "6"; // the last one: not over for days
    change_store(store, R"sql(
BEGIN;
INSERT INTO concert_option (concert_option_id, concert_id, starts_at, venue, time_zone, local_date,
                            sales_open_at, sales_close_at) SELECT )sql" +
                            number + R"sql(, concert_id, starts_at, 'Big Hall',
  time_zone, local_date, sales_open_at, sales_close_at
  FROM concert_option WHERE concert_option_id = )sql" +
                            model + R"sql(;
WITH RECURSIVE letter (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM letter WHERE n < 25)
INSERT INTO section SELECT )sql" +
                            number + R"sql(,
  (SELECT next FROM id_counter WHERE kind = 'seat') + 1000 * n, char(65 + n), 1000, 100 FROM letter;
WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 999)
INSERT INTO seat SELECT first_seat_id + n, (SELECT concert_id FROM concert_option o
    WHERE o.concert_option_id = s.concert_option_id), n + 1, 0, concert_option_id, name, price
  FROM section s, number WHERE concert_option_id = )sql" +
                            number + R"sql(;
UPDATE id_counter SET next = next + 26000 WHERE kind = 'seat';
UPDATE id_counter SET next = max(next, 9) WHERE kind = 'option';
COMMIT)sql");
  }
}

} // namespace boxoffice::e2e
