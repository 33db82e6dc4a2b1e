#include "http/request_metrics.hpp"

namespace boxoffice::http {

request_metrics::pair& request_metrics::of(const served& s) {
  const std::string route = s.route.empty() ? "none" : s.route;
  // A client may invent methods.
  const std::string method = s.route.empty() ? "none" : s.method;
  const auto status = std::to_string(s.status);
  const auto key = method + ' ' + route + ' ' + status;
  const std::lock_guard guard(mutex_);
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  return known_
      .emplace(key, pair{all_.count("boxoffice_http_requests_total",
                                    "Requests answered, by method, route and status.",
                                    {{"method", method}, {"route", route}, {"status", status}}),
                         all_.spread("boxoffice_http_request_duration_seconds",
                                     "From the whole request to its answer, by route.",
                                     config::latency_bounds(), {{"route", route}})})
      .first->second;
}

void request_metrics::finished(const served& s) {
  auto& known = of(s);
  known.requests.add();
  known.latency.observe(std::chrono::duration<double>(s.duration).count());
}

} // namespace boxoffice::http
