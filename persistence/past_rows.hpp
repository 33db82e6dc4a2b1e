// Reads what is past and may be forgotten. Private to this room.
#pragma once

#include "actors/domain/retention.hpp"
#include "persistence/sql.hpp"

namespace boxoffice::persistence {

class past_rows {
public:
  explicit past_rows(const sql_connection& db) : db_(db) {}

  // As reader::find_past, within the caller's transaction.
  domain::past find(const domain::past_bounds&);

private:
  const sql_connection& db_;
  // Word for word the conditions of the indexes that serve them.
  statement tokens_{db_, "SELECT t.token, token_id, q.concert_id, expiration_time, "
                         "q.position = (SELECT max(position) FROM queue l "
                         "WHERE l.concert_id = q.concert_id), "
                         "t.token IN (SELECT token FROM booking "
                         "WHERE status IN ('PENDING', 'PAYING', 'REFUNDING') "
                         "OR (status = 'CONFIRMED' AND NOT settled)) OR "
                         "t.token IN (SELECT paid_with_token FROM booking "
                         "WHERE paid_with_token IS NOT NULL "
                         "AND (status IN ('PENDING', 'PAYING', 'REFUNDING') "
                         "OR (status = 'CONFIRMED' AND NOT settled))) "
                         "FROM token t JOIN queue q ON queue_id = token_id "
                         "WHERE status = 'EXPIRED' AND expiration_time <= ?1 "
                         "AND (expiration_time, token_id) > (?2, ?3) "
                         "ORDER BY expiration_time, token_id LIMIT ?4"};
  statement overdue_{db_, "SELECT concert_option_id, user_id FROM booking "
                          "WHERE (status IN ('PENDING', 'PAYING', 'REFUNDING') "
                          "OR (status = 'CONFIRMED' AND NOT settled)) "
                          "AND confirmed_at IS NULL AND expires_at <= ?1"};
  statement bookings_{db_, "SELECT booking_id, concert_option_id, user_id, status, expires_at, "
                           "EXISTS (SELECT 1 FROM idempotency_key k "
                           "WHERE k.booking_id = b.booking_id "
                           "AND (k.status IS NULL OR k.expires_at > ?5)) "
                           "FROM booking b WHERE status IN ('EXPIRED', 'CANCELLED') "
                           "AND confirmed_at IS NULL AND expires_at <= ?1 "
                           "AND (expires_at, booking_id) > (?2, ?3) "
                           // What the books don't agree on is left for whoever mends them.
                           "AND NOT EXISTS (SELECT 1 FROM reservation r "
                           "WHERE r.booking_id = b.booking_id AND r.released_at IS NULL) "
                           "AND NOT EXISTS (SELECT 1 FROM payment p "
                           "WHERE p.booking_id = b.booking_id AND p.status = 'DEBITED') "
                           "ORDER BY expires_at, booking_id LIMIT ?4"};
};

} // namespace boxoffice::persistence
