// What each event does to the tables. Private to this room.
//
// Every statement that changes a row names the state it must be in. When it finds no such row the
// event contradicts the tables: store_failed, refused, and the caller rolls back the whole commit.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/sqlite_connection.hpp"
#include "persistence/sqlite_past.hpp"
#include "persistence/sqlite_requests.hpp"

namespace boxoffice::persistence {

class sqlite_writer {
public:
  explicit sqlite_writer(const sqlite_connection& db) : db_(db) {}

  // Writes the events in order, raises the id counters and numbers the commit. Within the caller's
  // transaction.
  commit_number write(const domain::events&, domain::time_point now);

  // Visited by write().
  void operator()(const domain::user_created&);
  void operator()(const domain::concert_created&);
  void operator()(const domain::option_created&);
  void operator()(const domain::option_drafted&);
  void operator()(const domain::seats_laid&);
  void operator()(const domain::option_published&);
  void operator()(const domain::token_issued&);
  void operator()(const domain::token_admitted&);
  void operator()(const domain::token_expired&);
  void operator()(const domain::booking_created&);
  void operator()(const domain::booking_expired&);
  void operator()(const domain::payment_started&);
  void operator()(const domain::payment_refused&);
  void operator()(const domain::booking_confirmed&);
  void operator()(const domain::booking_settled&);
  void operator()(const domain::wallet_charged&);
  void operator()(const domain::wallet_debited&);
  void operator()(const domain::debit_refused&);
  void operator()(const domain::option_cancelled&);
  void operator()(const domain::cancellation_completed&);
  void operator()(const domain::refund_started&);
  void operator()(const domain::booking_cancelled&);
  void operator()(const domain::wallet_refunded&);
  void operator()(const domain::token_prioritized&);
  void operator()(const domain::queue_configured&);
  void operator()(const domain::user_changed&);
  void operator()(const domain::user_erased&);
  void operator()(const domain::wallet_adjusted&);
  void operator()(const domain::operator_acted&);
  void operator()(const domain::request_begun&);
  void operator()(const domain::request_answered&);
  void operator()(const domain::request_dropped&);
  void operator()(const domain::tokens_forgotten&);
  void operator()(const domain::bookings_forgotten&);

private:
  void add_option(const domain::concert_option&, bool published);
  void end_holds(domain::booking_id, const std::vector<domain::seat_id>&);
  void free_seats(domain::booking_id, const std::vector<domain::seat_id>&, domain::time_point);
  void raise_counters(const domain::events&);

  const sqlite_connection& db_;

