// What operators and users do to a queue, in many orders of events, with crashes in between.
#define BOOST_TEST_MODULE actors.queue_scenes
#include "tests/actors/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;
using domain::token_status;

namespace {

constexpr int orders = 20;

void one_at_a_time(actors::rules& rules) { rules.queue.active_limit = 1; }

domain::token_view token_in(stage& s, const stage::answer& a) {
  return std::get<domain::token_view>(s.wait_for(a));
}
domain::queue_view queue_in(stage& s, const stage::answer& a) {
  return std::get<domain::queue_view>(s.wait_for(a));
}
domain::queue_view pause(stage& s, bool so) {
  return queue_in(s, s.asks("user8", actors::configure_queue{{1}, {{}, {}, so}}));
}
domain::token_view look(stage& s, domain::token_key key) {
  return token_in(s, s.asks("user8", actors::read_token{key, {}, {}}));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_pause_outlives_a_crash_and_ends_in_order) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    BOOST_TEST(pause(s, true).paused);
    const auto first = s.enter("user1"), second = s.enter("user2");
    BOOST_TEST((first.position == 1u && second.position == 2u));
    BOOST_CHECK(!first.eta);
    s.crash();
    s.start();
    BOOST_TEST(queue_in(s, s.asks("user8", actors::read_queue{{1}})).paused);
    BOOST_CHECK(look(s, first.key).status == token_status::waiting);
    BOOST_TEST(!pause(s, false).paused);
    BOOST_CHECK(look(s, first.key).status == token_status::processing);
    BOOST_CHECK(look(s, second.key).status == token_status::processing);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_token_answers_to_its_name_alone_dead_or_alive) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, one_at_a_time);
    const auto first = s.enter("user1"), second = s.enter("user2");
    BOOST_TEST((first.fresh && second.fresh && !s.enter("user2").fresh));
    const auto of = [&](const std::string& user, domain::token_key key) {
      return s.asks(user, actors::read_token{key, domain::user_id{user}, {}});
    };
    BOOST_TEST(token_in(s, of("user2", second.key)).position == 1u);
    BOOST_CHECK(s.refusal(of("user1", second.key)) == error_code::forbidden);
    BOOST_CHECK(s.refusal(of("user1", domain::make_token_key(1, 2))) ==
                error_code::queue_token_not_found);

    const auto left =
        token_in(s, s.asks("user1", actors::leave_queue{first.key, domain::user_id{"user1"}, {}}));
    BOOST_CHECK(left.status == token_status::expired);
    BOOST_CHECK(token_in(s, of("user2", second.key)).status == token_status::processing);
    for (const bool crashes : {false, true}) {
      if (crashes) s.crash();
      if (crashes) s.start();
      const auto dead = token_in(s, of("user1", first.key));
      BOOST_CHECK(dead.status == token_status::expired);
      BOOST_CHECK((dead.user.value == "user1" && dead.admitted_at == first.admitted_at));
      BOOST_CHECK(s.refusal(of("user2", first.key)) == error_code::forbidden);
      BOOST_CHECK(token_in(s, s.asks("user1", actors::leave_queue{first.key, {}, {}})).status ==
                  token_status::expired);
    }
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(who_leaves_the_line_is_passed_by_the_others) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, one_at_a_time);
    s.enter("user1");
    const auto second = s.enter("user2"), third = s.enter("user3");
    token_in(s, s.asks("user2", actors::leave_queue{second.key, {}, {}}));
    BOOST_TEST(look(s, third.key).position == 1u);
    const auto again = s.enter("user2");
    BOOST_TEST((again.key != second.key && again.position == 2u));
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_priority_outlives_a_crash) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, one_at_a_time);
    s.enter("user1");
    const auto second = s.enter("user2"), third = s.enter("user3");
    const auto moved = token_in(s, s.asks("user8", actors::prioritize_token{third.key, 5, {}}));
    BOOST_TEST((moved.position == 1u && moved.priority == 5));
    s.crash();
    s.start();
    BOOST_TEST(look(s, third.key).position == 1u);
    BOOST_TEST(look(s, second.key).position == 2u);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(lower_limits_expel_nobody) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    const auto first = s.enter("user1"), second = s.enter("user2");
    const auto set = queue_in(
        s, s.asks("user8", actors::configure_queue{{1}, {std::optional<std::size_t>(1), {}, {}}}));
    BOOST_TEST((set.active_limit == 1u && set.processing == 2u));
    BOOST_CHECK(look(s, first.key).status == token_status::processing);
    const auto third = s.enter("user3");
    BOOST_TEST(third.position == 1u);
    token_in(s, s.asks("user1", actors::leave_queue{first.key, {}, {}}));
    BOOST_TEST(look(s, third.key).position == 1u);
    token_in(s, s.asks("user2", actors::leave_queue{second.key, {}, {}}));
    BOOST_CHECK(look(s, third.key).status == token_status::processing);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(one_question_follows_a_whole_crowd) {
  stage s(1, one_at_a_time);
  const auto first = s.enter("user1"), second = s.enter("user2");
  const actors::watch_tokens all{{1}, {second.key, domain::make_token_key(1, 2), first.key}};
  const auto seen = std::get<actors::tokens_view>(s.wait_for(s.asks("user8", all))).tokens;
  BOOST_TEST_REQUIRE(seen.size() == 3u);
  BOOST_TEST((seen[0].key == second.key && seen[0].position == 1u));
  BOOST_CHECK(seen[1].status == token_status::expired);
  BOOST_CHECK(seen[2].status == token_status::processing);
  s.finish();
}

// It is answered as a reader of it is.
BOOST_AUTO_TEST_CASE(a_dead_token_is_not_moved) {
  under_seeds(20, [](std::uint64_t seed) {
    stage s(seed);
    const auto first = s.enter("user1");
    s.wait_for(s.asks("user1", actors::leave_queue{first.key, {}, {}}));
    const auto moved = token_in(s, s.asks("user8", actors::prioritize_token{first.key, 5, {}}));
    BOOST_CHECK(moved.status == domain::token_status::expired);
    BOOST_TEST(moved.priority == 0);
    const auto read = token_in(s, s.asks("user1", actors::read_token{first.key, {}, {}}));
    BOOST_TEST((read.status == moved.status && read.priority == 0));
    s.finish();
  });
}
