#define BOOST_TEST_MODULE config.metrics
#include "config/metrics.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

using namespace boxoffice::config;

namespace {

bool has(const std::string& page, const std::string& line) {
  return ("\n" + page).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_same_name_and_labels_are_the_same_metric) {
  metrics all;
  all.count("sales_total", "Sales.", {{"hall", "A"}}).add();
  all.count("sales_total", "Sales.", {{"hall", "A"}}).add(2);
  all.count("sales_total", "Sales.", {{"hall", "B"}}).add();
  const auto page = all.scrape();
  BOOST_TEST(has(page, "# HELP sales_total Sales."), page);
  BOOST_TEST(has(page, "# TYPE sales_total counter"), page);
  BOOST_TEST(has(page, "sales_total{hall=\"A\"} 3"), page);
  BOOST_TEST(has(page, "sales_total{hall=\"B\"} 1"), page);
}

BOOST_AUTO_TEST_CASE(an_observation_falls_into_its_bucket) {
  metrics all;
  auto sizes = all.spread("size", "Sizes.", {1, 10});
  for (const double value : {0.5, 1.0, 7.0, 100.0}) sizes.observe(value);
  const auto page = all.scrape();
  BOOST_TEST(has(page, "size_bucket{le=\"1\"} 2"), page);
  BOOST_TEST(has(page, "size_bucket{le=\"10\"} 3"), page);
  BOOST_TEST(has(page, "size_bucket{le=\"+Inf\"} 4"), page);
  BOOST_TEST(has(page, "size_sum 108.5"), page);
}

BOOST_AUTO_TEST_CASE(what_is_looked_up_is_as_of_the_scrape) {
  metrics all;
  auto depth = all.level("depth", "Depth.");
  int looked = 0;
  all.when_scraped([&, depth]() mutable { depth.set(++looked); });
  BOOST_TEST(has(all.scrape(), "depth 1"));
  BOOST_TEST(has(all.scrape(), "depth 2"));
}

BOOST_AUTO_TEST_CASE(a_forgotten_level_leaves_the_page) {
  metrics all;
  all.level("seats", "Seats.", {{"option", "1"}}).set(5);
  all.level("seats", "Seats.", {{"option", "2"}}).set(6);
  all.forget_level("seats", {{"option", "1"}});
  const auto page = all.scrape();
  BOOST_TEST(!has(page, "seats{option=\"1\"} 5"), page);
  BOOST_TEST(has(page, "seats{option=\"2\"} 6"), page);
}

BOOST_AUTO_TEST_CASE(threads_count_together) {
  metrics all;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&all, i] {
      auto mine = all.count("acts_total", "Acts.", {{"who", std::to_string(i % 2)}});
      for (int act = 0; act < 10'000; ++act) mine.add();
    });
  for (int scrapes = 0; scrapes < 20; ++scrapes) all.scrape();
  for (auto& t : threads) t.join();
  BOOST_TEST(has(all.scrape(), "acts_total{who=\"0\"} 20000"));
  BOOST_TEST(has(all.scrape(), "acts_total{who=\"1\"} 20000"));
}

BOOST_AUTO_TEST_CASE(the_process_describes_itself) {
  metrics all;
  register_process_metrics(all);
  const auto page = all.scrape();
  for (const auto* name :
       {"process_cpu_seconds_total", "process_resident_memory_bytes",
        "process_virtual_memory_bytes", "process_threads", "process_open_fds", "process_max_fds"}) {
    const auto at = page.find("\n" + std::string(name) + " ");
    BOOST_TEST_REQUIRE(at != std::string::npos, name << " is missing in " << page);
    BOOST_TEST(std::stod(page.substr(page.find(' ', at))) > 0, name);
  }
}
