// The store's disk fills up under a crowd and is freed again; the store can't be opened.
#include "tests/e2e/compare.hpp"
#include "tests/e2e/documents.hpp"
#include "tests/persistence/small_disk.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <iostream>
#include <sys/resource.h>

using namespace boxoffice::e2e;
using boxoffice::persistence::test::small_disk;
namespace fs = std::filesystem;

namespace {

// How far the files of a running process may grow; writes beyond that fail.
void limit_files(pid_t process, rlim_t bytes) {
  rlimit limit{};
  ::prlimit(process, RLIMIT_FSIZE, nullptr, &limit);
  limit.rlim_cur = bytes;
  BOOST_REQUIRE_EQUAL(::prlimit(process, RLIMIT_FSIZE, &limit, nullptr), 0);
}

const std::vector<std::string> endless{"--booking.hold_for",           "24h",
                                       "--booking.max_seats_per_user", "100000",
                                       "--queue.active_ttl",           "24h"};

// What is promised while the store takes no changes. A change that was broken off may have left
// some room, in which small ones are taken until it is used up.
void check_trouble(const server& service) {
  caller client(service);
  int points = 0;
  answer refused, not_ready;
  BOOST_CHECK(eventually([&] {
    refused = client.charge("user999", ++points);
    not_ready = client.http.get("/readyz");
    return refused.status == 503 && not_ready.status == 503;
  }));
  check_refusal(refused, 503, "STORE_UNAVAILABLE");
  check_refusal(not_ready, 503, "STORE_UNAVAILABLE", false);
  BOOST_CHECK_EQUAL(client.http.get("/livez").status, 200);
  BOOST_CHECK_EQUAL(client.http.get("/mock/concerts").status, 200);
}

bool is_ready(const server& service) {
  return http_client(service.port()).get("/readyz").status == 200;
}

// A store that takes nothing more, and one with room for a small change but not for a large one.
enum class trouble { full, nearly_full };

// The store stops taking changes while a crowd buys, and takes them again.
void live_through(trouble kind, server& service, const std::function<void()>& spoil,
                  const std::function<void()>& mend) {
  constexpr int before = 100, refused = 5, after = 200;
  sale crowd(8, 8);
  crowd.may_be_unavailable = true;
  const int rounds = times(2, 20);
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      crowd.begin(service);
      BOOST_CHECK(crowd.wait_for_answers(before));
      spoil();
      BOOST_CHECK(eventually([&] { return crowd.unavailable() >= refused; }));
      if (kind == trouble::full) check_trouble(service);
      mend();
      BOOST_CHECK(eventually([&] { return is_ready(service); }));
      crowd.end();
      check_history(crowd, service);

      crowd.begin(service); // as if nothing had been, and without a restart
      BOOST_CHECK(crowd.wait_for_answers(after));
      crowd.end();
      BOOST_CHECK_EQUAL(crowd.unavailable(), 0);
      BOOST_CHECK(crowd.take_lost().empty());
      check_history(crowd, service);
      service.restart();
      check_history(crowd, service);
    }
  }
  BOOST_CHECK_EQUAL(service.terminate(), 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_trouble)

BOOST_AUTO_TEST_CASE(a_disk_fills_up_and_is_freed) {
  scratch_directory directory;
  const small_disk disk(directory / "disk");
  if (!disk.mounted()) {
    std::cout << "SKIPPED a_disk_fills_up_and_is_freed: mounting a small disk needs root\n";
    return;
  }
  server service(directory / "disk" / "store", endless);
  BOOST_REQUIRE_EQUAL(service.terminate(), 0);
  build_halls(service.store());
  service.start();
  live_through(
      trouble::full, service, [&] { disk.fill(); }, [&] { disk.free(); });
}

// The same for those who may not mount: here it is the files that must not grow.
void limit_files_under_a_crowd(trouble kind) {
  constexpr rlim_t little = 50'000;
  scratch_directory directory;
  server service(directory / "store", endless);
  BOOST_REQUIRE_EQUAL(service.terminate(), 0);
  build_halls(service.store());
  service.survive_full_files = true;
  service.start();
  const auto wal = fs::path(database_in(service.store())) += "-wal";
  const auto spoil = [&] {
    const auto most = kind == trouble::full ? 0 : static_cast<rlim_t>(fs::file_size(wal)) + little;
    limit_files(service.running().id(), most);
  };
  live_through(kind, service, spoil, [&] { limit_files(service.running().id(), RLIM_INFINITY); });
}

