// /metrics says what happened, in Prometheus' own judgement too.
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace boxoffice::e2e;

namespace {

// The value of one metric on a page, named with its labels as the page writes them.
double value_of(const std::string& page, const std::string& metric) {
  const auto at = ("\n" + page).find("\n" + metric + " ");
  return at == std::string::npos ? std::nan("") : std::stod(page.substr(at + metric.size() + 1));
}

std::string scrape(caller& c) {
  const auto page = c.http.get("/metrics");
  BOOST_REQUIRE_EQUAL(page.status, 200);
  BOOST_CHECK_EQUAL(page.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return page.body;
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(a_sale_shows) {
  scratch_directory directory;
  server service(directory / "store");
  caller c(service);
  c.give("user1", 300);
  const auto token = c.token_of("user1");
  const auto booking = c.booking_of(token, "user1", 1, "A_1,A_2");
  auto page = scrape(c);
  BOOST_CHECK_EQUAL(value_of(page, R"(boxoffice_seats{concert_option_id="1",state="held"})"), 2);
  BOOST_CHECK_EQUAL(value_of(page, R"(boxoffice_bookings_total{event="created"})"), 1);
  BOOST_CHECK_EQUAL(value_of(page, R"(boxoffice_queue_length{concert_id="1",state="processing"})"),
                    1);
  BOOST_CHECK_EQUAL(value_of(page, R"(boxoffice_queue_length{concert_id="1",state="waiting"})"), 0);
  BOOST_CHECK_EQUAL(c.pay(token, "user1", booking, 1, "A_1,A_2").status, 200);
  BOOST_CHECK_EQUAL(c.http.get("/nowhere").status, 404);

  page = scrape(c);
  BOOST_CHECK_EQUAL(value_of(page, R"(boxoffice_seats{concert_option_id="1",state="sold"})"), 2);
  BOOST_CHECK_EQUAL(value_of(page, R"(boxoffice_seats{concert_option_id="1",state="free"})"), 98);
  BOOST_CHECK_EQUAL(value_of(page, R"(boxoffice_bookings_total{event="confirmed"})"), 1);
  BOOST_CHECK_EQUAL(value_of(page, R"(boxoffice_payments_total{result="debited"})"), 1);
  BOOST_CHECK_EQUAL(
      value_of(page, R"(boxoffice_queue_tokens_total{concert_id="1",event="admitted"})"), 1);
  BOOST_CHECK_EQUAL(
      value_of(
          page,
          R"(boxoffice_http_requests_total{method="POST",route="/mock/payment",status="200"})"),
      1);
  BOOST_CHECK_EQUAL(
      value_of(page, R"(boxoffice_http_requests_total{method="none",route="none",status="404"})"),
      1);
  BOOST_CHECK_EQUAL(
      value_of(page, R"(boxoffice_http_request_duration_seconds_count{route="/mock/payment"})"), 1);
  BOOST_CHECK_EQUAL(value_of(page, "boxoffice_payments_under_way"), 0);
  BOOST_CHECK_EQUAL(value_of(page, "boxoffice_ready"), 1);
  BOOST_CHECK_GT(value_of(page, "boxoffice_journal_commits_total"), 4);
  BOOST_CHECK_GT(value_of(page, R"(boxoffice_store_bytes{file="wal"})"), 0);

  write_file(directory / "page", page);
  const auto verdict = run_shell("promtool check metrics < " + (directory / "page").string());
  BOOST_CHECK_EQUAL(verdict.status, 0);
  BOOST_CHECK_EQUAL(verdict.output, "");
}

BOOST_AUTO_TEST_CASE(prometheus_itself_scrapes_it) {
  scratch_directory directory;
  server service(directory / "store");
  const auto target = "127.0.0.1:" + std::to_string(service.port());
  write_file(directory / "prometheus.yml",
             "scrape_configs:\n  - job_name: boxoffice\n    scrape_interval: 1s\n"
             "    static_configs:\n      - targets: ['" +
                 target + "']\n");
  const auto port = free_port();
  launch what;
  what.program = "/usr/bin/prometheus";
  what.arguments = {"--config.file=" + (directory / "prometheus.yml").string(),
                    "--storage.tsdb.path=" + (directory / "data").string(),
                    "--web.listen-address=127.0.0.1:" + std::to_string(port), "--log.level=error"};
  process prometheus(what);
  json last;
  const bool scraped = eventually([&] {
    try {
      const auto got = http_client(port).get("/api/v1/query?query=boxoffice_ready");
      if (got.status != 200) return false; // it is still starting
      last = got.document();
      return last["data"]["result"].size() == 1;
    } catch (const connection_lost&) {
      return false;
    }
  });
  BOOST_REQUIRE_MESSAGE(scraped, last.dump());
  BOOST_CHECK_EQUAL(last["data"]["result"][0]["value"][1], json("1"));
}

BOOST_AUTO_TEST_SUITE_END()
