// What `boxoffice rush` was asked to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace boxoffice::config {

struct rush_address {
  std::string host, port;
};

enum class rush_scenario { sale, buyers, waiting };

struct rush_options {
  std::vector<rush_address> urls{{"127.0.0.1", "8082"}};
  rush_scenario scenario = rush_scenario::sale;
  std::uint64_t seed = 1;             // of all that chance decides
  unsigned users = 0;                 // 0: as many as the scenario is known for
  unsigned arrivals_per_second = 0;   // 0: by the scenario
  std::chrono::milliseconds length{}; // 0: by the scenario
  unsigned connections = 1000;        // open at once; users beyond them share
  unsigned threads = 1;
  unsigned seats = 0; // of a performance of its own; 0: what is on sale
  std::string admin_token;
  bool json = false;
};

} // namespace boxoffice::config
