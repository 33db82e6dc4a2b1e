// Performances of many seats, put on offer beside a sale and through the server's death.
#include "tests/e2e/books.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <future>

using namespace boxoffice::e2e;

namespace {

constexpr int many = 60'000;
const fields operators{{"Authorization", "Bearer let-me-in"}};

json big_option() {
  return {{"startsAt", "2035-07-01T19:00:00+02:00"},
          {"venue", "Arena"},
          {"timeZone", "Europe/Berlin"},
          {"sections",
           {{{"name", "A"}, {"seats", many - 20'000}, {"price", 10'000}},
            {{"name", "B"}, {"seats", 20'000}, {"price", 5'000}}}}};
}

// One number that the store says, read beside whoever serves it.
std::int64_t number_in(const server& s, const char* sql) {
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  const auto path = database_in(s.store()).string();
  BOOST_REQUIRE_EQUAL(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  sqlite3_busy_timeout(db, 5000);
  BOOST_REQUIRE_EQUAL(sqlite3_prepare_v2(db, sql, -1, &statement, nullptr), SQLITE_OK);
  BOOST_REQUIRE_EQUAL(sqlite3_step(statement), SQLITE_ROW);
  const auto number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return number;
}

// Whoever reads of a performance reads of all its seats.
void check_whole(const server& s, std::int64_t option) {
  http_client http(s.port());
  const auto shown = well(http.get("/v1/options/" + std::to_string(option)));
  BOOST_CHECK_EQUAL(shown["seats"], many);
  const auto path = "/v1/options/" + std::to_string(option) + "/seats";
  BOOST_CHECK_EQUAL(well(http.get(path))["items"].size(), many);
}

// The ids of all performances of concert 1.
std::vector<std::int64_t> options_of(const server& s) {
  http_client http(s.port());
  std::vector<std::int64_t> ids;
  const auto concert = well(http.get("/v1/concerts/1"));
  for (const auto& o : concert.at("options")) ids.push_back(o["concertOptionId"]);
  return ids;
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(beside_a_sale) {
  scratch_directory directory;
  server service(directory / "store",
                 {"--admin.token", "let-me-in", "--booking.max_seats_per_user", "1000"});
  std::atomic<bool> made{false};
  answer said;
  auto by_operator = std::async(std::launch::async, [&] {
    http_client http(service.port());
    said = http.send_json("POST", "/v1/concerts/1/options", big_option(), operators);
    made = true;
  });
  caller c(service);
  const auto token = c.token_of("user1");
  int booked = 0;
  while (!made && booked < 100) {
    const auto section = booked < 50 ? "A_" : "B_";
    c.booking_of(token, "user1", 1, section + std::to_string(booked % 50 + 1));
    ++booked;
  }
  by_operator.get();
  BOOST_TEST_MESSAGE(booked << " bookings meanwhile");
  BOOST_CHECK_GT(booked, 1);
  BOOST_REQUIRE_EQUAL(said.status, 201);
  const auto option = said.document();
  BOOST_CHECK_EQUAL(option["localDate"], "2035-07-01");
  BOOST_CHECK_EQUAL(option["freeSeats"], many);
  BOOST_CHECK_EQUAL(said.header("location"),
                    "/v1/options/" + std::to_string(option["concertOptionId"].get<int>()));
  check_whole(service, option["concertOptionId"]);
  c.booking_of(token, "user1", option["concertOptionId"], "B_20000");
  BOOST_CHECK_EQUAL(service.terminate(), 0);
}

BOOST_AUTO_TEST_CASE(through_the_servers_death) {
  scratch_directory directory;
  server service(directory / "store", {"--admin.token", "let-me-in"});
  dice random{11};
  std::size_t known = options_of(service).size();
  const int rounds = times(4, 40);
  int interrupted = 0;
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      std::atomic<bool> answered{false};
      auto by_operator = std::async(std::launch::async, [&] {
        try {
          http_client http(service.port());
          answered =
              http.send_json("POST", "/v1/concerts/1/options", big_option(), operators).status ==
              201;
        } catch (const connection_lost&) {
        }
      });
      // In the midst of it: some of the seats are laid.
      const auto wanted = random.between(1, many / 2);
      BOOST_CHECK(eventually([&] {
        return answered ||
               number_in(service, "SELECT count(*) FROM seat JOIN concert_option "
                                  "USING (concert_option_id) WHERE NOT published") >= wanted;
      }));
      service.kill();
      by_operator.wait();
      interrupted += answered ? 0 : 1;
      if (random.one_in(2)) service.kill_while_starting(milliseconds(random.between(0, 300)));
      service.start();
      BOOST_CHECK(eventually([&] {
        return number_in(service, "SELECT count(*) FROM concert_option WHERE NOT published") == 0;
      }));
      BOOST_CHECK(eventually([&] { return options_of(service).size() == known + 1; }));
      const auto ids = options_of(service);
      known = ids.size();
      check_whole(service, *std::max_element(ids.begin(), ids.end()));
    }
  }
  BOOST_CHECK_GT(interrupted, 0);
  BOOST_CHECK_EQUAL(service.terminate(), 0);
  process audit({{"audit", "--store.path", service.store().string()}});
  BOOST_CHECK_EQUAL(audit.wait(), 0);
}

BOOST_AUTO_TEST_CASE(tags_are_not_used_again_by_the_next_start) {
  scratch_directory directory;
  server service(directory / "store", {"--admin.token", "let-me-in"});
  const auto tag = [&] {
    return http_client(service.port()).get("/v1/options/1/seats").header("etag");
  };
  const auto before = tag();
  caller c(service);
  c.booking_of(c.token_of("user1"), "user1", 1, "A_1");
  const auto behind = tag();
  BOOST_CHECK_NE(before, behind);
  const auto same = http_client(service.port())
                        .ask("GET", "/v1/options/1/seats", {{"If-None-Match", behind}}, {});
  BOOST_CHECK_EQUAL(same.status, 304);
  service.restart();
  BOOST_CHECK_NE(tag(), before);
}

BOOST_AUTO_TEST_SUITE_END()
