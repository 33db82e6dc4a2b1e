// Looks for a planted bug: runs seed after seed until the checker says what is broken. It must say
// so under one of the names that the bug is known by.
//
// usage: planted.NAME 'INVARIANT | INVARIANT' [seeds]
#include "sim/run.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace {

using namespace boxoffice;

// Whether `name` is one of `names`, which '|' parts.
bool is_among(std::string_view name, std::string_view names) {
  while (!names.empty()) {
    auto one = names.substr(0, names.find('|'));
    names.remove_prefix(std::min(one.size() + 1, names.size()));
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (one == name) return true;
  }
  return false;
}

// The lowest of the seeds 1 to `seeds` that breaks something, whatever the threads' order.
std::optional<sim::run_report> hunt(std::uint64_t seeds) {
  std::atomic<std::uint64_t> next{1}, end{seeds + 1};
  std::mutex mutex;
  std::optional<sim::run_report> found;
  const auto search = [&] {
    for (auto seed = next++; seed < end; seed = next++) {
      sim::coverage ignored;
      const auto report = sim::run(sim::make_plan(seed), ignored);
      if (!report.broken) continue;
      std::lock_guard hold(mutex);
      if (!found || seed < found->seed) found = report;
      end = found->seed;
    }
  };
  std::thread beside(search);
  search();
  beside.join();
  return found;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s 'INVARIANT | INVARIANT' [seeds]\n", argv[0]);
    return 2;
  }
  const std::uint64_t seeds = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000;
  const auto found = hunt(seeds);
  if (!found) {
    std::printf("not found within %llu seeds; it should break: %s\n",
                static_cast<unsigned long long>(seeds), argv[1]);
    return 1;
  }
  std::printf("found by seed %llu: %s: %s\n", static_cast<unsigned long long>(found->seed),
              found->broken->invariant.c_str(), found->broken->seen.c_str());
  if (is_among(found->broken->invariant, argv[1])) return 0;
  std::printf("but it should break: %s\n", argv[1]);
  return 1;
}
