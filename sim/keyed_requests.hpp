// How people send requests with an Idempotency-Key: again and again until they hear what became of
// them, and sometimes once more, or with another body. Private to this room.
#pragma once

#include "sim/person.hpp"

namespace boxoffice::sim {

// A key for the command, one that the person has not used before as a rule.
domain::request_key_ptr draw_key(person&, const actors::command&);

// Sends the command, so many times at once, until an answer says what became of it. Hears that, or
// the last answer or silence of those it tried.
void insist(person&, unsigned presses, const actors::command&, const domain::request_key_ptr&,
            person::hearing);

} // namespace boxoffice::sim
