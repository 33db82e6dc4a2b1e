// Requests with an Idempotency-Key in a batch of events. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/postgres_connection.hpp"

#include <map>
#include <string>
#include <tuple>

namespace boxoffice::persistence {

// As postgres_wallets. Also takes away a few answers that have expired for each that is written, so
// that the table is kept small by those who make it grow, in steps of a bounded size.
class postgres_requests {
public:
  void note(const domain::request_begun&);
  void note(const domain::request_answered&);
  void note(const domain::request_dropped&);

  void write(const postgres_connection&);

private:
  using scope = std::tuple<std::string, std::string, std::string, std::string>;
  struct request {
    domain::request_key key;
    domain::booking_id booking;
    domain::time_point created_at;
    std::optional<domain::written_answer> answer; // nothing: under way
    domain::time_point expires_at;                // of an answered one
    bool dropped = false;
    bool begun_here = false;    // else the table may hold it as under way
    bool was_under_way = false; // the table must
  };

  static scope scope_of(const domain::request_key&);
  void drop_requests(const postgres_connection&);
  void put_requests(const postgres_connection&);
  void sweep(const postgres_connection&);

  std::map<scope, request> requests_;
  std::int64_t answers_ = 0;
  domain::time_point latest_;
};

} // namespace boxoffice::persistence
