// The store over a simulated disk, as the node sees it. Private to this room.
#pragma once

#include "sim/medium.hpp"

#include <memory>

namespace boxoffice::sim {

// The store of a session that has begun. It may outlive its session; then it only throws.
std::unique_ptr<persistence::store> make_simulated_store(std::shared_ptr<medium>, session_number);

// A reader of these tables, which outlive it; nothing troubles it.
std::unique_ptr<persistence::reader> make_simulated_reader(const tables&);

} // namespace boxoffice::sim
