// The demo's data (CONTRACT 6): something to sell for whoever tries the service.
#pragma once

#include "actors/domain/events.hpp"

namespace boxoffice::domain {

// For an empty store: two concerts of three performances each on the next three days, and the
// users. For a store that holds the demo's concerts: three new performances for each whose own
// have all passed. Ids come from `ids`.
events plan_demo(const catalogue& present, bool store_is_empty, id_source& ids, time_point now);

} // namespace boxoffice::domain
