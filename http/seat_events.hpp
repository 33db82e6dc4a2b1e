// The events of a performance's seats as text. All of them carry, as their id, the number of the
// state of seats that they lead to.
//
//   event: snapshot   {"version":7,"sections":[{"section":"A","firstSeatId":1,"seats":"FFHS"},…]}
//   event: reset      the same: what was told before is void, for something was missed
//   event: seats      {"version":8,"changes":[{"seats":["A_3"],"status":"SOLD"},…]}
//
// A section's seats stand in the order of their numbers, a letter each: F free, H held, S sold. So
// a stadium is told in as many bytes as it has seats, and a change in little more than its names:
// thousands are sent the same text twice a second.
#pragma once

#include "actors/domain/concert.hpp"
#include "actors/domain/seat_map.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::http {

// `name` is "snapshot" or "reset".
std::string seat_state_event(std::string_view name, std::string_view id, std::uint64_t version,
                             const domain::concert_option&, const domain::seat_map&);

// By ascending seat id, as seat_map tells them.
std::string seat_changes_event(std::string_view id, std::uint64_t version,
                               const domain::concert_option&,
                               const std::vector<domain::seat_change>&);

} // namespace boxoffice::http
