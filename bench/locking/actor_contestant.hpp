// The actors of boxoffice in this process, all rules in force: a booking needs an admitted token,
// the performance must be on sale, a payment takes its five durable steps.
#pragma once

#include "bench/locking/contest.hpp"

#include <memory>

namespace boxoffice::bench {

// An answer waits for PostgreSQL's commit.
std::unique_ptr<contestant> make_actor_on_postgres(const load&, const servers&);
// An answer waits for the embedded store's.
std::unique_ptr<contestant> make_actor_on_sqlite(const load&, const servers&);

} // namespace boxoffice::bench