BOOST_AUTO_TEST_CASE(files_must_not_be_written) { limit_files_under_a_crowd(trouble::full); }

// Large changes fail and small ones do not, so the store is lost and found again and again.
BOOST_AUTO_TEST_CASE(little_room_is_left) { limit_files_under_a_crowd(trouble::nearly_full); }

namespace {

struct made_store {
  made_store() {
    server service(store);
    caller(service).give("user1", 42);
    service.terminate();
  }
  finished serve(bool as_nobody = false) const {
    launch what{{"serve", "--http.port", "0", "--store.path", store.string()}};
    what.as_nobody = as_nobody;
    process it(what);
    const int status = it.wait();
    return {status, it.output()};
  }
  // Refused, for this reason, and the file is as it was.
  void check_refused(const std::string& reason) const {
    const auto before = read_file(database_in(store));
    const auto it = serve();
    BOOST_CHECK_EQUAL(it.status, 1);
    BOOST_CHECK_MESSAGE(it.output.find(reason) != std::string::npos, it.output);
    BOOST_CHECK_MESSAGE(it.output.find(store.string()) != std::string::npos, it.output);
    BOOST_CHECK(read_file(database_in(store)) == before);
  }
  scratch_directory directory;
  fs::path store = directory / "store";
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_second_process_is_turned_away, made_store) {
  server first(store);
  const auto it = serve();
  BOOST_CHECK_EQUAL(it.status, 1);
  BOOST_CHECK_NE(it.output.find("in use by process " + std::to_string(first.running().id())),
                 std::string::npos);
  caller client(first);
  client.give("user1", 8);
  BOOST_CHECK_EQUAL(client.balance_of("user1"), 50);
  first.restart();
  BOOST_CHECK_EQUAL(caller(first).balance_of("user1"), 50);
}

BOOST_FIXTURE_TEST_CASE(a_store_that_must_not_be_written, made_store) {
  const auto all = fs::perms::owner_all | fs::perms::group_all | fs::perms::others_all;
  const auto writing = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  fs::permissions(directory.path(), all);
  for (const auto& entry : fs::directory_iterator(store)) fs::permissions(entry, all & ~writing);
  fs::permissions(store, all & ~writing);
  const auto it = serve(::geteuid() == 0);
  BOOST_CHECK_EQUAL(it.status, 1);
  BOOST_CHECK_MESSAGE(it.output.find("--store.path") != std::string::npos, it.output);
  fs::permissions(store, all);

  fs::permissions(directory.path(), all & ~writing);
  launch nowhere{
      {"serve", "--http.port", "0", "--store.path", (directory / "new" / "store").string()}};
  nowhere.as_nobody = ::geteuid() == 0;
  process it_too(nowhere);
  BOOST_CHECK_EQUAL(it_too.wait(), 1);
  BOOST_CHECK(it_too.wait_for("Can't make the directory"));
  fs::permissions(directory.path(), all);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_no_database, made_store) {
  write_file(database_in(store), std::string(100'000, 'x'));
  check_refused("is not a database");
}

BOOST_FIXTURE_TEST_CASE(a_damaged_file, made_store) {
  auto bytes = read_file(database_in(store));
  for (std::size_t at = 8192; at < 40'000; ++at) bytes[at] = static_cast<char>(at * 7);
  write_file(database_in(store), bytes);
  check_refused("damaged");
  bytes.resize(bytes.size() / 2);
  write_file(database_in(store), bytes);
  check_refused("damaged");
}

BOOST_FIXTURE_TEST_CASE(a_store_of_a_newer_version, made_store) {
  change_store(store, "PRAGMA user_version = 99");
  check_refused("newer version");
}

BOOST_FIXTURE_TEST_CASE(a_database_of_another_application, made_store) {
  change_store(store, "PRAGMA application_id = 7");
  check_refused("another application");
}

BOOST_AUTO_TEST_SUITE_END()
