// How long somebody is told to wait, against how long it takes.
#include "tests/domain/queue_scene.hpp"

#include <cmath>
#include <map>
#include <set>

namespace boxoffice::domain::test {

namespace {

using std::chrono::seconds;

} // namespace

BOOST_AUTO_TEST_SUITE(queue_estimate_rules)

BOOST_AUTO_TEST_CASE(where_there_is_room_the_rate_alone_decides) {
  queue_scene s;
  s.rules.active_limit = 10'000;
  s.rules.admit_per_second = 10;
  s.enter_many(1, 100);
  BOOST_TEST(s.eta(10)->count() == 0); // admitted
  BOOST_TEST(s.eta(11)->count() == 1);
  BOOST_TEST(s.eta(20)->count() == 1);
  BOOST_TEST(s.eta(21)->count() == 2);
  BOOST_TEST(s.eta(100)->count() == 9);
}

BOOST_AUTO_TEST_CASE(before_a_sale_opens_the_wait_counts_from_then) {
  queue_scene s;
  s.rules.active_limit = 10'000;
  s.rules.admit_per_second = 10;
  s.admits_from = seconds_past(60);
  s.enter_many(1, 100);
  BOOST_TEST(s.eta(1)->count() == 60);
  BOOST_TEST(s.eta(10)->count() == 60);
  BOOST_TEST(s.eta(11)->count() == 61);
  BOOST_TEST(s.eta(100)->count() == 69);
  BOOST_TEST(s.eta(100, seconds_past(59))->count() == 10);
}

BOOST_AUTO_TEST_CASE(nobody_can_tell_while_nobody_is_admitted) {
  queue_scene s;
  s.rules.active_limit = 1;
  s.enter_many(1, 2);
  s.pause();
  BOOST_TEST(!s.eta(2));
  BOOST_TEST(s.eta(1)->count() == 0);
  s.pause(false);
  BOOST_TEST(s.eta(2).has_value());
  s.configure({std::optional<std::size_t>(0), {}, {}});
  BOOST_TEST(!s.eta(2));
  s.configure({std::optional<std::size_t>(1), std::optional<std::size_t>(0), {}});
  BOOST_TEST(!s.eta(2));
}

BOOST_AUTO_TEST_CASE(as_long_as_nobody_left_the_bound_is_the_end_of_those_who_are_in) {
  queue_scene s;
  s.rules.active_limit = 2;
  s.rules.active_ttl = seconds(100);
  s.enter(1);
  s.enter(2, seconds_past(10));
  s.enter_many(3, 6, seconds_past(10));
  BOOST_TEST(s.eta(3, seconds_past(10))->count() == 50); // one of two, whose mean is unknown yet
  BOOST_TEST(s.eta(3, seconds_past(99))->count() == 1);
  for (std::uint64_t n = 3; n <= 6; ++n)
    BOOST_TEST(s.eta(n, seconds_past(10))->count() <= 100 * static_cast<int>((n - 1) / 2));
}

BOOST_AUTO_TEST_CASE(an_estimate_follows_those_who_pay_sooner_than_they_must) {
  queue_scene s;
  s.rules.active_limit = 10;
  s.rules.active_ttl = seconds(300);
  s.enter_many(1, 200);
  for (std::uint64_t n = 1; n <= 60; ++n) { // one place comes free every two seconds
    const auto now = seconds_past(static_cast<std::int64_t>(2 * n));
    s.release(n, now);
    s.turn(now);
  }
  const auto eta = s.eta(120, seconds_past(120))->count(); // 50 are before it
  BOOST_TEST((eta >= 80 && eta <= 130), "it takes 100 s, the estimate is " << eta);
}

// Places are kept for times that differ as people do; most waits are told within a third.
BOOST_AUTO_TEST_CASE(most_of_a_crowd_is_told_about_how_long_it_waits) {
  // One crowd in a hundred is told badly: those who hold places happen to be unlike those before
  // them. So they are judged together.
  std::size_t near = 0, judged = 0;
  play(20, [&](dice& d) {
    queue_scene s;
    s.rules.active_limit = 50;
    s.rules.active_ttl = seconds(300);
    std::map<std::uint64_t, time_point> told; // when each will be admitted
    const auto asked_at = seconds_past(200);
    std::multimap<time_point, std::uint64_t> leaving;
    std::uint64_t come = 0;
    const auto admit = [&](const events& facts, time_point now) {
      for (const auto& e : facts) {
        const auto* a = std::get_if<token_admitted>(&e);
        if (a == nullptr) continue;
        const auto n = a->token.low;
        const auto mean = 40.0;
        const auto stay = std::min(280.0, -mean * std::log(1.0 - d.between(0, 9999) / 10'000.0));
        leaving.insert({now + std::chrono::milliseconds(std::int64_t(stay * 1000)), n});
        if (const auto then = told.find(n); then != told.end()) {
          ++judged;
          const auto waited = now - asked_at;
          near += std::chrono::abs(now - then->second) <= waited / 3 + seconds(5) ? 1 : 0;
          told.erase(then);
        }
      }
    };
    for (int t = 0; t < 900; ++t) {
      const auto now = seconds_past(t);
      while (!leaving.empty() && leaving.begin()->first <= now) {
        s.release(leaving.begin()->second, now);
        leaving.erase(leaving.begin());
      }
      admit(s.turn(now), now);
      if (t < 400)
        for (int i = 0; i < 2; ++i) admit(s.enter(++come, now), now);
      if (now == asked_at)
        for (std::uint64_t n = 1; n <= come; ++n)
          if (!s.gone(n) && s.position(n) > 0) {
            s.q.polled(key(n), now);
            told[n] = now + *s.eta(n, now);
          }
    }
  });
  BOOST_TEST(judged > 1000u);
  BOOST_TEST(near * 100 >= judged * 80, near << " of " << judged << " were told well enough");
}

BOOST_AUTO_TEST_CASE(pollers_are_spread_and_never_taken_for_abandoned) {
  queue_rules rules;
  std::map<std::int64_t, int> at;
  for (std::uint64_t n = 1; n <= 10'000; ++n)
    ++at[poll_after(key(n), seconds(1000), rules).count()];
  BOOST_TEST((at.begin()->first >= 15 && at.rbegin()->first <= 30));
  for (const auto& [when, how_many] : at) BOOST_TEST(how_many < 1500, how_many << " at " << when);

  rules.abandon_after = seconds(12);
  for (std::uint64_t n = 1; n <= 100; ++n) {
    BOOST_TEST((poll_after(key(n), seconds(1000), rules) <= seconds(4)));
    BOOST_TEST((poll_after(key(n), std::nullopt, rules) <= seconds(4)));
    BOOST_TEST((poll_after(key(n), seconds(2), rules) <= seconds(2)));
    BOOST_TEST((poll_after(key(n), seconds(1), rules) == seconds(1)));
    BOOST_TEST((poll_after(key(n), seconds(9), rules) == poll_after(key(n), seconds(9), rules)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
