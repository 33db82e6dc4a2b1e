// A row of what is past that makes no sense is left where it is, and said once; all else goes.
#define BOOST_TEST_MODULE actors.damaged_past
#include "tests/actors/running_service.hpp"
#include "tests/persistence/database.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <thread>
#include <vector>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;

namespace {

struct reports {
  void take(const std::string& text) {
    const std::lock_guard hold(guard);
    said.push_back(text);
  }
  std::vector<std::string> all() {
    const std::lock_guard hold(guard);
    return said;
  }

  std::mutex guard;
  std::vector<std::string> said;
};

} // namespace

BOOST_AUTO_TEST_CASE(an_unreadable_token_holds_back_nobody) {
  const scratch_directory directory;
  std::vector<domain::token_key> tokens;
  {
    running_service before(directory.path());
    before.stock();
    for (const char* user : {"1", "1001", "user1", "user2"}) {
      tokens.push_back(before.enter(user).key);
      before.tell(actors::leave_queue{tokens.back(), {}, {}});
    }
    before.enter("user3"); // behind whom numbers go on
  }
  persistence::test::database(directory.path() / "boxoffice.db")
      .execute("UPDATE token SET expiration_time = replace(expiration_time, ':', '-') "
               "WHERE token_id = (SELECT min(token_id) FROM token)");

  reports heard;
  actors::service_options o;
  o.rules.retention = {20ms, 1h}; // looks back every 5 ms
  o.report = [&heard](bool, const std::string& text) { heard.take(text); };
  running_service running(directory.path(), o);
  running.wait_until_ready();
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  const auto dies_too = running.enter("user4").key;
  running.enter("user5");
  running.tell(actors::leave_queue{dies_too, {}, {}});
  for (const auto key : {tokens[1], tokens[2], tokens[3], dies_too})
    while (code_of(running.tell(actors::read_token{key, {}, {}})) !=
           error_code::queue_token_not_found) {
      BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
      std::this_thread::sleep_for(1ms);
    }
  // Who asks for it hears that, and nobody else.
  BOOST_CHECK(code_of(running.tell(actors::read_token{tokens[0], {}, {}})) ==
              error_code::store_unavailable);
  BOOST_TEST(running.service().ready());
  BOOST_TEST(running.charge("1", 100).minor == 10000);
  BOOST_TEST(running.service().stop(5s));
  const auto said = heard.all();
  BOOST_REQUIRE(said.size() == 1u);
  BOOST_TEST(said[0].find("It is not forgotten, for it can't be read. Token ") == 0u);
}
