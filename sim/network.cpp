#include "sim/network.hpp"

#include <algorithm>

namespace boxoffice::sim {

void network::send(host from, host to, moment now, const std::function<void()>& arrive) {
  const std::pair link{std::min(from, outside), std::min(to, outside)};
  if (cut_.count(link) != 0) return reached_.reached("network: a packet met a cut");
  if (chance_.percent(weather.loss_percent)) return reached_.reached("network: a packet was lost");
  carry(from, to, now, arrive);
  if (!chance_.percent(weather.duplication_percent)) return;
  reached_.reached("network: a packet came twice");
  carry(from, to, now, arrive);
}

void network::carry(host from, host to, moment now, const std::function<void()>& arrive) {
  auto when = now + chance_.between(latency_low_, latency_high_);
  if (weather.more_delay > moment(0)) when += chance_.between(moment(0), weather.more_delay);
  auto& last = last_arrival_[{from, to}];
  if (when < last) {
    if (weather.reorders)
      reached_.reached("network: a packet overtook another");
    else
      when = last;
  }
  last = std::max(last, when);
  acts_.at(when, arrive);
}

void network::mend_all() {
  weather = {};
  cut_.clear();
}

} // namespace boxoffice::sim
