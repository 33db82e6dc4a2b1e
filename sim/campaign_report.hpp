// What a campaign adds up, and how it says it.
#pragma once

#include "sim/run.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace boxoffice::sim {

struct campaign_totals {
  std::uint64_t runs = 0;
  std::uint64_t messages = 0;
  std::uint64_t commits = 0;
  std::uint64_t recoveries = 0;
  std::uint64_t runs_with_recovery = 0;
  moment simulated{};
  std::uint64_t trace_hash = 0; // of all runs, whatever their order
  std::vector<std::uint64_t> messages_of_runs;
  coverage reached;

  void add(const run_report&, const coverage&);
  std::size_t unreached() const;

  // One line. `wanted` runs in all, 0 when time decides.
  std::string progress(double seconds, std::uint64_t wanted) const;
  // Several lines, with the coverage.
  std::string summary(double seconds) const;
};

// One line on one run.
std::string words(const run_report&);

} // namespace boxoffice::sim
