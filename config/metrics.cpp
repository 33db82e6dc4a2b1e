#include "config/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace boxoffice::config {

void counter::add(double by) { behind_->Increment(by); }
void gauge::set(double value) { behind_->Set(value); }
void histogram::observe(double value) { behind_->Observe(value); }

class metrics::impl {
public:
  prometheus::Registry registry;
  std::mutex scraping;
  std::vector<std::function<void()>> lookups;

  prometheus::Family<prometheus::Gauge>& levels(const std::string& name, const std::string& help) {
    const std::lock_guard guard(families_);
    const auto known = levels_.find(name);
    if (known != levels_.end()) return *known->second;
    auto& made = prometheus::BuildGauge().Name(name).Help(help).Register(registry);
    levels_.emplace(name, &made);
    return made;
  }

private:
  std::mutex families_;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*> levels_;
};

metrics::metrics() : impl_(std::make_unique<impl>()) {}
metrics::~metrics() = default;

counter metrics::count(const std::string& name, const std::string& help,
                       const metric_labels& labels) {
  return counter(
      prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry).Add(labels));
}

gauge metrics::level(const std::string& name, const std::string& help,
                     const metric_labels& labels) {
  return gauge(impl_->levels(name, help).Add(labels));
}

histogram metrics::spread(const std::string& name, const std::string& help,
                          const std::vector<double>& bounds, const metric_labels& labels) {
  return histogram(prometheus::BuildHistogram()
                       .Name(name)
                       .Help(help)
                       .Register(impl_->registry)
                       .Add(labels, bounds));
}

void metrics::forget_level(const std::string& name, const metric_labels& labels) {
  auto& family = impl_->levels(name, "");
  family.Remove(&family.Add(labels));
}

void metrics::when_scraped(std::function<void()> look_up) {
  const std::lock_guard guard(impl_->scraping);
  impl_->lookups.push_back(std::move(look_up));
}

std::string metrics::scrape() {
  const std::lock_guard guard(impl_->scraping);
  for (const auto& look_up : impl_->lookups) look_up();
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

const std::vector<double>& latency_bounds() {
  static const std::vector<double> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                          0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  return bounds;
}

} // namespace boxoffice::config
