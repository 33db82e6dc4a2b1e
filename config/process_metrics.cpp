// From proc(5), as of each scrape.
#include "config/metrics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>

namespace boxoffice::config {

namespace {

// The fields of /proc/self/stat behind the name, which is in parentheses and may hold anything.
// The first of them is the third in proc(5)'s count.
std::vector<std::string> stat_fields() {
  std::ifstream in("/proc/self/stat");
  std::string line;
  std::getline(in, line);
  std::istringstream rest(line.substr(std::min(line.rfind(')') + 2, line.size())));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double field(const std::vector<std::string>& fields, std::size_t number_in_proc_5) {
  const auto at = number_in_proc_5 - 3;
  return at < fields.size() ? std::stod(fields[at]) : 0;
}

double boot_time() {
  std::ifstream in("/proc/stat");
  for (std::string word; in >> word;)
    if (word == "btime") {
      double seconds = 0;
      in >> seconds;
      return seconds;
    }
  return 0;
}

double open_descriptors() {
  double count = 0;
  auto* const directory = ::opendir("/proc/self/fd");
  if (directory == nullptr) return 0;
  while (const auto* entry = ::readdir(directory))
    if (entry->d_name[0] != '.') ++count;
  ::closedir(directory);
  return count - 1; // the directory's own
}

double most_descriptors() {
  rlimit allowed{};
  return ::getrlimit(RLIMIT_NOFILE, &allowed) == 0 ? static_cast<double>(allowed.rlim_cur) : 0;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

} // namespace

void register_process_metrics(metrics& all) {
  constexpr std::size_t threads_field = 20, start_field = 22, virtual_field = 23,
                        resident_field = 24;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));

  all.level("process_start_time_seconds", "Start of the process in seconds since 1970.")
      .set(boot_time() + field(stat_fields(), start_field) / ticks);
  auto cpu = all.count("process_cpu_seconds_total", "CPU time spent, user and system.");
  auto resident = all.level("process_resident_memory_bytes", "Memory in RAM.");
  auto address_space = all.level("process_virtual_memory_bytes", "Address space in use.");
  auto threads = all.level("process_threads", "Threads of the process.");
  auto descriptors = all.level("process_open_fds", "Open file descriptors.");
  auto most = all.level("process_max_fds", "File descriptors that may be open at once.");
  all.when_scraped([=, counted = 0.0]() mutable {
    const auto fields = stat_fields();
    const auto spent = cpu_seconds();
    cpu.add(spent - counted);
    counted = spent;
    resident.set(field(fields, resident_field) * page);
    address_space.set(field(fields, virtual_field));
    threads.set(field(fields, threads_field));
    descriptors.set(open_descriptors());
    most.set(most_descriptors());
  });
}

} // namespace boxoffice::config
