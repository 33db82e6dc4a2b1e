// The simulated store's table of keyed requests. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "actors/domain/kept_requests.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace boxoffice::sim {

class request_table {
public:
  // Each returns whether the fact agrees with the rows.
  bool write(const domain::request_begun&);
  bool write(const domain::request_answered&);
  bool write(const domain::request_dropped&);

  // Whether one that this booking's acts complete is under way, or its answer kept.
  bool keeps_any(domain::booking_id, domain::time_point now) const;

  domain::kept_requests load(const domain::request_owner&, domain::time_point now) const;

private:
  using scope = std::tuple<domain::request_owner, std::string, std::string, std::string>;
  struct row {
    domain::request_key key;
    domain::booking_id booking;
    domain::time_point created_at;
    std::optional<domain::request_answered> answered;
  };

  void put(const scope&, row);
  void take_out(const scope&);
  bool has_expired(const row&, domain::time_point) const;

  std::map<scope, row> rows_;
  std::set<std::pair<domain::booking_id, scope>> by_booking_;
};

} // namespace boxoffice::sim
