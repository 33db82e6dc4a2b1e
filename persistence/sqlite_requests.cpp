#include "persistence/sqlite_requests.hpp"

#include <optional>
#include <string>

namespace boxoffice::persistence {

namespace {

// owner: "user ann", "option 3", "booking 12" or "catalogue", whichever the request changes
// status, body, location, expires_at: the answer as it was given; NULL while the request is under
// way. booking_id: the booking whose acts complete it. detail: what the answer repeats of the
// request.
constexpr const char* request_table = R"sql(
CREATE TABLE idempotency_key (
  owner       TEXT NOT NULL,
  route       TEXT NOT NULL,
  actor       TEXT NOT NULL,
  key         TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  detail      TEXT NOT NULL,
  booking_id  INTEGER,
  status      INTEGER,
  body        TEXT,
  location    TEXT,
  created_at  TEXT NOT NULL,
  expires_at  TEXT,
  PRIMARY KEY (owner, route, actor, key),
  CHECK ((status IS NULL) = (body IS NULL) AND (status IS NULL) = (location IS NULL)
         AND (status IS NULL) = (expires_at IS NULL))
) STRICT;
CREATE INDEX idempotency_by_booking ON idempotency_key (booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX idempotency_by_expiry ON idempotency_key (expires_at) WHERE expires_at IS NOT NULL;
)sql";

std::optional<domain::booking_id> nothing_for_zero(domain::booking_id id) {
  return id ? std::optional(id) : std::nullopt;
}

} // namespace

void create_request_table(const sqlite_connection& db) { db.execute(request_table); }

bool sqlite_request_writer::write(const domain::request_begun& e) {
  const auto& k = e.key;
  return begin_.run(to_string(k.owner), k.route, k.actor, k.key, to_string(k.print), k.detail,
                    nothing_for_zero(e.booking), e.at) == 1;
}

bool sqlite_request_writer::write(const domain::request_answered& e) {
  const auto& k = e.key;
  const bool is_new = answer_.run(to_string(k.owner), k.route, k.actor, k.key, to_string(k.print),
                                  k.detail, nothing_for_zero(e.booking), e.at, e.expires_at,
                                  e.answer.status, e.answer.body, e.answer.location) == 1;
  sweep_.run(e.at);
  return is_new;
}

bool sqlite_request_writer::write(const domain::request_dropped& e) {
  const auto& k = e.key;
  return drop_.run(to_string(k.owner), k.route, k.actor, k.key) == 1;
}

} // namespace boxoffice::persistence
