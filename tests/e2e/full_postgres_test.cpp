// PostgreSQL is the store, and its disk fills up: that of its tables, at which it refuses what it
// is given, and that of its log, at which it goes down. Nothing that was told is lost, changes are
// refused meanwhile, and they are taken again without a restart of the service.
#include "tests/e2e/documents.hpp"
#include "tests/e2e/server.hpp"
#include "tests/persistence/private_postgres.hpp"
#include "tests/persistence/small_disk.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>
#include <map>

using namespace boxoffice::e2e;
using boxoffice::persistence::test::private_postgres;
using boxoffice::persistence::test::small_disk;
namespace fs = std::filesystem;

namespace {

struct postgres_with_little_room {
  postgres_with_little_room() : disk(directory / "disk") {
    if (!disk.mounted()) return;
    postgres = std::make_unique<private_postgres>(); // after the disk, to see it
    fs::create_directory(room);
    private_postgres::give(directory / "");
    admin = postgres->url_of("postgres", "postgres");
  }

  bool cannot_be_tried(const char* what) const {
    if (!disk.mounted()) std::cout << "SKIPPED " << what << ": mounting a small disk needs root\n";
    return !disk.mounted();
  }

  scratch_directory directory;
  const small_disk disk;
  const fs::path room = directory / "disk" / "room";
  std::unique_ptr<private_postgres> postgres;
  std::string admin;
};

bool is_ready(caller& client) { return client.http.get("/readyz").status == 200; }

constexpr int minor_units = 100; // of a point

// The sums that a user's wallet was charged, each with how often.
std::map<int, int> charges_of(caller& client, const std::string& user) {
  std::map<int, int> times;
  for (std::string cursor;;) {
    const auto page =
        well(client.http.get("/v1/users/" + user + "/wallet/entries?limit=1000" + cursor));
    for (const auto& entry : page.at("items"))
      if (entry.at("kind") == "CHARGE") ++times[entry.at("amount").get<int>() / minor_units];
    if (page.at("nextCursor").is_null()) return times;
    cursor = "&cursor=" + page.at("nextCursor").get<std::string>();
  }
}

// Charges a user while the disk is full and after, `recover` bringing back what went down.
void live_through(const std::string& url, const std::function<void()>& fill,
                  const std::function<void()>& recover) {
  server service("postgres", {"--store.kind", "postgres", "--postgres.url", url});
  caller client(service);
  std::map<int, int> told; // by sum, each of which is asked for once
  int last = 1000;
  const auto charge = [&] {
    const auto a = client.charge("user1", ++last);
    BOOST_REQUIRE_MESSAGE(a.status == 200 || a.status == 503, a.body);
    told[last] = a.status;
    return a;
  };
  BOOST_TEST(charge().status == 200);
  fill();
  answer refused, not_ready;
  BOOST_CHECK(eventually([&] {
    refused = charge(); // there may be some room still
    not_ready = client.http.get("/readyz");
    return refused.status == 503 && not_ready.status == 503;
  }));
  check_refusal(refused, 503, "STORE_UNAVAILABLE");
  check_refusal(not_ready, 503, "STORE_UNAVAILABLE", false);
  BOOST_TEST(client.http.get("/livez").status == 200);
  BOOST_TEST(client.http.get("/mock/concerts").status == 200);

  recover();
  BOOST_CHECK_MESSAGE(eventually([&] { return is_ready(client); }), service.running().output());
  BOOST_TEST(charge().status == 200);
  service.restart();
  // A change whose commit was under way when it was refused may have been made, once.
  caller again(service);
  const auto made = charges_of(again, "user1");
  for (const auto& [sum, status] : told) {
    const int times = made.count(sum) == 0 ? 0 : made.at(sum);
    BOOST_TEST(times <= 1);
    if (status == 200) BOOST_TEST(times == 1);
  }
  const auto audit = run({"audit", "--postgres.url", url});
  BOOST_TEST(audit.status == 0, audit.output);
}

} // namespace

BOOST_AUTO_TEST_SUITE(full_postgres)

BOOST_FIXTURE_TEST_CASE(for_its_tables_is_used_up, postgres_with_little_room) {
  if (cannot_be_tried("for_its_tables_is_used_up")) return;
  const auto url = postgres->make_database();
  postgres->move(url, room);
  live_through(
      url, [&] { disk.fill(); }, [&] { disk.free(); });
}

BOOST_FIXTURE_TEST_CASE(for_its_log_is_used_up, postgres_with_little_room) {
  if (cannot_be_tried("for_its_log_is_used_up")) return;
  const auto url = postgres->make_database();
  postgres->stop(private_postgres::how::politely);
  const auto log = postgres->directory() / "data" / "pg_wal";
  fs::remove(room);
  BOOST_REQUIRE(run_shell("cp -a " + log.string() + " " + room.string() + " && rm -r " +
                          log.string() + " && ln -s " + room.string() + " " + log.string())
                    .status == 0);
  postgres->start();
  const auto fill = [&] {
    disk.fill();
    try {
      postgres->run(admin, "SELECT pg_switch_wal()");
    } catch (const std::runtime_error&) {
      // it goes down at it
    }
  };
  const auto recover = [&] {
    BOOST_CHECK(eventually([&] { return !postgres->answers(); }));
    disk.free();
    try {
      postgres->stop(private_postgres::how::at_once);
    } catch (const std::runtime_error&) {
      // it has ended by itself
    }
    postgres->start();
  };
  live_through(url, fill, recover);
}

BOOST_AUTO_TEST_SUITE_END()
