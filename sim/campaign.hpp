// Many runs, several at a time: what `boxoffice sim` does.
#pragma once

#include "config/sim_options.hpp"

namespace boxoffice::sim {

enum class campaign_end {
  well,      // no run broke an invariant
  broken,    // one did; all that is needed to replay it was printed
  unreached, // none did, but something that such a campaign should reach never was
  refused,   // a workload or fault of this name doesn't exist
};

// Prints what it finds on standard output, progress on standard error. Ends early, with what was
// covered, on SIGINT. To be called once in a process, from its only thread.
campaign_end run_campaign(const config::sim_options&);

} // namespace boxoffice::sim
