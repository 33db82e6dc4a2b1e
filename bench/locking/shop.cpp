#include "bench/locking/shop.hpp"

#include <stdexcept>

namespace boxoffice::bench {

namespace {

const char* const tables = R"(
CREATE TABLE wallet (user_id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0),
                     version bigint NOT NULL DEFAULT 0) WITH (fillfactor = 50);
CREATE TABLE entry (entry_id bigserial PRIMARY KEY, user_id bigint NOT NULL, amount bigint NOT NULL,
                    balance_after bigint NOT NULL, booking_id bigint,
                    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE seat (seat_id bigint PRIMARY KEY, is_reserved boolean NOT NULL DEFAULT false,
                   version bigint NOT NULL DEFAULT 0) WITH (fillfactor = 50);
CREATE TABLE booking (booking_id bigserial PRIMARY KEY, seat_id bigint NOT NULL,
                      user_id bigint NOT NULL, total bigint NOT NULL,
                      is_confirmed boolean NOT NULL DEFAULT false,
                      version bigint NOT NULL DEFAULT 0,
                      created_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 50);
)";

struct statements {
  const char* look;   // $1: the target
  const char* change; // rows written: 1, or 0 when a version had changed
  const char* change_seen;
};

const statements& of(operation what) {
  static const statements charge{
      "SELECT balance, version FROM wallet WHERE user_id = $1",
      "WITH w AS (UPDATE wallet SET balance = $2, version = version + 1 WHERE user_id = $1 "
      "RETURNING user_id) "
      "INSERT INTO entry (user_id, amount, balance_after) SELECT user_id, $3, $2 FROM w",
      "WITH w AS (UPDATE wallet SET balance = $2, version = version + 1 WHERE user_id = $1 "
      "AND version = $4 RETURNING user_id) "
      "INSERT INTO entry (user_id, amount, balance_after) SELECT user_id, $3, $2 FROM w"};
  static const statements booking{
      "SELECT is_reserved::int, version FROM seat WHERE seat_id = $1",
      "WITH s AS (UPDATE seat SET is_reserved = true, version = version + 1 WHERE seat_id = $1 "
      "RETURNING seat_id) "
      "INSERT INTO booking (seat_id, user_id, total) SELECT seat_id, $2, $3 FROM s",
      "WITH s AS (UPDATE seat SET is_reserved = true, version = version + 1 WHERE seat_id = $1 "
      "AND version = $4 RETURNING seat_id) "
      "INSERT INTO booking (seat_id, user_id, total) SELECT seat_id, $2, $3 FROM s"};
  static const statements payment{
      "SELECT b.is_confirmed::int, b.total, w.balance, b.version, w.version "
      "FROM booking b JOIN wallet w USING (user_id) WHERE b.booking_id = $1",
      "WITH b AS (UPDATE booking SET is_confirmed = true, version = version + 1 "
      "WHERE booking_id = $1 RETURNING user_id), "
      "w AS (UPDATE wallet SET balance = $2, version = wallet.version + 1 FROM b "
      "WHERE wallet.user_id = b.user_id RETURNING wallet.user_id) "
      "INSERT INTO entry (user_id, amount, balance_after, booking_id) "
      "SELECT user_id, $3, $2, $1 FROM w",
      "WITH b AS (UPDATE booking SET is_confirmed = true, version = version + 1 "
      "WHERE booking_id = $1 AND version = $4 RETURNING user_id), "
      "w AS (UPDATE wallet SET balance = $2, version = wallet.version + 1 FROM b "
      "WHERE wallet.user_id = b.user_id AND wallet.version = $5 RETURNING wallet.user_id) "
      "INSERT INTO entry (user_id, amount, balance_after, booking_id) "
      "SELECT user_id, $3, $2, $1 FROM w"};
  switch (what) {
  case operation::charge: return charge;
  case operation::booking: return booking;
  case operation::payment: return payment;
  }
  throw std::logic_error("no such operation");
}

constexpr int most_values = 5;

} // namespace

void open_shop(const std::string& url, const load& l) {
  postgres_session session(url);
  session.script(tables);
  const auto count = std::to_string(l.targets());
  const auto fill = [&](const std::string& rows) {
    session.script("INSERT INTO " + rows + " FROM generate_series(0, " + count + " - 1) n");
  };
  fill("wallet SELECT n, " + std::to_string(first_balance));
  fill("seat SELECT n");
  if (l.what == operation::payment)
    fill("booking (booking_id, seat_id, user_id, total) SELECT n, n, n, " + std::to_string(price));
  session.script("VACUUM ANALYZE");
}

std::vector<std::int64_t> shop_books(const std::string& url, const load& l) {
  // Each: one row a target, in order. Entries and balances must tell the same.
  const auto start = std::to_string(first_balance);
  std::string text;
  switch (l.what) {
  case operation::charge:
    text = "SELECT CASE WHEN w.balance = " + start +
           " + coalesce(sum(e.amount), 0) THEN count(e.entry_id) ELSE -1 END "
           "FROM wallet w LEFT JOIN entry e USING (user_id) "
           "GROUP BY user_id, w.balance ORDER BY user_id";
    break;
  case operation::booking:
    text = "SELECT CASE WHEN s.is_reserved = (count(b.booking_id) > 0) THEN count(b.booking_id) "
           "ELSE -1 END FROM seat s LEFT JOIN booking b USING (seat_id) "
           "GROUP BY seat_id, s.is_reserved ORDER BY seat_id";
    break;
  case operation::payment:
    text = "SELECT CASE WHEN w.balance = " + start +
           " + coalesce(sum(e.amount), 0) "
           "AND b.is_confirmed = (count(e.entry_id) > 0) THEN count(e.entry_id) ELSE -1 END "
           "FROM booking b JOIN wallet w USING (user_id) LEFT JOIN entry e USING (booking_id) "
           "GROUP BY booking_id, w.balance, b.is_confirmed ORDER BY booking_id";
    break;
  }
  postgres_session session(url);
  session.prepare("books", text, 0);
  std::vector<std::int64_t> books;
  const auto replies = session.ask({{"books", {}}});
  for (const auto& row : replies.front().rows) books.push_back(row.front());
  return books;
}

void prepare_statements(postgres_session& session, operation what) {
  const auto& s = of(what);
  session.prepare(begin, "BEGIN", 0);
  session.prepare(commit, "COMMIT", 0);
  session.prepare(rollback, "ROLLBACK", 0);
  session.prepare(look, s.look, 1);
  session.prepare(look_and_lock, std::string(s.look) + " FOR UPDATE", 1);
  session.prepare(change, s.change, most_values);
  session.prepare(change_seen, s.change_seen, most_values);
}

std::optional<postgres_session::call> decide(operation what, const request& r,
                                             const postgres_session::reply& seen,
                                             const char* statement) {
  const auto& row = seen.rows.at(0);
  switch (what) {
  case operation::charge:
    return postgres_session::call{statement, {r.target, row[0] + charged, charged, row[1], 0}};
  case operation::booking:
    if (row[0] != 0) return std::nullopt;
    return postgres_session::call{statement, {r.target, r.user, price, row[1], 0}};
  case operation::payment:
    if (row[0] != 0 || row[2] < row[1]) return std::nullopt;
    return postgres_session::call{statement, {r.target, row[2] - row[1], -row[1], row[3], row[4]}};
  }
  return std::nullopt;
}

} // namespace boxoffice::bench
