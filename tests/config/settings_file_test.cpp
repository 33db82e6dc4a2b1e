#include "config/settings.hpp"
#include "tests/config/support.hpp"

using namespace boxoffice::config;
using namespace boxoffice::config::testing;

BOOST_AUTO_TEST_SUITE(config_file)

BOOST_AUTO_TEST_CASE(a_key_may_carry_its_section_or_stand_below_it) {
  const auto result = from_file("# a comment\n"
                                "; another\n"
                                "http.port = 1\n"
                                "durability = none\n"
                                "\n"
                                "[queue] # of each concert\n"
                                "active_limit=7 ; few\n"
                                "  active_ttl =  2s\r\n"
                                "[http]\n"
                                "workers = 3\n");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(result.values.http.port == 1);
  BOOST_TEST((result.values.durability == durability_mode::none));
  BOOST_TEST(result.values.queue.active_limit == 7U);
  BOOST_TEST((result.values.queue.active_ttl == std::chrono::seconds(2)));
  BOOST_TEST(result.values.http.workers == 3U);
}

BOOST_AUTO_TEST_CASE(values_may_be_quoted) {
  const auto result = from_file("[store]\npath = \"a # b; \\\"c\\\" \\\\d\" # comment\n"
                                "[admin]\ntoken = 'a#b\\c'\n");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(result.values.store.path == "a # b; \"c\" \\d");
  BOOST_TEST(result.values.admin.token == "a#b\\c");
}

BOOST_AUTO_TEST_CASE(a_comment_sign_inside_a_bare_value_belongs_to_it) {
  const auto result = from_file("store.path = a b#c d\n");
  BOOST_TEST(result.errors.empty());
  BOOST_TEST(result.values.store.path == "a b#c d");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_a_missing_last_newline_do_no_harm) {
  BOOST_TEST(from_file("\xEF\xBB\xBFhttp.port = 5").values.http.port == 5);
  BOOST_TEST(from_file("").errors.empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_named_with_its_line_and_a_likely_name) {
  check_error(from_file("\n[http]\nprot = 90\n").errors,
              {"http.prot", "\"90\"", "line 3", "did you mean http.port?"});
  check_error(from_file("colour = blue\n").errors,
              {"colour", "\"blue\"", "line 1", "there is no such setting"});
}

BOOST_AUTO_TEST_CASE(a_wrong_value_is_named_with_its_line) {
  check_error(from_file("http.port = many\n").errors,
              {"http.port", "\"many\"", "line 1", "a whole number from 0 to 65535"});
  check_error(from_file("http.port =\n").errors, {"http.port", "\"\"", "from 0 to 65535"});
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_setting_is_an_error) {
  check_error(from_file("demo\n").errors, {"line 1", "name = value"});
  check_error(from_file("= 5\n").errors, {"line 1", "name = value"});
  check_error(from_file("[http\n").errors, {"line 1", "[http]"});
  check_error(from_file("[]\n").errors, {"line 1", "[http]"});
  check_error(from_file("[http] port = 1\n").errors, {"line 1", "[http]"});
  check_error(from_file("store.path = \"open\n").errors, {"line 1", "store.path", "quotes"});
  check_error(from_file("store.path = \"a\" b\n").errors, {"store.path", "quotes"});
  check_error(from_file("store.path = \"a\\n\"\n").errors, {"store.path", "quotes"});
}

BOOST_AUTO_TEST_CASE(a_key_given_twice_is_an_error) {
  check_error(from_file("http.port = 1\n[http]\nport = 1\n").errors,
              {"line 3", "http.port", "once"});
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_an_error) {
  check_error(resolve("/nowhere/boxoffice.ini", {}, {}).errors,
              {"--config", "/nowhere/boxoffice.ini", "No such file"});
  check_error(resolve("/tmp", {}, {}).errors, {"--config", "/tmp", "directory"});
}

BOOST_AUTO_TEST_CASE(a_secret_stays_out_of_errors) {
  for (const auto* line : {"admin.token = hush hush\n", "admin.tokn = hush\n", "token = hush\n",
                           "admin.token = \"hush\n", "hush\n"}) {
    const auto errors = from_file(line).errors;
    BOOST_REQUIRE_EQUAL(errors.size(), 1U);
    BOOST_TEST(errors.front().find("hush") == std::string::npos, errors.front());
  }
}

BOOST_AUTO_TEST_SUITE_END()
