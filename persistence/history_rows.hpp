// Reads what clients ask for: lists in pages, and single rows of the past. Private to this room.
#pragma once

#include "persistence/sql.hpp"
#include "persistence/store.hpp"

#include <string>

namespace boxoffice::persistence {

// A row whose column holds what nobody wrote.
[[noreturn]] void fail_content(std::string_view column, std::string_view value);

domain::booking_status to_booking_status(std::string_view);

// Whole bookings of rows that begin with these columns.
class booking_rows {
public:
  static constexpr const char* columns =
      "booking_id, concert_option_id, concert_id, user_id, token, total, created_at, expires_at, "
      "status, payment_id, paid_with_token, settled, confirmed_at";

  explicit booking_rows(const sql_connection& db) : db_(db) {}

  domain::booking take(const cursor& row);

private:
  const sql_connection& db_;
  statement seats_{db_, "SELECT r.seat_id, reservation_id, section, seat_number, r.price "
                        "FROM reservation r JOIN seat s ON s.seat_id = r.seat_id "
                        "WHERE booking_id = ? ORDER BY r.seat_id"};
};

// Each call within the caller's transaction, where it needs one.
class history_rows {
public:
  explicit history_rows(const sql_connection& db) : db_(db) {}

  std::optional<domain::user_account> find_user(const domain::user_id&);
  std::optional<domain::wallet_entry> find_entry(const domain::user_id&, domain::entry_id);
  domain::page<domain::wallet_entry> find_entries(const domain::user_id&,
                                                  const domain::page_bounds&);
  domain::page<domain::booking> find_user_bookings(const domain::user_id&,
                                                   const domain::page_bounds&);
  domain::page<domain::booking> find_option_bookings(domain::option_id, const domain::page_bounds&);
  std::optional<domain::payment_record> find_payment(domain::booking_id);
  domain::page<domain::audit_record> find_acts(const domain::page_bounds&);
  bool is_in_use(const domain::user_id&, domain::time_point now);

private:
  statement select(const char* columns, const char* from_where) const {
    return statement(db_, ("SELECT " + std::string(columns) + ' ' + from_where).c_str());
  }

  static constexpr const char* entry_columns =
      "entry_id, user_id, kind, amount, balance_after, payment_id, booking_id, reason, created_at";

  const sql_connection& db_;
  booking_rows booking_rows_{db_};

  statement user_{db_, "SELECT name, email, created_at FROM users "
                       "WHERE user_id = ? AND erased_at IS NULL"};
  statement entry_{select(entry_columns, "FROM point_entry e WHERE user_id = ? AND entry_id = ? "
                                         "AND EXISTS (SELECT 1 FROM users u WHERE u.user_id = "
                                         "e.user_id AND erased_at IS NULL)")};
  statement entries_{select(entry_columns, "FROM point_entry WHERE user_id = ? AND entry_id < ? "
                                           "ORDER BY entry_id DESC LIMIT ?")};
  statement user_bookings_{select(booking_rows::columns,
                                  "FROM booking WHERE user_id = ? AND booking_id < ? "
                                  "ORDER BY booking_id DESC LIMIT ?")};
  statement option_bookings_{select(booking_rows::columns,
                                    "FROM booking WHERE concert_option_id = ? AND booking_id < ? "
                                    "ORDER BY booking_id DESC LIMIT ?")};
  statement payment_{db_, "SELECT payment_id, user_id, amount, created_at FROM payment "
                          "WHERE booking_id = ? AND status = 'DEBITED'"};
  statement acts_{db_, "SELECT audit_id, at, act, subject, reason FROM audit_log "
                       "WHERE audit_id < ? ORDER BY audit_id DESC LIMIT ?"};
  // By concert, so that the index of the live tokens serves; there are few concerts.
  statement live_token_{db_, "SELECT 1 FROM concert c JOIN token t "
                             "ON t.concert_code = CAST(c.concert_id AS TEXT) "
                             "WHERE t.user_id = ? AND t.status <> 'EXPIRED' LIMIT 1"};
  statement live_booking_{db_, "SELECT 1 FROM booking b WHERE user_id = ?1 AND "
                               "(status IN ('PENDING', 'PAYING', 'REFUNDING') OR "
                               "(status = 'CONFIRMED' AND (SELECT starts_at > ?2 "
                               "FROM concert_option o WHERE o.concert_option_id = "
                               "b.concert_option_id))) LIMIT 1"};
};

} // namespace boxoffice::persistence
