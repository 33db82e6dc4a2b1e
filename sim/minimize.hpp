// From a run that fails to a shorter one that fails the same way.
#pragma once

#include "sim/run.hpp"

#include <functional>

namespace boxoffice::sim {

// Takes away what the failure doesn't need: whole workloads and faults, visits, users, nodes; keeps
// the seed. `told` hears of each plan that still breaks the same invariant. Tries at most
// `most_runs`.
plan minimize(const plan& failing, const std::string& invariant, int most_runs,
              const std::function<void(const plan&, const run_report&)>& told);

} // namespace boxoffice::sim
