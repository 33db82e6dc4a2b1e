// Errands against a server whose every answer is written down here.
#include "rush/errands.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::rush;

namespace {

answer told(int status, std::string code = {}) {
  answer a;
  a.status = status, a.body = "{}", a.code = std::move(code);
  return a;
}

const std::string there = "USER_ALREADY_EXISTS";

request making(std::string key = {}) {
  request r;
  r.method = "POST", r.target = "/v1/users", r.key = std::move(key);
  return r;
}

// Asks for two things, and is done.
errand two_askings(const request& first) {
  return errand([=, turn = 0](const answer*) mutable -> std::optional<request> {
    ++turn;
    if (turn > 2) return std::nullopt;
    return turn == 1 ? first : making("second");
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(errands)

BOOST_AUTO_TEST_CASE(what_an_unanswered_request_made_is_there) {
  auto it = two_askings(making());
  const auto first = it.begin();
  BOOST_REQUIRE(first);
  const auto again = it.hear(first->what, told(0));
  BOOST_REQUIRE(again);
  BOOST_TEST(again->what.target == first->what.target);
  const auto next = it.hear(again->what, told(409, there));
  BOOST_REQUIRE(next);
  BOOST_TEST(next->what.key == "second");
  BOOST_TEST(!it.hear(next->what, told(200)));
  BOOST_TEST(it.trouble() == "");
}

BOOST_AUTO_TEST_CASE(a_conflict_at_the_first_asking_is_trouble) {
  auto it = two_askings(making());
  BOOST_TEST(!it.hear(it.begin()->what, told(409, there)));
  BOOST_TEST(it.trouble() != "");
}

BOOST_AUTO_TEST_CASE(another_conflict_is_trouble) {
  auto it = two_askings(making());
  const auto first = it.begin();
  const auto again = it.hear(first->what, told(0));
  BOOST_REQUIRE(again);
  BOOST_TEST(!it.hear(again->what, told(409, "ANOTHER")));
  BOOST_TEST(it.trouble() != "");
}

BOOST_AUTO_TEST_CASE(what_was_asked_again_is_forgotten_with_its_answer) {
  auto it = two_askings(making());
  const auto again = it.hear(it.begin()->what, told(0));
  BOOST_REQUIRE(again);
  const auto next = it.hear(again->what, told(200));
  BOOST_REQUIRE(next);
  BOOST_TEST(!it.hear(next->what, told(409, there)));
  BOOST_TEST(it.trouble() != "");
}

BOOST_AUTO_TEST_SUITE_END()
