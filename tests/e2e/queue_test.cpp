// Queues run by an operator, and a crowd that waits for a sale to open.
#include "tests/e2e/books.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <ctime>
#include <set>

using namespace boxoffice::e2e;

namespace {

const fields operators{{"Authorization", "Bearer let-me-in"}};

json change(http_client& http, const char* method, const std::string& path, const json& body) {
  return well(http.send_json(method, path, body, operators));
}

answer join(http_client& http, const std::string& user, int concert = 1) {
  return http.send_json("POST", "/v1/concerts/" + std::to_string(concert) + "/queue/tokens",
                        {{"userId", user}});
}

std::string place_of(const answer& joined) {
  const auto token = joined.document();
  return "/v1/queue/tokens/" + token.at("token").get<std::string>();
}

// As the store writes them, sortable as text.
struct admission {
  std::int64_t arrival = 0;
  std::string at;
};

// The admissions of a concert, by arrival.
std::vector<admission> admissions_of(const server& s, int concert) {
  const auto sql = "SELECT position, admitted_at FROM token JOIN queue ON queue_id = token_id "
                   "WHERE concert_code = '" +
                   std::to_string(concert) + "' AND admitted_at IS NOT NULL ORDER BY position";
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  const auto path = database_in(s.store()).string();
  BOOST_REQUIRE_EQUAL(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  sqlite3_busy_timeout(db, 5000);
  BOOST_REQUIRE_EQUAL(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
  std::vector<admission> all;
  while (sqlite3_step(statement) == SQLITE_ROW)
    all.push_back({sqlite3_column_int64(statement, 0),
                   reinterpret_cast<const char*>(sqlite3_column_text(statement, 1))});
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return all;
}

std::string text_of(std::time_t t, const char* form) {
  std::tm parts{};
  gmtime_r(&t, &parts);
  char text[32] = {};
  std::strftime(text, sizeof text, form, &parts);
  return text;
}

// Users fan1 to fanN, put into a store that nobody serves.
void add_fans(const std::filesystem::path& store, int count) {
  const auto fans = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                    std::to_string(count) + ") ";
  change_store(store, "INSERT INTO users (user_id, name, email, created_at) " + fans +
                          "SELECT 'fan' || i, 'Fan', 'fan@example.org', "
                          "'2026-01-01 00:00:00.000000' FROM n;"
                          "INSERT INTO point (point_id, user_id, amount) " +
                          fans +
                          "SELECT 1000000 + i, 'fan' || i, 0 FROM n;"
                          "UPDATE id_counter SET next = 2000000 WHERE kind = 'point';");
}

} // namespace

BOOST_AUTO_TEST_SUITE(queue)

BOOST_AUTO_TEST_CASE(ten_thousand_wait_for_an_opening_and_go_in_by_the_second_in_order) {
  constexpr int crowd = 10'000, rate = 1'000, doors = 8;
  scratch_directory directory;
  server service(directory / "store",
                 {"--admin.token", "let-me-in", "--queue.active_limit", "50000",
                  "--queue.admit_per_second", std::to_string(rate), "--queue.abandon_after", "1h"});
  BOOST_REQUIRE_EQUAL(service.terminate(), 0);
  add_fans(service.store(), crowd);
  service.start();

  // How long the crowd takes to come is not known before: a tenth of it comes to another concert.
  http_client http(service.port());
  const auto come = [&](int concert, int from, int to) {
    at_once(doors, [&](int door) {
      http_client own(service.port());
      for (int n = from + door; n <= to; n += doors)
        if (const auto a = join(own, "fan" + std::to_string(n), concert); a.status != 201)
          throw std::runtime_error("not in the queue: " + a.body);
    });
  };
  const auto began = clock::now();
  come(2, 1, crowd / 10);
  const auto takes = std::chrono::duration_cast<std::chrono::seconds>((clock::now() - began) * 20);

  const auto concert = http.send_json("POST", "/v1/concerts", {{"name", "Opening"}}, operators);
  const int id = concert.document().at("concertId");
  const auto opens = std::time(nullptr) + takes.count() + 5;
  const auto option = http.send_json(
      "POST", "/v1/concerts/" + std::to_string(id) + "/options",
      {{"startsAt", "2035-07-01T19:00:00Z"},
       {"venue", "Hall"},
       {"timeZone", "UTC"},
       {"salesOpenAt", text_of(opens, "%Y-%m-%dT%H:%M:%SZ")},
       {"sections", json::array({{{"name", "A"}, {"seats", 10}, {"price", 10000}}})}},
      operators);
  BOOST_REQUIRE_EQUAL(option.status, 201);

  come(id, 1, crowd);
  BOOST_REQUIRE_MESSAGE(std::time(nullptr) < opens, "the crowd was slower than its tenth");
  const auto waiting =
      well(http.ask("GET", "/v1/concerts/" + std::to_string(id) + "/queue", operators, {}));
  BOOST_CHECK_EQUAL(waiting.at("waiting"), crowd);
  BOOST_CHECK_EQUAL(waiting.at("processing"), 0);

  BOOST_REQUIRE(eventually(
      [&] { return admissions_of(service, id).size() == static_cast<std::size_t>(crowd); },
      std::chrono::seconds(takes.count() + 60)));
  const auto all = admissions_of(service, id);
  for (std::size_t n = 0; n < all.size(); ++n) {
    const auto second = static_cast<std::time_t>(n) / rate;
    BOOST_REQUIRE_MESSAGE(n == 0 || all[n - 1].at <= all[n].at, "number " << n << " was passed");
    BOOST_REQUIRE_MESSAGE(all[n].at >= text_of(opens + second, "%Y-%m-%d %H:%M:%S"),
                          "number " << n << " was too early: " << all[n].at);
    // A second's admissions may reach into the next one, on a machine that has much to do.
    BOOST_REQUIRE_MESSAGE(all[n].at < text_of(opens + second + 2, "%Y-%m-%d %H:%M:%S"),
                          "number " << n << " was too late: " << all[n].at);
  }
}

BOOST_AUTO_TEST_CASE(what_an_operator_sets_outlives_the_server_and_is_in_the_log) {
  scratch_directory directory;
  server service(directory / "store", {"--admin.token", "let-me-in"});
  const std::string queue = "/v1/concerts/1/queue";
  {
    http_client http(service.port());
    BOOST_CHECK_EQUAL(http.get(queue).status, 401);
    BOOST_CHECK_EQUAL(change(http, "PATCH", queue, {{"paused", true}}).at("paused"), true);
    const auto first = join(http, "user1"), second = join(http, "user2");
    BOOST_CHECK_EQUAL(first.status, 201);
    BOOST_CHECK_EQUAL(first.header("location"), place_of(first));
    BOOST_CHECK_EQUAL(join(http, "user1").status, 200);
    BOOST_CHECK_EQUAL(second.document().at("position"), 2);
    BOOST_CHECK(second.document().at("etaSeconds").is_null());
    BOOST_CHECK(!second.header("retry-after").empty());
    const auto moved = change(http, "PATCH", place_of(second), {{"priority", 7}});
    BOOST_CHECK_EQUAL(moved.at("position"), 1);

    BOOST_CHECK_EQUAL(http.ask("DELETE", place_of(first), {}, {}).status, 204);
    BOOST_CHECK_EQUAL(http.ask("DELETE", place_of(first), {}, {}).status, 204);
    BOOST_CHECK_EQUAL(well(http.get(place_of(first))).at("status"), "EXPIRED");
    BOOST_CHECK_EQUAL(http.get("/v1/queue/tokens/ca20bc2a-577b-4055-ab3b-7e197c668b35").code(),
                      "QUEUE_TOKEN_NOT_FOUND");
    BOOST_CHECK_EQUAL(http.send_json("PATCH", queue, json::object(), operators).status, 400);
    BOOST_CHECK_EQUAL(http.send_json("PATCH", queue, {{"activeLimit", 0}}, operators).status, 400);
  }
  service.restart();
  http_client http(service.port());
  auto now = well(http.ask("GET", queue, operators, {}));
  BOOST_CHECK_EQUAL(now.at("paused"), true);
  BOOST_CHECK_EQUAL(now.at("waiting"), 1);
  now = change(http, "PATCH", queue, {{"paused", false}, {"activeLimit", 3}});
  BOOST_CHECK_EQUAL(now.at("activeLimit"), 3);
  const auto admitted = join(http, "user2");
  BOOST_CHECK_EQUAL(admitted.document().at("status"), "PROCESSING");
  BOOST_CHECK_EQUAL(admitted.document().at("etaSeconds"), 0);
  BOOST_CHECK(admitted.header("retry-after").empty());
  now = change(http, "PATCH", queue, {{"activeLimit", nullptr}});
  BOOST_CHECK_EQUAL(now.at("activeLimit"), 1000); // the demo's

  std::multiset<std::string> acts;
  const auto log = well(http.ask("GET", "/v1/audit-log", operators, {}));
  for (const auto& act : log.at("items")) acts.insert(act.at("act").get<std::string>());
  BOOST_CHECK_EQUAL(acts.count("queue.configure"), 3u);
  BOOST_CHECK_EQUAL(acts.count("token.prioritize"), 1u);
}

BOOST_AUTO_TEST_SUITE_END()
