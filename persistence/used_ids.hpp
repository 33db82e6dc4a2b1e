// Which ids events use. Private to this room.
#pragma once

#include "actors/domain/events.hpp"

namespace boxoffice::persistence {

// The highest id of each kind that the events give to something new; 0 where there is none.
domain::id_counters find_highest_used(const domain::events&);

} // namespace boxoffice::persistence
