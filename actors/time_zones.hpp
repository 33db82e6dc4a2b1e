// The world's time zones, as the machine's copy of the IANA database has them.
#pragma once

#include "actors/domain/time.hpp"

#include <optional>
#include <string>

namespace boxoffice::actors {

// How far the zone's clocks are ahead of UTC at that moment; nothing when there is no such zone.
// A zone's file is read when it is first asked for, and kept. Any thread.
std::optional<domain::duration> zone_offset(const std::string& zone, domain::time_point);

} // namespace boxoffice::actors
