// What the service counts and measures, in Prometheus' words. prometheus-cpp stays behind this
// file.
//
// A name is registered once, with its kind and its help; the same name, kind and labels give the
// same metric. Handles are small values that may be copied and used from any thread, and are valid
// while their registry lives. Registering takes a lock, using a handle does not: keep handles.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
} // namespace prometheus

namespace boxoffice::config {

using metric_labels = std::map<std::string, std::string>;

class counter {
public:
  explicit counter(prometheus::Counter& behind) : behind_(&behind) {}
  void add(double by = 1); // by >= 0

private:
  prometheus::Counter* behind_;
};

class gauge {
public:
  explicit gauge(prometheus::Gauge& behind) : behind_(&behind) {}
  void set(double);

private:
  prometheus::Gauge* behind_;
};

class histogram {
public:
  explicit histogram(prometheus::Histogram& behind) : behind_(&behind) {}
  void observe(double);

private:
  prometheus::Histogram* behind_;
};

// Any thread.
class metrics {
public:
  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  counter count(const std::string& name, const std::string& help, const metric_labels& = {});
  gauge level(const std::string& name, const std::string& help, const metric_labels& = {});
  // `bounds`: the upper bounds of the buckets, ascending; the same for all labels of a name.
  histogram spread(const std::string& name, const std::string& help,
                   const std::vector<double>& bounds, const metric_labels& = {});

  // Takes a gauge's one set of labels off the page: of a performance that is over.
  void forget_level(const std::string& name, const metric_labels&);

  // Called before each scrape, one scrape at a time, to set what is looked up only then. What it
  // uses must live as long as the registry is scraped.
  void when_scraped(std::function<void()>);

  // All of them in the text format 0.0.4.
  std::string scrape();

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

// Upper bounds in seconds, from half a millisecond to ten seconds.
const std::vector<double>& latency_bounds();

// CPU time, memory, descriptors, threads and start time of this process, under the names that
// Prometheus' own clients use.
void register_process_metrics(metrics&);

} // namespace boxoffice::config
