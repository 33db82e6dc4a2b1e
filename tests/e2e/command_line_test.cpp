// What the binary says and how it ends before it serves anybody.
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace boxoffice::e2e;

namespace {

constexpr int success = 0, failure = 1, usage = 2;
using words = std::vector<std::string>;

void check(const finished& it, int status, const words& expected) {
  BOOST_CHECK_EQUAL(it.status, status);
  for (const auto& word : expected)
    BOOST_CHECK_MESSAGE(it.output.find(word) != std::string::npos,
                        "'" << word << "' is missing in: " << it.output);
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(version_and_help) {
  const auto version = run({"--version"});
  check(version, success, {"boxoffice "});
  BOOST_CHECK_EQUAL(version.output.find('\n'), version.output.size() - 1);
  check(run({"--help"}), success, {"serve", "audit", "check-config", "sim", "Examples:"});
  check(run({"serve", "--help"}), success,
        {"--http.port", "--queue.active_limit", "default: 8082", "BOXOFFICE_SECTION_NAME"});
}

BOOST_AUTO_TEST_CASE(what_is_no_command) {
  check(run({}), usage, {"serve"});
  check(run({"frobnicate"}), usage,
        {"frobnicate", "serve, audit, backup, migrate, rebuild, check-config, sim or rush"});
  check(run({"serve", "extra"}), usage, {"extra"});
}

BOOST_AUTO_TEST_CASE(every_setting_by_flag_environment_and_file) {
  check(run({"check-config"}), success, {"http.port", "8082", "default"});
  scratch_directory directory;
  const auto file = directory / "boxoffice.ini";
  write_file(file, "# hours are long\n[booking]\nhold_for = 2m\nmax_seats = 7\n"
                   "[http]\nport = 4000\n");
  const auto it = run({"check-config", "--config", file.string(), "--booking.max_seats", "9"},
                      {{"BOXOFFICE_HTTP_PORT", "4001"}, {"BOXOFFICE_BOOKING_MAX_SEATS", "8"}});
  check(it, success, {});
  const auto line_of = [&](const std::string& name) {
    const auto at = it.output.find(name + " ");
    return it.output.substr(at, it.output.find('\n', at) - at);
  };
  // A flag before the environment, that before the file, that before the default.
  BOOST_CHECK_NE(line_of("booking.hold_for").find("2m"), std::string::npos);
  BOOST_CHECK_NE(line_of("http.port").find("4001"), std::string::npos);
  BOOST_CHECK_NE(line_of("booking.max_seats").find("9"), std::string::npos);
}

// Key, value and what would be right.
BOOST_AUTO_TEST_CASE(wrong_settings_are_named) {
  struct row {
    words arguments;
    words expected;
  };
  const row rows[] = {
      {{"--http.port", "99999"}, {"http.port", "99999", "from 0 to 65535"}},
      {{"--http.port", "80a"}, {"http.port", "80a", "whole number"}},
      {{"--http.prot", "80"}, {"http.prot", "80", "http.port"}},
      {{"--booking.hold_for", "5"}, {"booking.hold_for", "\"5\"", "250ms, 2s, 5m or 24h"}},
      {{"--booking.hold_for", "1ms"}, {"booking.hold_for", "1ms", "from 100ms"}},
      {{"--queue.active_limit", "0"}, {"queue.active_limit", "\"0\"", "from 1"}},
      {{"--queue.active_limit", "-1"}, {"queue.active_limit", "-1", "from 1"}},
      {{"--wallet.max_charge", "1.234"}, {"wallet.max_charge", "1.234", "two decimals"}},
      {{"--durability", "maybe"}, {"durability", "maybe", "local"}},
      {{"--http.address", "nowhere.example"}, {"http.address", "nowhere.example", "IPv4"}},
      {{"--store.path", ""}, {"store.path", "path"}},
  };
  for (const char* command : {"check-config", "serve"})
    for (auto [arguments, expected] : rows) {
      arguments.insert(arguments.begin(), command);
      check(run(arguments), usage, expected);
    }
  check(run({"check-config"}, {{"BOXOFFICE_QUEUE_ACTIVE_TTL", "soon"}}), usage,
        {"queue.active_ttl", "BOXOFFICE_QUEUE_ACTIVE_TTL", "soon", "250ms"});
  check(run({"check-config"}, {{"BOXOFFICE_QUEUE_ACTIV_TTL", "1m"}}), success,
        {"warning", "BOXOFFICE_QUEUE_ACTIV_TTL"});
}

BOOST_AUTO_TEST_CASE(a_bad_file_names_its_lines) {
  scratch_directory directory;
  const auto file = directory / "bad.ini";
  write_file(file, "[http]\nport = 80a\nprot = 3\n[booking]\nhold_for = 2x\n");
  check(run({"check-config", "--config", file.string()}), usage,
        {"http.port", "80a", "line 2", "http.prot", "line 3", "booking.hold_for", "2x", "line 5"});
  check(run({"check-config", "--config", (directory / "none.ini").string()}), usage, {"none.ini"});
}

BOOST_AUTO_TEST_CASE(no_listening_to_the_world_unprotected) {
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1"}) {
    const words open{"serve", "--http.port", "0", "--http.address", address};
    check(run(open), usage, {address, "admin.token", "auth.allow_anonymous"});
    auto with_token = open;
    with_token.insert(with_token.end(), {"--admin.token", "a-long-enough-secret"});
    check(run(with_token), usage, {address, "auth.allow_anonymous"});
    auto anonymous = open;
    anonymous.insert(anonymous.end(), {"--auth.allow_anonymous", "true"});
    check(run(anonymous), usage, {address, "admin.token"});
  }
  check(run({"check-config", "--http.address", "0.0.0.0", "--auth.allow_anonymous"},
            {{"BOXOFFICE_ADMIN_TOKEN", "a-long-enough-secret"}}),
        success, {"0.0.0.0"});
}

BOOST_AUTO_TEST_CASE(secrets_are_not_shown) {
  const auto it = run({"check-config", "--admin.token", "a-long-enough-secret"});
  check(it, success, {"admin.token"});
  BOOST_CHECK_EQUAL(it.output.find("a-long-enough-secret"), std::string::npos);
}

BOOST_AUTO_TEST_CASE(audit) {
  scratch_directory directory;
  const auto missing = directory / "none";
  check(run({"audit", "--store.path", missing.string()}), failure,
        {"There is no store", missing.string()});
  BOOST_CHECK(!std::filesystem::exists(missing)); // looking makes nothing

  server service(directory / "store");
  caller client(service);
  const auto token = client.token_of("user1");
  client.give("user1", 150.5);
  client.booking_of(token, "user1", 1, "A_1");
  well(client.pay_pending("user1", 1, 100));
  client.booking_of(client.token_of("user2"), "user2", 1, "A_2,A_3");
  const words expected{"2 held", "1 sold", "597 free", "50.5", "The books are right"};
  check(run({"audit", "--store.path", service.store().string()}), success, expected);
  BOOST_CHECK_EQUAL(service.terminate(), 0);
  check(run({"audit", "--store.path", service.store().string()}), success, expected);
}

BOOST_AUTO_TEST_CASE(a_port_in_use) {
  scratch_directory directory;
  server first(directory / "first");
  const auto port = std::to_string(first.port());
  check(run({"serve", "--http.port", port, "--store.path", (directory / "second").string()}),
        failure, {port, "in use"});
  BOOST_CHECK_EQUAL(http_client(first.port()).get("/livez").status, 200);
}

BOOST_AUTO_TEST_CASE(interrupted_from_the_keyboard) {
  scratch_directory directory;
  server service(directory / "store");
  service.running().signal(SIGINT);
  BOOST_CHECK_EQUAL(service.running().wait(), 0);
}

BOOST_AUTO_TEST_SUITE_END()
