// Deletes what is forgotten. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/sqlite_connection.hpp"

namespace boxoffice::persistence {

// Schema 4.
void create_past_indexes(const sqlite_connection&);
// Schema 5: of what a wallet refused to pay only the last of each booking stays.
void keep_last_refusals(const sqlite_connection&);

// Each returns whether the tables agree: there is such a row, and its time is over.
class sqlite_past_writer {
public:
  explicit sqlite_past_writer(const sqlite_connection& db) : db_(db) {}

  bool forget(domain::token_key);
  bool forget(domain::booking_id);

private:
  const sqlite_connection& db_;
  statement forget_place_{db_, "DELETE FROM queue WHERE queue_id = "
                               "(SELECT token_id FROM token WHERE token = ?1)"};
  statement forget_token_{db_, "DELETE FROM token WHERE token = ?1 AND status = 'EXPIRED'"};
  statement forget_refusal_{db_, "DELETE FROM payment WHERE status = 'REFUSED' "
                                 "AND booking_id = ?1"};
  statement forget_seats_{db_, "DELETE FROM reservation WHERE booking_id = ?1 "
                               "AND released_at IS NOT NULL"};
  statement forget_booking_{db_, "DELETE FROM booking WHERE booking_id = ?1 "
                                 "AND status IN ('EXPIRED', 'CANCELLED') "
                                 "AND confirmed_at IS NULL"};
};

} // namespace boxoffice::persistence
