// What the crowd counts while it runs.
#pragma once

#include "rush/guest.hpp"
#include "rush/histogram.hpp"

#include <array>
#include <map>
#include <string>

namespace boxoffice::rush {

struct step_tally {
  histogram times; // from the intended moment to the last byte of the answer
  std::map<std::string, std::uint64_t> expected, unexpected; // refusals, by code
  void add(const step_tally& other);
};

struct tally {
  std::array<step_tally, steps> by_step;
  histogram lateness;        // of the generator: from the intended moment until it got to it
  histogram for_line;        // a request waited for a free connection
  std::uint64_t cut_off = 0; // guests who were not done when the time was over

  void note(const request& asked, const answer& told, bool expected, histogram::duration took);
  void add(const tally& other);
  std::uint64_t answers() const;
  std::uint64_t unexpected() const;
};

} // namespace boxoffice::rush
