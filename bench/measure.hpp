// How long something takes: the median of several batches, so that a neighbour's burst of work on
// the same cores doesn't count.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>

namespace boxoffice::bench {

// Nanoseconds for one of `calls` calls in a row, in the median of seven such batches.
template <class Work>
double nanoseconds_each(int calls, Work work) {
  using clock = std::chrono::steady_clock;
  std::array<double, 7> batches{};
  for (auto& batch : batches) {
    const auto begin = clock::now();
    for (int i = 0; i < calls; ++i) work();
    batch = std::chrono::duration<double, std::nano>(clock::now() - begin).count() / calls;
  }
  std::sort(batches.begin(), batches.end());
  return batches[batches.size() / 2];
}

} // namespace boxoffice::bench
