// The strategies whose lock is in Redis, before the same write in PostgreSQL. A lock lives for ten
// seconds and bears its holder's token; who asks in vain gives up after ten seconds.
#pragma once

#include "bench/locking/contest.hpp"

#include <memory>

namespace boxoffice::bench {

// One attempt: whoever finds the lock taken gives up.
std::unique_ptr<contestant> make_simple_lock(const load&, const servers&);

// Asks again and again, with waits that grow from 1 to 16 ms.
std::unique_ptr<contestant> make_spin_lock(const load&, const servers&);

// Asks again when a release is told.
std::unique_ptr<contestant> make_pubsub_lock(const load&, const servers&);

} // namespace boxoffice::bench
