// What the runs reached: each fault, transition and refusal by name, with how often. A name that
// is expected and never reached is a hole in the suite.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace boxoffice::sim {

class coverage {
public:
  // Names are "fault: crash", "booking: PENDING -> PAYING", "refusal: SEAT_LIMIT", ...
  void expect(std::string_view name) { counts_.try_emplace(std::string(name), 0); }
  void reached(std::string_view name, std::uint64_t times = 1) {
    const auto found = counts_.find(name);
    if (found != counts_.end())
      found->second += times;
    else
      counts_.emplace(name, times);
  }
  void add(const coverage& other) {
    for (const auto& [name, count] : other.counts_) reached(name, count);
  }
  const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return counts_; }

private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

} // namespace boxoffice::sim
