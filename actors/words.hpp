// What happens, in a line of English each: for the traces that people read. Never parsed.
//
// A token is told by its first eight digits, an instant by its time of day.
#pragma once

#include "actors/change.hpp"

#include <string>

namespace boxoffice::actors {

std::string words(const entity_ref&);    // "booking 12", "wallet of ann", "desk of option 3"
std::string words(const command&);       // "pay_booking: ann pays booking 12"
std::string words(const outcome&);       // "SEAT_LIMIT: …", "token ca20bc2a of ann: waiting at 3"
std::string words(const letter&);        // "claim_seat: booking 12 asks for seat 4 of option 3"
std::string words(const domain::event&); // "booking 12 settled"
std::string words(const change&);        // "change 7: booking 12 settled; releases 1 answer"

} // namespace boxoffice::actors
