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

// The fields of /proc/PID/stat behind the name, from 0: state, parent ... Empty when it has ended.
std::vector<std::string> stat_of(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/stat");
  std::string line;
  std::getline(in, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::vector<std::string> all;
  for (std::string field; fields >> field;) all.push_back(field);
  return all;
}

// Fields 11 and 12 are user and system time, 13 and 14 those of children that have ended.
std::chrono::nanoseconds ticks(const std::vector<std::string>& stat, std::size_t end) {
  static const long a_second = ::sysconf(_SC_CLK_TCK);
  long long sum = 0;
  for (std::size_t i = 11; i < end && i < stat.size(); ++i) sum += std::stoll(stat[i]);
  return std::chrono::nanoseconds(sum * 1'000'000'000 / a_second);
}

constexpr std::size_t without_children = 13;
constexpr std::size_t with_children = 15;

} // namespace

cpu_time read_cpu_time(int redis_pid, int postmaster_pid) {
  cpu_time t;
  timespec own{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
  t.own = std::chrono::seconds(own.tv_sec) + std::chrono::nanoseconds(own.tv_nsec);
  if (redis_pid != 0) t.redis = ticks(stat_of(std::to_string(redis_pid)), with_children);
  if (postmaster_pid == 0) return t;
  const auto postmaster = std::to_string(postmaster_pid);
  t.postgres = ticks(stat_of(postmaster), with_children);
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (std::isdigit(static_cast<unsigned char>(name.front())) == 0) continue;
    const auto stat = stat_of(name);
    if (stat.size() > 1 && stat[1] == postmaster) t.postgres += ticks(stat, without_children);
  }
  return t;
}

} // namespace boxoffice::bench
