// The load generator against the service, both as the one binary that they are.
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace boxoffice::e2e;

namespace {

std::string url_of(const server& s) { return "http://127.0.0.1:" + std::to_string(s.port()); }

std::vector<std::string> rush_at(const std::string& url, std::vector<std::string> more) {
  more.insert(more.begin(), {"rush", "--url", url});
  return more;
}

// Its summary; an exception with all it said when it isn't one.
json rush(const std::string& url, std::vector<std::string> more, int status = 0) {
  more.push_back("--json");
  const auto it = run(rush_at(url, more));
  BOOST_CHECK_MESSAGE(it.status == status,
                      it.status << " instead of " << status << ": " << it.output);
  auto summary = json::parse(it.output, nullptr, false);
  if (summary.is_discarded()) throw std::runtime_error(it.output);
  return summary;
}

void audit(const server& s) {
  const auto it = run({"audit", "--store.path", s.store().string()});
  BOOST_CHECK_MESSAGE(it.status == 0, it.output);
}

} // namespace

BOOST_AUTO_TEST_SUITE(rush_)

BOOST_AUTO_TEST_CASE(a_sale_of_the_demo_sells_out_and_the_books_are_right) {
  scratch_directory directory;
  server service(directory / "store");
  const auto it = rush(url_of(service), {"--users", "400", "--arrivals-per-second", "200"});
  BOOST_CHECK_EQUAL(it["books"]["right"], true);
  BOOST_CHECK_GT(it["books"]["paid"].get<int>(), 10);
  // All the seats of the performance are asked for many times over; some hold theirs to the end.
  BOOST_CHECK_GT(it["books"]["seats_sold"].get<int>(), 50);
  BOOST_CHECK_LE(it["books"]["seats_sold"].get<int>(), 100);
  BOOST_CHECK(it["sold_out_after_ms"].is_number());
  BOOST_CHECK_EQUAL(it["unexpected"], 0);
  BOOST_CHECK_EQUAL(it["steps"]["enter"]["count"], 400);
  BOOST_CHECK_EQUAL(it["users_cut_off"], 0);
  audit(service);
  // What was sold is sold: the next sale is another performance, with users of its own.
  BOOST_CHECK_EQUAL(rush(url_of(service), {"--users", "50"})["books"]["right"], true);
}

BOOST_AUTO_TEST_CASE(a_performance_of_its_own_in_a_queue_that_lets_few_in) {
  scratch_directory directory;
  server service(directory / "store",
                 {"--admin.token", "a-long-enough-secret", "--queue.active_limit", "60",
                  "--queue.active_ttl", "5s", "--queue.admit_per_second", "100"});
  const std::vector<std::string> flags{
      "--seats", "1500", "--users", "300", "--arrivals-per-second", "300", "--admin-token"};
  auto right = flags, wrong = flags;
  right.emplace_back("a-long-enough-secret");
  wrong.emplace_back("another");
  const auto it = rush(url_of(service), right);
  BOOST_CHECK_EQUAL(it["books"]["right"], true);
  BOOST_CHECK_GT(it["books"]["paid"].get<int>(), 50);
  BOOST_CHECK_GT(it["steps"]["poll"]["count"].get<int>(), 50);
  BOOST_CHECK_EQUAL(it["unexpected"], 0);
  audit(service);
  const auto refused = run(rush_at(url_of(service), wrong));
  BOOST_CHECK_EQUAL(refused.status, 1);
  BOOST_CHECK_NE(refused.output.find("UNAUTHENTICATED"), std::string::npos);
}

BOOST_AUTO_TEST_CASE(buyers_and_waiting_users) {
  scratch_directory directory;
  server service(directory / "store");
  const auto buyers =
      rush(url_of(service), {"--scenario", "buyers", "--users", "60", "--time", "12s"});
  BOOST_CHECK_EQUAL(buyers["books"]["right"], true);
  BOOST_CHECK_GT(buyers["books"]["paid"].get<int>(), 10);
  const auto waiting = rush(url_of(service), {"--scenario", "waiting", "--users", "200", "--time",
                                              "8s", "--connections", "10"});
  BOOST_CHECK_EQUAL(waiting["steps"]["enter"]["count"], 200);
  BOOST_CHECK_GE(waiting["steps"]["poll"]["count"].get<int>(), 100);
  BOOST_CHECK_EQUAL(waiting["unexpected"], 0);
}

// Two addresses of one service; then one of them away, which shows that connections go to each.
BOOST_AUTO_TEST_CASE(several_addresses) {
  scratch_directory directory;
  server service(directory / "store");
  const auto port = std::to_string(service.port());
  const auto it =
      rush(url_of(service) + ",http://localhost:" + port, {"--users", "100", "--connections", "8"});
  BOOST_CHECK_EQUAL(it["books"]["right"], true);
  BOOST_CHECK_EQUAL(it["unexpected"], 0);
  // With one of two away half of the connections fail, what failed is asked again, and the books
  // that the other shows are right.
  const auto half = rush(url_of(service) + ",http://127.0.0.1:" + std::to_string(free_port()),
                         {"--users", "1", "--connections", "2", "--threads", "1"});
  BOOST_CHECK_EQUAL(half["books"]["right"], true);
  BOOST_CHECK_GT(half["unexpected"].get<int>(), 0);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_or_goes_away) {
  const auto nowhere =
      run(rush_at("http://127.0.0.1:" + std::to_string(free_port()), {"--users", "5"}));
  BOOST_CHECK_EQUAL(nowhere.status, 1);
  BOOST_CHECK_NE(nowhere.output.find("no answer"), std::string::npos);

  scratch_directory directory;
  server service(directory / "store");
  process it(
      {rush_at(url_of(service), {"--scenario", "waiting", "--users", "500", "--time", "1h"})});
  caller client(service);
  // Once the first has come, the run is under way.
  BOOST_REQUIRE(eventually([&] {
    const auto metrics = client.http.get("/metrics").body;
    return metrics.find("queue/tokens/:token") != std::string::npos;
  }));
  service.kill();
  BOOST_CHECK_EQUAL(it.wait(), 1);
  BOOST_CHECK_NE(it.output().find("The server is away"), std::string::npos);
  BOOST_CHECK_NE(it.output().find("The books were not checked"), std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
