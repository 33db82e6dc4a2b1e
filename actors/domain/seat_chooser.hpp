// Chooses the best seats that are free together, for an option's desk.
//
// Best is: the lowest numbers side by side in one section, the sections in the order in which they
// are sold. A desk knows which seats are held and which its own attempts are after, so that those
// who ask at the same moment are given different ones.
#pragma once

#include "actors/domain/concert.hpp"
#include "actors/domain/events.hpp"
#include "actors/domain/free_runs.hpp"
#include "actors/domain/seat_map.hpp"

#include <cstdint>
#include <vector>

namespace boxoffice::domain {

class seat_chooser {
public:
  // The seats as the map shows them; who holds the others is not known, and need not be.
  seat_chooser(const concert_option&, const seat_map&);

  // An attempt is after these seats, and is no more.
  void claim(const std::vector<booked_seat>&);
  void give_up(const std::vector<booked_seat>&);
  // The booking has the seats, and has them no more.
  void hold(const std::vector<booked_seat>&, booking_id);
  void release(const std::vector<booked_seat>&, booking_id);

  // So many seats together that nobody has or is after; none when there are no such.
  std::vector<booked_seat> choose(const best_seats&) const;
  // Whether there would be, should every attempt come to nothing.
  bool may_have_some(const best_seats&) const;

private:
  struct section_plan {
    section what;
    free_runs unclaimed; // neither held nor claimed
    free_runs unheld;
    std::vector<booking_id> holders; // where not known: one that no booking has
    std::vector<std::uint32_t> claims;
  };
  struct place {
    section_plan* section;
    std::size_t index;
  };

  place find(seat_id);
  void update(const place&);

  std::vector<section_plan> sections_;
};

} // namespace boxoffice::domain
