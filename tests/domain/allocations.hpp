// Counts what the calling thread allocates: a measure of cost that no busy machine disturbs.
#pragma once

#include <cstddef>

namespace boxoffice::domain::test {

struct allocations {
  std::size_t count = 0;
  std::size_t bytes = 0;
};

// All so far by this thread.
allocations allocated();

template <class Work>
allocations allocated_by(Work work) {
  const auto before = allocated();
  work();
  const auto after = allocated();
  return {after.count - before.count, after.bytes - before.bytes};
}

} // namespace boxoffice::domain::test