  // --- users and the catalogue
  statement add_user_{db_, "INSERT INTO users (user_id, name, email, created_at) "
                           "VALUES (?, ?, ?, ?)"};
  statement add_point_{db_, "INSERT INTO point (point_id, user_id, amount) VALUES (?, ?, 0)"};
  statement change_user_{db_, "UPDATE users SET name = ?2, email = ?3 "
                              "WHERE user_id = ?1 AND erased_at IS NULL"};
  statement erase_user_{db_, "UPDATE users SET name = '', email = '', erased_at = ?2 "
                             "WHERE user_id = ?1 AND erased_at IS NULL"};
  statement add_concert_{db_, "INSERT INTO concert (concert_id, name, created_at, date) "
                              "VALUES (?1, ?2, ?3, substr(?3, 1, 10))"};
  statement date_concert_{db_,
                          "UPDATE concert SET date = ?2 WHERE concert_id = ?1 AND NOT EXISTS "
                          "(SELECT 1 FROM concert_option WHERE concert_id = ?1 AND published)"};
  statement add_option_{db_, "INSERT INTO concert_option (concert_option_id, concert_id, "
                             "starts_at, venue, time_zone, local_date, sales_open_at, "
                             "sales_close_at, published) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  statement find_draft_{db_, "SELECT (SELECT sum(seats) FROM section s "
                             "WHERE s.concert_option_id = o.concert_option_id), "
                             "(SELECT count(*) FROM seat s "
                             "WHERE s.concert_option_id = o.concert_option_id) "
                             "FROM concert_option o WHERE concert_option_id = ? AND NOT published"};
  statement publish_option_{db_, "UPDATE concert_option SET published = 1 "
                                 "WHERE concert_option_id = ?1 AND published = 0"};
  statement add_section_{db_, "INSERT INTO section (concert_option_id, name, first_seat_id, seats, "
                              "price) VALUES (?, ?, ?, ?, ?)"};
  statement add_seat_{db_, "INSERT INTO seat (seat_id, concert_id, seat_number, concert_option_id, "
                           "section, price) VALUES (?, ?, ?, ?, ?, ?)"};

  // --- queue
  statement add_token_{db_, "INSERT INTO token (token_id, user_id, concert_code, expiration_time, "
                            "token, status, priority, issued_at) "
                            "VALUES (?, ?, ?, ?, ?, 'WAITING', ?, ?)"};
  statement add_queue_{db_, "INSERT INTO queue (queue_id, user_id, concert_id, queue_time, "
                            "position) VALUES (?, ?, ?, ?, ?)"};
  statement admit_token_{db_, "UPDATE token SET status = 'PROCESSING', admitted_at = ?2, "
                              "expiration_time = ?3 WHERE token = ?1 AND status = 'WAITING'"};
  statement expire_token_{db_, "UPDATE token SET status = 'EXPIRED', expiration_time = ?2 "
                               "WHERE token = ?1 AND status <> 'EXPIRED'"};
  statement prioritize_token_{db_, "UPDATE token SET priority = ?2 "
                                   "WHERE token = ?1 AND status <> 'EXPIRED'"};
  statement configure_queue_{db_, "INSERT INTO queue_setting (concert_id, active_limit, "
                                  "admit_per_second, paused, changed_at) VALUES (?, ?, ?, ?, ?) "
                                  "ON CONFLICT (concert_id) DO UPDATE SET "
                                  "active_limit = excluded.active_limit, "
                                  "admit_per_second = excluded.admit_per_second, "
                                  "paused = excluded.paused, changed_at = excluded.changed_at"};

  // --- booking
  statement add_booking_{db_, "INSERT INTO booking (booking_id, concert_option_id, concert_id, "
                              "user_id, token, total, created_at, expires_at, status) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'PENDING')"};
  statement add_reservation_{db_, "INSERT INTO reservation (reservation_id, concert_option_id, "
                                  "user_id, seat_id, reservation_time, booking_id, price) "
                                  "VALUES (?, ?, ?, ?, ?, ?, ?)"};
  statement add_hold_{db_, "INSERT INTO temp_reservation (temp_reservation_id, user_id, seat_id, "
                           "temp_reservation_time, expiration_time, booking_id) "
                           "VALUES (?, ?, ?, ?, ?, ?)"};
  statement take_seat_{db_, "UPDATE seat SET is_reserved = 1 "
                            "WHERE seat_id = ?1 AND concert_option_id = ?2 AND is_reserved = 0"};
  statement free_seat_{db_, "UPDATE seat SET is_reserved = 0 "
                            "WHERE seat_id = ?1 AND is_reserved = 1"};
  statement end_hold_{db_, "DELETE FROM temp_reservation WHERE seat_id = ?1 AND booking_id = ?2"};
  statement release_reservations_{db_, "UPDATE reservation SET released_at = ?2 "
                                       "WHERE booking_id = ?1 AND released_at IS NULL"};
  statement confirm_reservations_{db_, "UPDATE reservation SET is_confirmed = 1 "
                                       "WHERE booking_id = ?1 AND released_at IS NULL "
                                       "AND is_confirmed = 0"};
  statement expire_booking_{db_, "UPDATE booking SET status = 'EXPIRED' "
                                 "WHERE booking_id = ?1 AND status = 'PENDING'"};
  statement start_payment_{db_,
                           "UPDATE booking SET status = 'PAYING', payment_id = ?2, "
                           "paid_with_token = ?3 WHERE booking_id = ?1 AND status = 'PENDING'"};
  statement refuse_payment_{db_, "UPDATE booking SET status = 'PENDING' "
                                 "WHERE booking_id = ?1 AND status = 'PAYING' "
                                 "AND payment_id = ?2"};
  statement confirm_booking_{db_, "UPDATE booking SET status = 'CONFIRMED', confirmed_at = ?3 "
                                  "WHERE booking_id = ?1 AND status = 'PAYING' "
                                  "AND payment_id = ?2"};
  statement settle_booking_{db_, "UPDATE booking SET settled = 1 WHERE booking_id = ?1 "
                                 "AND status = 'CONFIRMED' AND settled = 0"};
  statement start_refund_{db_, "UPDATE booking SET status = 'REFUNDING' WHERE booking_id = ?1 "
                               "AND status = 'CONFIRMED' AND settled = 1 AND payment_id = ?2"};
  statement give_up_booking_{db_, "UPDATE booking SET status = 'CANCELLED' "
                                  "WHERE booking_id = ?1 AND status = 'PENDING'"};
  // Only once the money is back.
  statement end_refund_{db_, "UPDATE booking SET status = 'CANCELLED' "
                             "WHERE booking_id = ?1 AND status = 'REFUNDING' "
                             "AND EXISTS (SELECT 1 FROM point_entry "
                             "WHERE booking_id = ?1 AND kind = 'REFUND')"};

  // --- a cancelled option
  statement cancel_option_{db_, "INSERT INTO option_cancellation (concert_option_id, requested_at, "
                                "bookings) SELECT ?1, ?2, count(*) FROM booking "
                                "WHERE concert_option_id = ?1 "
                                "AND status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING')"};
  statement complete_cancellation_{
      db_, "UPDATE option_cancellation SET completed_at = ?2 "
           "WHERE concert_option_id = ?1 AND completed_at IS NULL AND NOT EXISTS "
           "(SELECT 1 FROM booking WHERE concert_option_id = ?1 "
           "AND status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING'))"};

  // --- wallet: the balance an event names must follow from the one that stands
  statement change_balance_{db_, "UPDATE point SET amount = ?3 "
                                 "WHERE user_id = ?1 AND amount + ?2 = ?3"};
  statement note_charge_{db_, "UPDATE point SET last_charge_amount = ?2, last_charge_at = ?3 "
                              "WHERE user_id = ?1"};
  statement add_charge_{db_, "INSERT INTO point_entry (entry_id, user_id, kind, amount, "
                             "balance_after, created_at) VALUES (?, ?, 'CHARGE', ?, ?, ?)"};
  statement add_payment_entry_{db_, "INSERT INTO point_entry (entry_id, user_id, kind, amount, "
                                    "balance_after, payment_id, booking_id, created_at) "
                                    "VALUES (?, ?, 'PAYMENT', ?, ?, ?, ?, ?)"};
  statement add_refund_{db_, "INSERT INTO point_entry (entry_id, user_id, kind, amount, "
                             "balance_after, payment_id, booking_id, created_at) "
                             "SELECT ?1, ?2, 'REFUND', ?3, ?4, ?5, ?6, ?7 FROM booking "
                             "WHERE booking_id = ?6 AND status = 'REFUNDING' "
                             "AND user_id = ?2 AND payment_id = ?5 AND total = ?3"};
  statement add_debit_{db_, "INSERT INTO payment (payment_id, user_id, booking_id, amount, "
                            "status, created_at) VALUES (?, ?, ?, ?, 'DEBITED', ?)"};
  statement note_refusal_{db_, "INSERT INTO payment (payment_id, user_id, booking_id, amount, "
                               "status, created_at) VALUES (?, ?, ?, ?, 'REFUSED', ?) "
                               "ON CONFLICT (booking_id) WHERE status = 'REFUSED' DO UPDATE "
                               "SET payment_id = excluded.payment_id, user_id = excluded.user_id, "
                               "amount = excluded.amount, created_at = excluded.created_at"};

  statement add_adjustment_{db_, "INSERT INTO point_entry (entry_id, user_id, kind, amount, "
                                 "balance_after, reason, created_at) "
                                 "VALUES (?, ?, 'ADJUSTMENT', ?, ?, ?, ?)"};

  // --- operators
  statement add_act_{db_, "INSERT INTO audit_log (at, act, subject, reason) VALUES (?, ?, ?, ?)"};

  // --- requests with an Idempotency-Key
  sqlite_request_writer requests_{db_};

  // --- retention
  sqlite_past_writer past_{db_};

  // --- each commit
  statement raise_counter_{db_, "UPDATE id_counter SET next = ?2 WHERE kind = ?1 AND next < ?2"};
  statement number_commit_{db_, "UPDATE store_meta SET last_commit = last_commit + 1, "
                                "last_time = max(last_time, ?) RETURNING last_commit"};
};

} // namespace boxoffice::persistence
