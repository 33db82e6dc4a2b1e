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
  check_error({result.text}, {"serve", "audit", "check-config", "Examples:"});
}

BOOST_AUTO_TEST_CASE(help_and_version_succeed) {
  const auto help = ends({"--help"});
  BOOST_TEST((help.code == exit_code::success));
  check_error({help.text},
              {"serve", "audit", "check-config", "Examples:", "boxoffice serve --demo"});
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
  check_usage_error({"sell"}, {"\"sell\"", "serve, audit or check-config"});
  check_usage_error({"--http.port", "5"}, {"--http.port", "expected a command first"});
  check_usage_error({"serve", "--config", "/nowhere"}, {"--config", "/nowhere", "No such file"});
  check_usage_error({"serve", "--durability", "postgres"},
                    {"durability", "postgres is not available in this build"});
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

BOOST_AUTO_TEST_SUITE_END()
