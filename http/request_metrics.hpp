// Requests by method, route and status, with their latency by route.
#pragma once

#include "config/metrics.hpp"
#include "http/message.hpp"

#include <mutex>
#include <string>
#include <unordered_map>

namespace boxoffice::http {

// Any thread.
class request_metrics {
public:
  explicit request_metrics(config::metrics& all) : all_(all) {}

  // `hooks::finished` calls it. What is not routed counts as route "none".
  void finished(const served&);

private:
  struct pair {
    config::counter requests;
    config::histogram latency;
  };
  pair& of(const served&);

  config::metrics& all_;
  std::mutex mutex_;
  // By method, route and status; methods and routes are the router's own, so there are few.
  std::unordered_map<std::string, pair> known_;
};

} // namespace boxoffice::http
