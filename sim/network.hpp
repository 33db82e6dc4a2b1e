// The network between people and nodes, and between nodes: late, lossy, and cut at times.
#pragma once

#include "sim/agenda.hpp"
#include "sim/coverage.hpp"
#include "sim/random.hpp"

#include <functional>
#include <map>
#include <set>
#include <utility>

namespace boxoffice::sim {

// A machine on the network: nodes are 0, 1, …; people are `outside` and on. Packets of one machine
// to another keep their order, unless the weather is bad.
using host = unsigned;
constexpr host outside = 1000;

// How bad it is just now.
struct network_weather {
  unsigned loss_percent = 0;
  unsigned duplication_percent = 0;
  moment more_delay{}; // up to this much on top
  bool reorders = false;
};

class network {
public:
  network(agenda& acts, random chance, moment latency_low, moment latency_high, coverage& reached)
      : acts_(acts),
        chance_(chance),
        latency_low_(latency_low),
        latency_high_(latency_high),
        reached_(reached) {}

  // Brings a packet to its end, once, twice or never.
  void send(host from, host to, moment now, const std::function<void()>& arrive);

  network_weather weather;
  // Nothing passes from the first to the second until all is mended; `outside` means everybody.
  void cut(host from, host to) { cut_.insert({from, to}); }
  void mend_all();

private:
  void carry(host from, host to, moment now, const std::function<void()>& arrive);

  agenda& acts_;
  random chance_;
  moment latency_low_, latency_high_;
  coverage& reached_;
  std::set<std::pair<host, host>> cut_;
  std::map<std::pair<host, host>, moment> last_arrival_; // what keeps packets in order
};

} // namespace boxoffice::sim
