// Reads what is on offer, and what is being put on offer. Private to this room.
#pragma once

#include "persistence/sql.hpp"
#include "persistence/store.hpp"

#include <vector>

namespace boxoffice::persistence {

// Each call within the caller's transaction.
class catalogue_rows {
public:
  explicit catalogue_rows(const sql_connection& db) : db_(db) {}

  domain::catalogue load();
  std::vector<domain::option_draft> load_drafts(); // in the order of their ids
  bool has_drafts();

private:
  domain::concert_option read_option(const cursor&);
  domain::cancellation read_cancellation(const cursor&, domain::option_id);
  std::vector<domain::section> load_sections(domain::option_id);

  const sql_connection& db_;

  statement concerts_{db_, "SELECT concert_id, name, created_at FROM concert"};
  statement options_{db_, "SELECT concert_option_id, concert_id, starts_at, venue, time_zone, "
                          "local_date, sales_open_at, sales_close_at FROM concert_option "
                          "WHERE published"};
  statement drafts_{db_, "SELECT concert_option_id, concert_id, starts_at, venue, time_zone, "
                         "local_date, sales_open_at, sales_close_at, (SELECT count(*) FROM seat s "
                         "WHERE s.concert_option_id = o.concert_option_id) "
                         "FROM concert_option o WHERE NOT published ORDER BY concert_option_id"};
  statement has_drafts_{db_, "SELECT EXISTS (SELECT 1 FROM concert_option WHERE NOT published)"};
  statement cancellations_{db_, "SELECT concert_option_id, requested_at, bookings, completed_at "
                                "FROM option_cancellation"};
  statement live_bookings_{db_, "SELECT count(*) FROM booking WHERE concert_option_id = ? "
                                "AND status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING')"};
  statement sections_{db_, "SELECT name, first_seat_id, seats, price FROM section "
                           "WHERE concert_option_id = ? ORDER BY first_seat_id"};
};

} // namespace boxoffice::persistence
