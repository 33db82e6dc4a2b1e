// CPU time of this process and of servers, by /proc.
#pragma once

#include <chrono>

namespace boxoffice::bench {

struct cpu_time {
  std::chrono::nanoseconds own{};
  std::chrono::nanoseconds redis{};
  std::chrono::nanoseconds postgres{}; // the postmaster, its processes, and those that have ended
};

// 0: there is no such server.
cpu_time read_cpu_time(int redis_pid, int postmaster_pid);

} // namespace boxoffice::bench
