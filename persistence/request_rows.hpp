// Reads requests with an Idempotency-Key. Private to this room.
#pragma once

#include "actors/domain/kept_requests.hpp"
#include "persistence/sql.hpp"

namespace boxoffice::persistence {

class request_rows {
public:
  explicit request_rows(const sql_connection& db) : db_(db) {}

  // As reader::load_kept_requests. Throws store_failed, damaged.
  domain::kept_requests load(const domain::request_owner&, domain::time_point now);

private:
  const sql_connection& db_;
  statement of_owner_{db_, "SELECT owner, route, actor, key, fingerprint, detail, booking_id, "
                           "created_at, expires_at, status, body, location FROM idempotency_key "
                           "WHERE owner = ?1 AND (expires_at IS NULL OR expires_at > ?2)"};
  statement of_booking_{db_, "SELECT owner, route, actor, key, fingerprint, detail, booking_id, "
                             "created_at, expires_at, status, body, location FROM idempotency_key "
                             "WHERE booking_id = ?1 AND (expires_at IS NULL OR expires_at > ?2)"};
};

} // namespace boxoffice::persistence
