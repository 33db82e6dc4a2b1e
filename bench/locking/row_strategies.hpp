// The strategies that PostgreSQL carries alone.
#pragma once

#include "bench/locking/contest.hpp"

#include <memory>

namespace boxoffice::bench {

// A version column: what has changed since it was read is not written, and tried again, ten times
// at most, with waits that grow from 1 to 50 ms.
std::unique_ptr<contestant> make_optimistic(const load&, const servers&);

// SELECT ... FOR UPDATE: whoever reads what he will write waits until nobody else holds it.
std::unique_ptr<contestant> make_pessimistic(const load&, const servers&);

// Reads and writes as if it were alone: its books are wrong, which shows that the others' are
// looked at.
std::unique_ptr<contestant> make_unguarded(const load&, const servers&);

} // namespace boxoffice::bench
