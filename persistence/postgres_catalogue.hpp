// What seldom happens, event by event: concerts and their performances, users who change or go,
// what operators do. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/postgres_connection.hpp"

#include <memory>

namespace boxoffice::persistence {

// Each writes at once, within the caller's transaction: what came before it must be written.
class postgres_catalogue {
public:
  explicit postgres_catalogue(const postgres_connection& db) : db_(db) {}

  void write(const domain::user_changed&);
  void write(const domain::user_erased&);
  void write(const domain::concert_created&);
  void write(const domain::option_created&);
  void write(const domain::option_drafted&);
  void write(const domain::seats_laid&);
  void write(const domain::option_published&);
  void write(const domain::option_cancelled&);
  void write(const domain::cancellation_completed&);
  void write(const domain::queue_configured&);
  void write(const domain::operator_acted&);

private:
  void add_option(const domain::concert_option&, bool published);
  void date_concert(const domain::concert_option&);

  const postgres_connection& db_;
  statement change_user_{db_, "UPDATE users SET name = ?2, email = ?3 "
                              "WHERE user_id = ?1 AND erased_at IS NULL"};
  statement erase_user_{db_, "UPDATE users SET name = '', email = '', erased_at = ?2 "
                             "WHERE user_id = ?1 AND erased_at IS NULL"};
  statement add_concert_{db_, "INSERT INTO concert (concert_id, name, created_at, date) "
                              "VALUES (?1, ?2, ?3, ?4)"};
  statement date_concert_{db_,
                          "UPDATE concert SET date = ?2 WHERE concert_id = ?1 AND NOT EXISTS "
                          "(SELECT 1 FROM concert_option WHERE concert_id = ?1 AND published)"};
  statement add_option_{db_, "INSERT INTO concert_option (concert_option_id, concert_id, "
                             "starts_at, venue, time_zone, local_date, sales_open_at, "
                             "sales_close_at, published) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  statement add_section_{db_, "INSERT INTO section (concert_option_id, name, first_seat_id, seats, "
                              "price) VALUES (?, ?, ?, ?, ?)"};
  statement lay_seats_{db_, "INSERT INTO seat (seat_id, concert_id, seat_number, "
                            "concert_option_id, section, price) "
                            "SELECT ?1::bigint + i, ?2::bigint, ?3::integer + i, ?4::bigint, "
                            "?5::text, ?6::bigint FROM generate_series(0, ?7::integer - 1) AS i"};
  statement find_draft_{db_, "SELECT (SELECT sum(seats) FROM section s "
                             "WHERE s.concert_option_id = o.concert_option_id), "
                             "(SELECT count(*) FROM seat s "
                             "WHERE s.concert_option_id = o.concert_option_id) "
                             "FROM concert_option o WHERE concert_option_id = ? AND NOT published"};
  statement publish_option_{db_, "UPDATE concert_option SET published = true "
                                 "WHERE concert_option_id = ? AND NOT published"};
  statement cancel_option_{db_, "INSERT INTO option_cancellation (concert_option_id, requested_at, "
                                "bookings) SELECT ?1::bigint, ?2::timestamp, count(*) FROM booking "
                                "WHERE concert_option_id = ?1 "
                                "AND status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING')"};
  statement complete_cancellation_{
      db_, "UPDATE option_cancellation SET completed_at = ?2 "
           "WHERE concert_option_id = ?1 AND completed_at IS NULL AND NOT EXISTS "
           "(SELECT 1 FROM booking WHERE concert_option_id = ?1 "
           "AND status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING'))"};
  statement configure_queue_{db_, "INSERT INTO queue_setting (concert_id, active_limit, "
                                  "admit_per_second, paused, changed_at) VALUES (?, ?, ?, ?, ?) "
                                  "ON CONFLICT (concert_id) DO UPDATE SET "
                                  "active_limit = excluded.active_limit, "
                                  "admit_per_second = excluded.admit_per_second, "
                                  "paused = excluded.paused, changed_at = excluded.changed_at"};
  // The log is numbered as the embedded store's is.
  statement add_act_{db_, "INSERT INTO audit_log (audit_id, at, act, subject, reason) "
                          "SELECT coalesce(max(audit_id), 0) + 1, ?::timestamp, ?::text, ?::text, "
                          "?::text "
                          "FROM audit_log"};
};

} // namespace boxoffice::persistence
