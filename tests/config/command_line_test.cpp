#include "config/command_line.hpp"
#include "tests/config/support.hpp"

using namespace boxoffice::config;
using namespace boxoffice::config::testing;

namespace {

parsed_command run(std::vector<const char*> arguments, const environment& variables = {}) {
  arguments.insert(arguments.begin(), "boxoffice");
  return parse(static_cast<int>(arguments.size()), arguments.data(), variables);
}

ending ends(std::vector<const char*> arguments, const environment& variables = {}) {
  const auto result = run(std::move(arguments), variables);
  BOOST_REQUIRE(std::holds_alternative<ending>(result));
  return std::get<ending>(result);
}

invocation invokes(std::vector<const char*> arguments, const environment& variables = {}) {
  const auto result = run(std::move(arguments), variables);
  if (const auto* ended = std::get_if<ending>(&result)) BOOST_FAIL(ended->text);
  return std::get<invocation>(result);
}

void check_usage_error(const std::vector<const char*>& arguments,
                       const std::vector<std::string>& words) {
  const auto result = ends(arguments);
  BOOST_TEST((result.code == exit_code::usage));
  check_error({result.text}, words);
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(without_a_command_it_helps_and_fails) {
  const auto result = ends({});
  BOOST_TEST((result.code == exit_code::usage));
  check_error({result.text}, {"serve", "audit", "check-config", "sim", "Examples:"});
}

BOOST_AUTO_TEST_CASE(help_and_version_succeed) {
  const auto help = ends({"--help"});
  BOOST_TEST((help.code == exit_code::success));
  check_error({help.text},
              {"serve", "audit", "check-config", "sim", "Examples:", "boxoffice serve --demo"});
  const auto version = ends({"--version"});
  BOOST_TEST((version.code == exit_code::success));
  BOOST_TEST(version.text.rfind("boxoffice ", 0) == 0U);
}

BOOST_AUTO_TEST_CASE(a_commands_help_lists_every_setting) {
  const auto help = ends({"serve", "--help"});
  BOOST_TEST((help.code == exit_code::success));
  check_error({help.text}, {"--config", "--http.port", "default: 8082", "--wallet.max_charge",
                            "--demo", "a whole number from 0 to 65535", "BOXOFFICE_SECTION_NAME"});
}

BOOST_AUTO_TEST_CASE(serve_takes_its_settings_from_flags) {
  const auto result = invokes({"serve", "--http.port", "0", "--store.path=/tmp/x", "--demo",
                               "--log.requests", "false", "--wallet.max_charge", "12.5"});
  BOOST_TEST((result.what == command::serve));
  BOOST_TEST(result.values.http.port == 0);
  BOOST_TEST(result.values.store.path == "/tmp/x");
  BOOST_TEST(result.values.demo);
  BOOST_TEST(!result.values.log.requests);
  BOOST_TEST(result.values.wallet.max_charge == 1250);
  BOOST_TEST(result.values.given("demo"));
  BOOST_TEST(!result.values.given("auth.allow_anonymous"));
}

BOOST_AUTO_TEST_CASE(a_switch_stands_alone_or_takes_a_word) {
  BOOST_TEST(invokes({"serve", "--demo", "--http.port", "1"}).values.demo);
  BOOST_TEST(invokes({"serve", "--demo=true"}).values.demo);
  BOOST_TEST(!invokes({"serve", "--demo=false"}).values.demo);
  BOOST_TEST(!invokes({"serve", "--demo", "false"}).values.demo);
  check_usage_error({"serve", "--demo=maybe"}, {"demo", "\"maybe\"", "true or false"});
}

BOOST_AUTO_TEST_CASE(the_last_of_two_equal_flags_counts) {
  BOOST_TEST(invokes({"serve", "--http.port", "1", "--http.port", "2"}).values.http.port == 2);
}

BOOST_AUTO_TEST_CASE(the_environment_and_the_file_count_too) {
  const temporary_file file("[http]\nport = 5\n");
  const auto result = invokes({"audit", "--config", file.path().c_str()},
                              {{"BOXOFFICE_STORE_PATH", "/books"}, {"BOXOFFICE_STRANGE", "1"}});
  BOOST_TEST((result.what == command::audit));
  BOOST_TEST(result.values.http.port == 5);
  BOOST_TEST(result.values.store.path == "/books");
  check_error(result.warnings, {"BOXOFFICE_STRANGE"});
}

BOOST_AUTO_TEST_CASE(backup_wants_one_directory) {
  const auto result = invokes({"backup", "/copies/today", "--store.path", "/books"});
  BOOST_TEST((result.what == command::backup));
  BOOST_TEST(result.target == "/copies/today");
  BOOST_TEST(result.values.store.path == "/books");
  invokes({"backup", "/copies/today", "--http.address", "0.0.0.0"});
  check_usage_error({"backup"}, {"DIR"});
  check_usage_error({"backup", "/copies/today", "/copies/tomorrow"}, {"/copies/tomorrow"});
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_usage_errors) {
  check_usage_error({"serve", "--http.prot", "90"},
                    {"--http.prot", "\"90\"", "did you mean http.port?"});
  check_usage_error({"serve", "--http.prot=90"},
                    {"--http.prot", "\"90\"", "did you mean http.port?"});
  check_usage_error({"serve", "--no.such"}, {"--no.such", "there is no such setting"});
  check_usage_error({"serve", "extra"}, {"\"extra\"", "expected a flag"});
  check_usage_error({"serve", "-p", "90"}, {"\"-p\"", "expected a flag"});
  check_usage_error({"serve", "--http.port", "many"},
                    {"http.port", "\"many\"", "a whole number from 0 to 65535"});
  check_usage_error({"serve", "--http.port", "-1"},
                    {"http.port", "\"-1\"", "a whole number from 0 to 65535"});
  check_usage_error({"serve", "--http.port="}, {"http.port"});
  check_usage_error({"serve", "--http.port"}, {"--http.port"});
  check_usage_error(
      {"sell"}, {"\"sell\"", "serve, audit, backup, migrate, rebuild, check-config, sim or rush"});
  check_usage_error({"--http.port", "5"}, {"--http.port", "expected a command first"});
  check_usage_error({"serve", "--config", "/nowhere"}, {"--config", "/nowhere", "No such file"});
  check_usage_error({"serve", "--durability", "postgres"},
                    {"durability is postgres", "expected postgres.url to be set"});
  check_usage_error({"serve", "--store.kind", "postgres"},
                    {"store.kind is postgres", "expected postgres.url to be set"});
}

BOOST_AUTO_TEST_CASE(a_secret_given_in_a_misspelt_flag_is_not_repeated) {
  const auto result = ends({"serve", "--admin.tokn", "hush"});
  BOOST_TEST(result.text.find("hush") == std::string::npos, result.text);
}

BOOST_AUTO_TEST_CASE(serving_beyond_loopback_is_refused_without_consent) {
  check_usage_error({"serve", "--http.address", "0.0.0.0"},
                    {"http.address", "admin.token", "auth.allow_anonymous"});
  check_usage_error({"check-config", "--http.address", "0.0.0.0"}, {"http.address"});
  invokes({"audit", "--http.address", "0.0.0.0"});
  invokes({"serve", "--http.address", "0.0.0.0", "--auth.allow_anonymous"},
          {{"BOXOFFICE_ADMIN_TOKEN", "secret"}});
}

BOOST_AUTO_TEST_CASE(check_config_shows_values_and_where_they_come_from) {
  const temporary_file file("queue.active_ttl = 90s\n");
  const auto result = ends({"check-config", "--config", file.path().c_str(), "--http.port", "7"},
                           {{"BOXOFFICE_ADMIN_TOKEN", "hush"}, {"BOXOFFICE_STRANGE", "1"}});
  BOOST_TEST((result.code == exit_code::success));
  std::string squeezed;
  for (const char letter : result.text)
    if (letter != ' ' || squeezed.empty() || squeezed.back() != ' ') squeezed += letter;
  check_error({squeezed},
              {"http.port 7 flag\n", "queue.active_ttl 90s file\n", "admin.token set environment\n",
               "http.workers 2 default\n", "warning: environment variable BOXOFFICE_STRANGE"});
  BOOST_TEST(result.text.find("hush") == std::string::npos);
}

// --- rush

BOOST_AUTO_TEST_CASE(rushs_help_lists_its_flags_and_shows_how_to_use_them) {
  const auto help = ends({"rush", "--help"});
  BOOST_TEST((help.code == exit_code::success));
  check_error({help.text},
              {"--url", "--scenario", "--users", "--arrivals-per-second", "--time", "--seed",
               "--connections", "--threads", "--seats", "--admin-token", "--json",
               "Examples:", "boxoffice rush --scenario buyers", "a whole number from 1 to 10000"});
  BOOST_TEST(help.text.find("--http.port") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(rush_without_flags_is_a_sale_at_the_demo) {
  const auto result = invokes({"rush"}, {{"BOXOFFICE_HTTP_PORT", "no port, and none of rush's"}});
  BOOST_TEST((result.what == command::rush));
  const auto& rush = result.rush;
  BOOST_REQUIRE(rush.urls.size() == 1U);
  BOOST_TEST(rush.urls[0].host == "127.0.0.1");
  BOOST_TEST(rush.urls[0].port == "8082");
  BOOST_TEST((rush.scenario == rush_scenario::sale));
  BOOST_TEST(rush.connections == 1000U);
  BOOST_TEST(rush.threads >= 1U);
  BOOST_TEST(rush.threads <= 4U);
  BOOST_TEST(rush.seats == 0U);
  BOOST_TEST(!rush.json);
}

BOOST_AUTO_TEST_CASE(rush_takes_its_flags) {
  const auto rush = invokes({"rush",
                             "--url",
                             "http://a.example:81,http://[::1]:82/",
                             "--scenario",
                             "waiting",
                             "--users=50000",
                             "--arrivals-per-second",
                             "2000",
                             "--time",
                             "2m",
                             "--seed",
                             "18446744073709551615",
                             "--connections",
                             "10000",
                             "--threads",
                             "3",
                             "--seats",
                             "100000",
                             "--admin-token",
                             "secret",
                             "--json"})
                        .rush;
  BOOST_REQUIRE(rush.urls.size() == 2U);
  BOOST_TEST(rush.urls[0].host == "a.example");
  BOOST_TEST(rush.urls[0].port == "81");
  BOOST_TEST(rush.urls[1].host == "::1");
  BOOST_TEST(rush.urls[1].port == "82");
  BOOST_TEST((rush.scenario == rush_scenario::waiting));
  BOOST_TEST(rush.users == 50000U);
  BOOST_TEST(rush.arrivals_per_second == 2000U);
  BOOST_TEST((rush.length == std::chrono::minutes(2)));
  BOOST_TEST(rush.seed == 18446744073709551615U);
  BOOST_TEST(rush.connections == 10000U);
  BOOST_TEST(rush.threads == 3U);
  BOOST_TEST(rush.seats == 100000U);
  BOOST_TEST(rush.admin_token == "secret");
  BOOST_TEST(rush.json);
}

BOOST_AUTO_TEST_CASE(rush_refuses_what_is_wrong) {
  check_usage_error({"rush", "--users", "0"}, {"--users = \"0\"", "from 1 to 1000000"});
  check_usage_error({"rush", "--connections", "10001"}, {"10001", "from 1 to 10000"});
  check_usage_error({"rush", "--time", "5"}, {"--time = \"5\"", "from 1s to 24h"});
  check_usage_error({"rush", "--scenario", "panic"}, {"panic", "sale, buyers or waiting"});
  for (const char* url : {"", "localhost:8082", "https://a", "http://", "http://a:", "http://a:0",
                          "http://a:65536", "http://a/path", "http://a,", "http://u@a"})
    check_usage_error({"rush", "--url", url}, {"--url", "http://127.0.0.1:8082"});
  check_usage_error({"rush", "--seats", "5"}, {"--seats = \"5\"", "--admin-token"});
  check_usage_error({"rush", "--http.port", "80"}, {"--http.port", "rush takes no settings"});
  check_usage_error({"rush", "extra"}, {"\"extra\"", "--users 2000"});
  const auto secret = ends({"rush", "--admin-token", "se cret"});
  BOOST_TEST((secret.code == exit_code::usage));
  BOOST_TEST(secret.text.find("se cret") == std::string::npos);
}

// --- sim

BOOST_AUTO_TEST_CASE(sims_help_lists_its_flags_and_shows_how_to_use_them) {
  const auto help = ends({"sim", "--help"});
  BOOST_TEST((help.code == exit_code::success));
  check_error({help.text},
              {"--seed", "--seeds", "--hours", "--nodes", "--postgres", "--faults", "--workloads",
               "--users", "--acts", "--jobs", "--trace", "--minimize",
               "Examples:", "boxoffice sim --seed 42 --trace", "a whole number from 1 to 5"});
  BOOST_TEST(help.text.find("--http.port") == std::string::npos);
  BOOST_TEST(help.text.find("--config") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(sim_without_flags_runs_many_fresh_seeds) {
  const auto result = invokes({"sim"}, {{"BOXOFFICE_HTTP_PORT", "no port, and none of sim's"}});
  BOOST_TEST((result.what == command::sim));
  const auto& sim = result.sim;
  BOOST_TEST(!sim.seed);
  BOOST_TEST(sim.seeds == 1000U);
  BOOST_TEST(sim.hours == 0);
  BOOST_TEST(!sim.nodes);
  BOOST_TEST(!sim.postgres);
  BOOST_TEST(!sim.faults);
  BOOST_TEST(!sim.workloads);
  BOOST_TEST(!sim.users);
  BOOST_TEST(!sim.acts);
  BOOST_TEST(sim.jobs >= 1U);
  BOOST_TEST(!sim.trace);
  BOOST_TEST(!sim.minimize);
}

BOOST_AUTO_TEST_CASE(sim_takes_its_flags) {
  const auto sim = invokes({"sim", "--seed", "18446744073709551615", "--nodes=5", "--faults",
                            "crash,torn_write", "--workloads", "none", "--users", "3", "--acts",
                            "100000", "--jobs", "2", "--trace", "--minimize", "true"})
                       .sim;
  BOOST_TEST(sim.seed.value() == 18446744073709551615U);
  BOOST_TEST(sim.seeds == 1U);
  BOOST_TEST(sim.nodes.value() == 5U);
  BOOST_TEST(sim.faults.value() == (std::vector<std::string>{"crash", "torn_write"}),
             boost::test_tools::per_element());
  BOOST_TEST(sim.workloads.value().empty());
  BOOST_TEST(sim.users.value() == 3U);
  BOOST_TEST(sim.acts.value() == 100'000U);
  BOOST_TEST(sim.jobs == 2U);
  BOOST_TEST(sim.trace);
  BOOST_TEST(sim.minimize);
}

BOOST_AUTO_TEST_CASE(sim_ends_after_its_seeds_or_its_hours) {
  BOOST_TEST(invokes({"sim", "--seeds", "7"}).sim.seeds == 7U);
  BOOST_TEST(invokes({"sim", "--seed", "0", "--seeds", "7"}).sim.seeds == 7U);
  BOOST_TEST(invokes({"sim", "--seed", "5", "--seeds", "1", "--trace"}).sim.trace);
  for (const auto& arguments : {std::vector<const char*>{"sim", "--hours", "0.5"},
                                std::vector<const char*>{"sim", "--hours", "0.5", "--seed", "5"}}) {
    const auto sim = invokes(arguments).sim;
    BOOST_TEST(sim.hours == 0.5);
    BOOST_TEST(sim.seeds == 0U);
  }
}

BOOST_AUTO_TEST_CASE(wrong_flags_of_sim_are_usage_errors) {
  const auto number = "a whole number from 1 to 100000";
  check_usage_error({"sim", "--seed", "-1"}, {"--seed = \"-1\"", "a whole number from 0 to 1844"});
  check_usage_error({"sim", "--seed", "18446744073709551616"}, {"--seed", "a whole number from 0"});
  check_usage_error({"sim", "--seeds", "0"}, {"--seeds = \"0\"", "a whole number from 1 to"});
  check_usage_error({"sim", "--seeds", "many"}, {"--seeds = \"many\"", "a whole number from 1"});
  for (const char* hours : {"0", "-1", "8761", "soon", "nan", "inf", "1h", "1e3", "0x8"})
    check_usage_error({"sim", "--hours", hours}, {"--hours", hours, "hours above 0 to 8760"});
  BOOST_TEST(invokes({"sim", "--postgres", "local"}).sim.postgres.value() == "local");
  check_usage_error({"sim", "--postgres", "some"},
                    {"--postgres = \"some\"", "none, local or postgres"});
  check_usage_error({"sim", "--nodes", "6"}, {"--nodes = \"6\"", "a whole number from 1 to 5"});
  check_usage_error({"sim", "--users", "0"}, {"--users = \"0\"", number});
  check_usage_error({"sim", "--acts", "100001"}, {"--acts = \"100001\"", number});
  check_usage_error({"sim", "--jobs", "0"}, {"--jobs = \"0\"", "a whole number from 1 to 1024"});
  check_usage_error({"sim", "--trace=5"}, {"--trace = \"5\"", "true or false"});
  for (const char* list : {"crash,", ",crash", "crash,,torn", "crash,none", "crash,crash", "a b"})
    for (const char* flag : {"--faults", "--workloads"})
      check_usage_error({"sim", flag, list}, {flag, list, "none, or names separated by commas"});
  check_usage_error({"sim", "--seed"}, {"--seed"});
  check_usage_error({"sim", "--users", "0", "--acts", "x"}, {"--users = \"0\"", "--acts = \"x\""});
}

BOOST_AUTO_TEST_CASE(flags_of_sim_that_do_not_go_together_are_usage_errors) {
  check_usage_error({"sim", "--hours", "1", "--seeds", "5"},
                    {"--seeds = \"5\"", "--hours", "expected one of them"});
  check_usage_error({"sim", "--trace"}, {"--trace", "expected --seed"});
  check_usage_error({"sim", "--seed", "1", "--seeds", "2", "--trace"}, {"--trace", "--seeds"});
  check_usage_error({"sim", "--seed", "1", "--hours", "2", "--trace"}, {"--trace", "--hours"});
  check_usage_error({"sim", "--minimize"}, {"--minimize", "expected --seed"});
  check_usage_error({"sim", "--seed", "18446744073709551615", "--seeds", "2"},
                    {"--seeds = \"2\"", "--seed = \"18446744073709551615\"", "the last seed"});
}

BOOST_AUTO_TEST_CASE(sim_takes_no_settings) {
  check_usage_error({"sim", "--http.port", "5"},
                    {"--http.port = \"5\"", "no such flag", "sim takes no settings"});
  check_usage_error({"sim", "--config", "file"}, {"--config = \"file\"", "no such flag"});
  check_usage_error({"sim", "--sed", "5"}, {"--sed = \"5\"", "no such flag"});
  check_usage_error({"sim", "42"}, {"\"42\"", "expected a flag such as --seed 42"});
}

BOOST_AUTO_TEST_SUITE_END()
