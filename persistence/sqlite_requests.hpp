// The table of requests with an Idempotency-Key: made and written here. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/sqlite_connection.hpp"

namespace boxoffice::persistence {

// A part of schema 2.
void create_request_table(const sqlite_connection&);

// Each returns whether the tables agree: a request begins when it is not kept, or long ago; it is
// answered once; only what was begun is dropped.
class sqlite_request_writer {
public:
  explicit sqlite_request_writer(const sqlite_connection& db) : db_(db) {}

  bool write(const domain::request_begun&);
  // Also takes away a few answers that have expired, so that the table is kept small by those who
  // make it grow, in steps of a bounded size.
  bool write(const domain::request_answered&);
  bool write(const domain::request_dropped&);

private:
  const sqlite_connection& db_;
  statement begin_{db_,
                   "INSERT INTO idempotency_key (owner, route, actor, key, fingerprint, detail, "
                   "booking_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
                   "ON CONFLICT DO UPDATE SET fingerprint = ?5, detail = ?6, booking_id = ?7, "
                   "created_at = ?8, status = NULL, body = NULL, location = NULL, "
                   "expires_at = NULL WHERE status IS NOT NULL AND expires_at <= ?8"};
  statement answer_{db_,
                    "INSERT INTO idempotency_key (owner, route, actor, key, fingerprint, detail, "
                    "booking_id, created_at, expires_at, status, body, location) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
                    "ON CONFLICT DO UPDATE SET fingerprint = ?5, detail = ?6, booking_id = ?7, "
                    "created_at = iif(status IS NULL, created_at, ?8), expires_at = ?9, "
                    "status = ?10, body = ?11, location = ?12 "
                    "WHERE status IS NULL OR expires_at <= ?8"};
  statement drop_{db_, "DELETE FROM idempotency_key WHERE owner = ? AND route = ? AND actor = ? "
                       "AND key = ? AND status IS NULL"};
  statement sweep_{db_, "DELETE FROM idempotency_key WHERE rowid IN (SELECT rowid FROM "
                        "idempotency_key WHERE expires_at <= ? ORDER BY expires_at LIMIT 4)"};
};

} // namespace boxoffice::persistence
