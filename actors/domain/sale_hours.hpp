// When a performance sells, and from when on a concert's queue lets people in.
#pragma once

#include "actors/domain/concert.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace boxoffice::domain {

enum class option_status { scheduled, on_sale, closed, cancelled };

option_status status_of(const concert_option&, time_point now);

// The hours of sale of one concert's performances, as of one catalogue: asked at every step of the
// concert's queue, so the catalogue is read once.
class sale_calendar {
public:
  sale_calendar() = default;
  sale_calendar(const catalogue&, concert_id);

  // From when on the queue may admit somebody: the opening of the sale that is on at `now` or comes
  // next, the beginning of time where there is none. It never lies after a later `now`, so that who
  // decides by it a microsecond afterwards is not turned away.
  //
  // While something sells, and where nothing will sell any more (or nothing was ever put on offer),
  // the line moves as it comes. Before the next opening of a sale it only forms: who was let in
  // then could buy nothing, and would have lost his turn when the sale begins.
  time_point admits_from(time_point now) const;

private:
  // Hours during which something sells: [from, until), joined where they meet, ascending.
  std::vector<std::pair<time_point, time_point>> hours_;
};

} // namespace boxoffice::domain
