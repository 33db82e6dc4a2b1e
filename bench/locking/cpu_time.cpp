#include "bench/locking/cpu_time.hpp"

#include <cctype>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace boxoffice::bench {

namespace {

namespace fs = std::filesystem;
using std::chrono::nanoseconds;

// To the nanosecond, where /proc/PID/stat counts ticks of ten milliseconds. 0 when it has ended.
nanoseconds run_time(const fs::path& process) {
  long long sum = 0;
  std::error_code ended;
  for (const auto& thread : fs::directory_iterator(process / "task", ended)) {
    long long spent = 0;
    if (std::ifstream(thread.path() / "schedstat") >> spent) sum += spent;
  }
  return nanoseconds(sum);
}

// The fields of /proc/PID/stat behind the name, from 0: state, parent ... Empty when it has ended.
std::vector<std::string> stat_of(const fs::path& process) {
  std::ifstream in(process / "stat");
  std::string line;
  std::getline(in, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::vector<std::string> all;
  for (std::string field; fields >> field;) all.push_back(field);
  return all;
}

// User and system time of children that have ended.
nanoseconds of_ended_children(const fs::path& process) {
  constexpr std::size_t user = 13, system = 14, a_second_in_ns = 1'000'000'000;
  const auto stat = stat_of(process);
  if (stat.size() <= system) return {};
  const auto ticks = std::stoll(stat[user]) + std::stoll(stat[system]);
  return nanoseconds(ticks * static_cast<long long>(a_second_in_ns) / ::sysconf(_SC_CLK_TCK));
}

} // namespace

cpu_time read_cpu_time(int redis_pid, int postmaster_pid) {
  cpu_time t;
  timespec own{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
  t.own = std::chrono::seconds(own.tv_sec) + nanoseconds(own.tv_nsec);
  const fs::path proc("/proc");
  if (redis_pid != 0) t.redis = run_time(proc / std::to_string(redis_pid));
  if (postmaster_pid == 0) return t;
  const auto postmaster = std::to_string(postmaster_pid);
  t.postgres = run_time(proc / postmaster) + of_ended_children(proc / postmaster);
  for (const auto& entry : fs::directory_iterator(proc)) {
    if (std::isdigit(static_cast<unsigned char>(entry.path().filename().native().front())) == 0)
      continue;
    const auto stat = stat_of(entry.path());
    if (stat.size() > 1 && stat[1] == postmaster) t.postgres += run_time(entry.path());
  }
  return t;
}

} // namespace boxoffice::bench
