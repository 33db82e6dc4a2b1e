// The service, with large halls if need be, beside a PostgreSQL of the tests' own.
#pragma once

#include "tests/e2e/compare.hpp"
#include "tests/persistence/private_postgres.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace boxoffice::e2e {

inline std::vector<std::string> flags_with(const std::string& url, std::vector<std::string> more) {
  std::vector<std::string> all{"--booking.hold_for",
                               "24h",
                               "--booking.max_seats_per_user",
                               "100000",
                               "--queue.active_ttl",
                               "24h",
                               "--postgres.url",
                               url};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// The service beside a database of its own, in the PostgreSQL of all tests of the process.
struct service_with_postgres {
  explicit service_with_postgres(const std::vector<std::string>& more)
      : url(postgres.make_database()), service(directory / "store", flags_with(url, more)) {}

  // Waits until PostgreSQL has all, and lets the service itself compare them row by row.
  void check_same() {
    finished audit;
    const bool caught_up = eventually([&] {
      audit = run({"audit", "--store.path", service.store().string(), "--postgres.url", url});
      return audit.output.find("not compared") == std::string::npos;
    });
    BOOST_TEST(caught_up, service.running().output());
    BOOST_TEST(audit.status == 0, audit.output);
    if (audit.status != 0) BOOST_TEST_MESSAGE(service.running().output());
    BOOST_TEST((audit.output.find("PostgreSQL holds the same") != std::string::npos), audit.output);
  }

  void wait_until_ready() {
    http_client http(service.port());
    BOOST_CHECK_MESSAGE(eventually([&] { return http.get("/readyz").status == 200; }),
                        service.running().output());
  }

  // What psql prints of it, as a superuser.
  std::string ask_postgres(const std::string& sql) {
    return postgres.run(postgres.url_of(url.substr(url.rfind('/') + 1), "postgres"), sql);
  }

  // The service goes on with PostgreSQL behind this port of the loopback.
  void connect_by(int port) {
    BOOST_REQUIRE_EQUAL(service.terminate(), 0);
    auto& flags = service.flags();
    auto& address = *std::next(std::find(flags.begin(), flags.end(), "--postgres.url"));
    address = persistence::test::private_postgres::by_port(address, port);
    service.start();
  }

  persistence::test::private_postgres& postgres = persistence::test::private_postgres::shared();
  std::string url;
  scratch_directory directory;
  server service;
  dice random{11};
};

struct market_with_postgres : service_with_postgres {
  explicit market_with_postgres(const std::vector<std::string>& more)
      : service_with_postgres(more) {
    BOOST_REQUIRE_EQUAL(service.terminate(), 0);
    build_halls(service.store());
    // The halls came by another hand than the service's, so PostgreSQL is given everything anew.
    change_store(service.store(), "INSERT OR IGNORE INTO commit_time "
                                  "SELECT commit_number, committed_at FROM event_log;"
                                  "DELETE FROM event_log;"
                                  "UPDATE store_meta SET last_commit = last_commit + 1");
    service.start();
  }
};

} // namespace boxoffice::e2e
