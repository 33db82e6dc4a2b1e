// Concerts and performances as /v1 writes them.
#pragma once

#include "actors/domain/concert.hpp"
#include "http/json_writer.hpp"

#include <memory>
#include <vector>

namespace boxoffice::http {

// One of a concert's performances, and how many of its seats are free.
struct offered_option {
  std::shared_ptr<const domain::concert_option> what;
  int free_seats = 0;
};

// {"concertOptionId":…,"concertId":…,"startsAt":…,…,"status":…,"sections":[…]}
void write_option(json_writer&, const domain::concert_option&, int free_seats,
                  domain::time_point now);

// {"concertId":…,"name":…,"createdAt":…,"options":[…]}
void write_concert(json_writer&, const domain::concert&, const std::vector<offered_option>&,
                   domain::time_point now);

} // namespace boxoffice::http
