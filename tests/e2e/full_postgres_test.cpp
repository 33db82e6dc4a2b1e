// PostgreSQL is the store, and its disk fills up: that of its tables, at which it refuses what it
// is given, and that of its log, at which it goes down. Nothing that was told is lost, changes are
// refused meanwhile, and they are taken again without a restart of the service.
#include "tests/e2e/documents.hpp"
#include "tests/e2e/server.hpp"
#include "tests/persistence/private_postgres.hpp"
#include "tests/persistence/small_disk.hpp"

#include <boost/test/unit_test.hpp>

#include <pwd.h>

#include <iostream>

using namespace boxoffice::e2e;
using boxoffice::persistence::test::private_postgres;
using boxoffice::persistence::test::small_disk;
namespace fs = std::filesystem;

namespace {

struct postgres_with_little_room {
  postgres_with_little_room() : disk(directory / "disk") {
    if (!disk.mounted()) return;
    postgres = std::make_unique<private_postgres>(); // after the disk, to see it
    const auto* user = ::getpwnam("postgres");
    BOOST_REQUIRE(user != nullptr);
    fs::create_directory(room);
    for (const auto& each : {directory / "", room})
      BOOST_REQUIRE(::chown(each.c_str(), user->pw_uid, user->pw_gid) == 0);
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

// Charges a user while the disk is full and after, `recovered` bringing back what went down.
void live_through(const std::string& url, const std::function<void()>& fill,
                  const std::function<void()>& recover) {
  server service("postgres", {"--store.kind", "postgres", "--postgres.url", url});
  caller client(service);
  client.give("user1", 1);
  int points = 1, told = 1, refused_points = 0; // another sum each time: the same twice is refused
  fill();
  answer refused, not_ready;
  BOOST_CHECK(eventually([&] {
    refused = client.charge("user1", ++points);
    (refused.status == 200 ? told : refused_points) += points; // there may be some room still
    not_ready = client.http.get("/readyz");
    return refused.status == 503 && not_ready.status == 503;
  }));
  check_refusal(refused, 503, "STORE_UNAVAILABLE");
  check_refusal(not_ready, 503, "STORE_UNAVAILABLE", false);
  BOOST_TEST(client.http.get("/livez").status == 200);
  BOOST_TEST(client.http.get("/mock/concerts").status == 200);

  recover();
  BOOST_CHECK_MESSAGE(eventually([&] { return is_ready(client); }), service.running().output());
  // A change whose commit was under way when it was refused may have been made.
  const auto balance = client.balance_of("user1").get<int>();
  BOOST_TEST(balance >= told);
  BOOST_TEST(balance <= told + refused_points);
  client.give("user1", 1'000'000);
  BOOST_TEST(client.balance_of("user1") == balance + 1'000'000);
  service.restart();
  BOOST_TEST(caller(service).balance_of("user1") == balance + 1'000'000);
  const auto audit = run({"audit", "--postgres.url", url});
  BOOST_TEST(audit.status == 0, audit.output);
}

} // namespace

BOOST_AUTO_TEST_SUITE(full_postgres)

BOOST_FIXTURE_TEST_CASE(for_its_tables_is_used_up, postgres_with_little_room) {
  if (cannot_be_tried("for_its_tables_is_used_up")) return;
  const auto url = postgres->make_database();
  postgres->run(admin, "CREATE TABLESPACE small LOCATION '" + room.string() + "';");
  postgres->run(admin,
                "ALTER DATABASE " + url.substr(url.rfind('/') + 1) + " SET TABLESPACE small;");
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
    postgres->run(admin, "SELECT pg_switch_wal()");
  };
  const auto recover = [&] {
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
