#define BOOST_TEST_MODULE config.settings
#include "config/settings.hpp"
#include "tests/config/support.hpp"

#include <sstream>

using namespace boxoffice::config;
using namespace boxoffice::config::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(settings_rules)

BOOST_AUTO_TEST_CASE(defaults_are_those_promised) {
  const auto result = resolve("", {}, {});
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(result.warnings.empty());
  const auto& values = result.values;
  BOOST_TEST(values.http.port == 8082);
  BOOST_TEST(values.http.address == "127.0.0.1");
  BOOST_TEST(values.http.workers == 2U);
  BOOST_TEST((values.http.drain_for == 10s));
  BOOST_TEST(values.store.path == "data");
  BOOST_TEST((values.durability == durability_mode::local));
  BOOST_TEST(values.journal.max_group == 512U);
  BOOST_TEST(values.queue.active_limit == 100U);
  BOOST_TEST(values.queue.admit_per_second == 50U);
  BOOST_TEST((values.queue.active_ttl == 5min));
  BOOST_TEST((values.queue.abandon_after == 10min));
  BOOST_TEST((values.queue.client_priority == client_priority_mode::clamp));
  BOOST_TEST(values.queue.default_concert == 1);
  BOOST_TEST((values.booking.hold_for == 5min));
  BOOST_TEST(values.booking.max_seats == 10U);
  BOOST_TEST(values.booking.max_seats_per_user == 10U);
  BOOST_TEST(values.booking.max_holds_per_user == 100'000U);
  BOOST_TEST(values.wallet.max_charge == 1'000'000'000);
  BOOST_TEST(values.wallet.max_balance == 100'000'000'000);
  BOOST_TEST((values.wallet.double_submit_window == 1s));
  BOOST_TEST(values.actors.threads == 2U);
  BOOST_TEST((values.actors.idle_after == 60s));
  BOOST_TEST(values.log.requests);
  BOOST_TEST(values.admin.token.empty());
  BOOST_TEST(!values.auth.allow_anonymous);
  BOOST_TEST((values.auth.mode == auth_mode::none));
  BOOST_TEST(!values.limits.loopback);
  BOOST_TEST(values.http.trusted_proxies.empty());
  BOOST_TEST(values.http.cors_origins.empty());
  BOOST_TEST(!values.demo);
  BOOST_TEST(!values.given("http.port"));
}

BOOST_AUTO_TEST_CASE(flag_beats_environment_beats_file_beats_default) {
  const temporary_file file("http.port = 1\nhttp.workers = 11\nqueue.active_limit = 21\n");
  const environment variables{{"BOXOFFICE_HTTP_PORT", "2"}, {"BOXOFFICE_HTTP_WORKERS", "12"}};
  const auto result = resolve(file.path(), variables, {flag("http.port", "3")});
  BOOST_TEST(result.errors.empty());
  const auto& values = result.values;
  BOOST_TEST(values.http.port == 3);
  BOOST_TEST(values.http.workers == 12U);
  BOOST_TEST(values.queue.active_limit == 21U);
  BOOST_TEST((values.origin_of("http.port") == origin::flag));
  BOOST_TEST((values.origin_of("http.workers") == origin::environment));
  BOOST_TEST((values.origin_of("queue.active_limit") == origin::file));
  BOOST_TEST((values.origin_of("queue.active_ttl") == origin::built_in));
}

BOOST_AUTO_TEST_CASE(given_remembers_what_was_set_even_to_its_default) {
  const auto values = from_flag("queue.active_limit", "100").values;
  BOOST_TEST(values.given("queue.active_limit"));
  BOOST_TEST(!values.given("queue.admit_per_second"));
}

BOOST_AUTO_TEST_CASE(every_setting_reads_back_what_it_shows) {
  std::istringstream lines(describe(settings{}));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    std::istringstream words(line);
    std::string name;
    std::string shown;
    std::string from;
    words >> name >> shown >> from;
    if (shown == "not") continue; // a secret that is "not set"
    BOOST_TEST(from == "default");
    const auto result = from_flag(name, shown);
    BOOST_TEST(result.errors.empty(), name << " = " << shown);
    BOOST_TEST(result.values.given(name));
    std::string variable = "BOXOFFICE_";
    for (const char letter : name)
      variable += letter == '.' ? '_' : static_cast<char>(std::toupper(letter));
    BOOST_TEST(resolve("", {{variable, shown}}, {}).values.given(name), variable);
  }
  BOOST_TEST(count >= 38U);
}

// name, a value that is refused, what would be right
struct refusal {
  const char* name;
  const char* value;
  const char* expected;
};

BOOST_AUTO_TEST_CASE(a_wrong_value_is_refused_with_key_value_and_what_would_be_right) {
  const refusal refusals[] = {
      {"http.port", "65536", "a whole number from 0 to 65535"},
      {"http.port", "-1", "a whole number from 0 to 65535"},
      {"http.port", "80x", "a whole number from 0 to 65535"},
      {"http.port", "99999999999999999999", "a whole number from 0 to 65535"},
      {"http.address", "example.org", "an IPv4 or IPv6 address, or localhost"},
      {"http.workers", "0", "a whole number from 1 to 64"},
      {"http.idle_timeout", "5", "a duration from 10ms to 1h, written like 250ms, 2s, 5m or 24h"},
      {"http.idle_timeout", "2h", "a duration from 10ms to 1h"},
      {"store.path", "", "a path"},
      {"store.path", "a\nb", "a path"},
      {"durability", "disk", "local, postgres or none"},
      {"store.kind", "oracle", "sqlite or postgres"},
      {"postgres.max_backlog", "10", "a whole number from 1000 to 1000000000"},
      {"queue.client_priority", "honor", "clamp or honour"},
      {"queue.default_concert", "0", "a whole number from 1 to 9007199254740991"},
      {"wallet.max_charge", "0", "an amount of points from 0.01"},
      {"wallet.max_charge", "1.234", "with at most two decimals"},
      {"wallet.max_balance", "10000000000000.01", "to 10000000000000"},
      {"log.level", "loud", "debug, info, warning or error"},
      {"log.requests", "yes", "true or false"},
      {"auth.mode", "oidc", "expected none or jwt"},
      {"auth.jwt_algorithm", "none", "HS256 or RS256"},
      {"auth.jwt_leeway", "1h", "a duration from 0ms to 10m"},
      {"http.trusted_proxies", "10.0.0.1/8", "addresses or ranges like 10.0.0.0/8"},
      {"http.trusted_proxies", "10.0.0.0/8,", "addresses or ranges"},
      {"http.trusted_proxies", "proxy.example", "addresses or ranges"},
      {"http.cors_origins", "*", "origins like https://tickets.example"},
      {"http.cors_origins", "tickets.example", "origins like"},
      {"http.cors_origins", "https://tickets.example/", "origins like"},
      {"http.cors_origins", "https://", "origins like"},
      {"limits.user_burst", "0", "a whole number from 1 to 1000000"},
      {"demo", "1", "true or false"},
  };
  for (const auto& [name, value, expected] : refusals) {
    const auto result = from_flag(name, value);
    std::string shown = value;
    std::replace(shown.begin(), shown.end(), '\n', '?');
    check_error(result.errors, {std::string(name) + " = \"" + shown + "\"",
                                "(--" + std::string(name) + ")", expected});
    BOOST_TEST(!result.values.given(name));
  }
}

BOOST_AUTO_TEST_CASE(all_errors_are_told_at_once) {
  const auto result = resolve("", {{"BOXOFFICE_HTTP_WORKERS", "x"}}, {flag("http.port", "y")});
  BOOST_TEST(result.errors.size() == 2U);
}

BOOST_AUTO_TEST_CASE(edges_of_ranges_are_accepted) {
  BOOST_TEST(from_flag("http.port", "0").errors.empty());
  BOOST_TEST(from_flag("http.port", "65535").values.http.port == 65535);
  BOOST_TEST(from_flag("wallet.double_submit_window", "0ms").errors.empty());
  BOOST_TEST(from_flag("wallet.max_charge", "0.01").values.wallet.max_charge == 1);
  BOOST_TEST(from_flag("wallet.max_balance", "100.5").values.wallet.max_balance == 10050);
  BOOST_TEST(from_flag("http.address", "localhost").values.http.address == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(an_environment_variable_in_error_is_named) {
  check_error(resolve("", {{"BOXOFFICE_QUEUE_ACTIVE_TTL", "soon"}}, {}).errors,
              {"queue.active_ttl", "\"soon\"", "BOXOFFICE_QUEUE_ACTIVE_TTL", "a duration"});
}

BOOST_AUTO_TEST_CASE(an_unknown_environment_variable_is_a_warning) {
  const auto result =
      resolve("", {{"BOXOFFICE_HTTP_PROT", "5"}, {"HOME", "/root"}, {"DEMO", "x"}}, {});
  BOOST_TEST(result.errors.empty());
  check_error(result.warnings, {"BOXOFFICE_HTTP_PROT"});
}

BOOST_AUTO_TEST_CASE(a_secret_is_never_shown) {
  const auto values = from_flag("admin.token", "hush").values;
  BOOST_TEST(values.admin.token == "hush");
  const auto text = describe(values);
  BOOST_TEST(text.find("hush") == std::string::npos);
  BOOST_TEST(text.find(" set ") != std::string::npos);
  BOOST_TEST(describe(settings{}).find("not set") != std::string::npos);
  const auto errors = from_flag("admin.token", "hush\thush").errors;
  check_error(errors, {"admin.token", "not shown", "visible ASCII"});
  BOOST_TEST(errors.front().find("hush") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(beyond_loopback_needs_a_token_and_consent) {
  settings values;
  BOOST_TEST(reasons_not_to_listen(values).empty());
  values.http.address = "0.0.0.0";
  BOOST_TEST(reasons_not_to_listen(values).size() == 2U);
  values.auth.allow_anonymous = true;
  check_error(reasons_not_to_listen(values),
              {"http.address", "\"0.0.0.0\"", "admin.token", "127.0.0.1"});
  values.admin.token = "secret";
  BOOST_TEST(reasons_not_to_listen(values).empty());
  values.auth.allow_anonymous = false;
  check_error(reasons_not_to_listen(values), {"auth.mode", "auth.allow_anonymous", "\"0.0.0.0\""});
}

BOOST_AUTO_TEST_CASE(a_list_is_what_stands_between_commas) {
  const auto values = from_flag("http.trusted_proxies", "127.0.0.1, 10.0.0.0/8,::1").values;
  const std::vector<std::string> three{"127.0.0.1", "10.0.0.0/8", "::1"};
  BOOST_TEST(values.http.trusted_proxies == three, boost::test_tools::per_element());
  BOOST_TEST(describe(values).find("127.0.0.1,10.0.0.0/8,::1") != std::string::npos);
  BOOST_TEST(from_flag("http.cors_origins", "").values.http.cors_origins.empty());
  BOOST_TEST(from_flag("http.cors_origins", "http://localhost:3000").errors.empty());
}

BOOST_AUTO_TEST_CASE(users_tokens_need_a_key_even_on_loopback) {
  settings values;
  values.auth.jwt_secret = "short"; // of no interest while nobody asks for it
  BOOST_TEST(reasons_not_to_listen(values).empty());
  values.auth.mode = auth_mode::jwt;
  check_error(reasons_not_to_listen(values), {"auth.jwt_secret", "32 characters"});
  values.auth.jwt_secret = std::string(32, 'x');
  BOOST_TEST(reasons_not_to_listen(values).empty());
  values.auth.jwt_key_file = "key";
  check_error(reasons_not_to_listen(values), {"either auth.jwt_secret or auth.jwt_key_file"});
  values.auth.jwt_algorithm = jwt_algorithm_name::rs256;
  check_error(reasons_not_to_listen(values), {"RS256", "auth.jwt_key_file"});
  values.auth.jwt_secret.clear();
  BOOST_TEST(reasons_not_to_listen(values).empty());
  values.auth.jwt_key_file.clear();
  check_error(reasons_not_to_listen(values), {"RS256", "auth.jwt_key_file"});
  values.http.address = "0.0.0.0"; // proven users make up for allow_anonymous, not for the operator
  values.auth.jwt_key_file = "key";
  check_error(reasons_not_to_listen(values), {"admin.token"});
}

BOOST_AUTO_TEST_CASE(a_misspelt_secret_is_not_shown_either) {
  for (const char* name : {"auth.jwt_secert", "auth.secret", "admin.tokn", "token"}) {
    const auto errors = from_flag(name, "hush-hush").errors;
    BOOST_TEST_REQUIRE(errors.size() == 1U);
    BOOST_TEST(errors.front().find("hush") == std::string::npos, errors.front());
  }
}

BOOST_AUTO_TEST_CASE(the_process_environment_is_read_as_it_is) {
  const char* const variables[] = {"A=b=c", "EMPTY=", "nonsense", nullptr};
  const auto result = environment_of(variables);
  BOOST_TEST(result.size() == 2U);
  BOOST_TEST(result.at("A") == "b=c");
  BOOST_TEST(result.at("EMPTY").empty());
}

BOOST_AUTO_TEST_CASE(the_reference_in_docs_is_that_of_the_table) {
  std::ifstream file(BOXOFFICE_SETTINGS_REFERENCE);
  std::ostringstream documented;
  documented << file.rdbuf();
  if (documented.str() == settings_reference()) return;
  std::ofstream("settings.md") << settings_reference();
  BOOST_ERROR(
      "out of date: copy settings.md from this test's directory to " BOXOFFICE_SETTINGS_REFERENCE);
}

BOOST_AUTO_TEST_SUITE_END()
