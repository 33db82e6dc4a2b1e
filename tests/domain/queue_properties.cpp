// Random days of a queue against the naive model (CONTRACT 2, Queue).
#include "tests/domain/queue_model.hpp"
#include "tests/domain/queue_scene.hpp"

namespace boxoffice::domain::test {

namespace {

constexpr std::size_t highest_rate = 6;

queue_rules random_rules(dice& d) {
  queue_rules rules;
  rules.active_limit = d.between<std::size_t>(1, 8);
  rules.admit_per_second = d.between<std::size_t>(1, highest_rate);
  rules.active_ttl = std::chrono::milliseconds(d.between(1, 4000));
  rules.abandon_after = std::chrono::milliseconds(d.between(1, 6000));
  rules.honour_client_priority = d.chance(50);
  return rules;
}

// Which tokens a turn touches, in order.
std::vector<std::pair<std::size_t, token_key>> outline(const events& facts) {
  std::vector<std::pair<std::size_t, token_key>> lines;
  for (const auto& e : facts) {
    if (const auto* x = std::get_if<token_expired>(&e)) lines.push_back({e.index(), x->token});
    if (const auto* a = std::get_if<token_admitted>(&e)) lines.push_back({e.index(), a->token});
  }
  return lines;
}

// A queue, its model and a clock, driven by dice.
class random_day {
public:
  explicit random_day(dice& d) : d_(d), model_(random_rules_of(scene_, d)) {}

  void step() {
    pass_time();
    turn();
    act();
    turn();
    model_.check_nothing_is_due(now_);
    model_.check_agrees(scene_.q, now_);
    check_next_wake();
  }

  // Nobody comes any more: from wake to wake until the queue is empty.
  void drain() {
    scene_.rules.active_limit = std::max<std::size_t>(scene_.rules.active_limit, 1);
    model_.set_active_limit(scene_.rules.active_limit);
    configure({std::optional<std::size_t>(), std::optional<std::size_t>(), false});
    turn();
    // A token takes part in two events at most, and each wake brings one at least.
    for (auto wakes = 2 * model_.live().size(); const auto wake = next_wake_now(); --wakes) {
      require(wakes > 0, "the queue wakes again and again");
      now_ = *wake;
      require(turn() > 0, "a wake brings something to do");
      model_.check_nothing_is_due(now_);
    }
    require(model_.live().empty(), "the queue drains");
    model_.check_every_window(highest_rate);
  }

private:
  static queue_rules random_rules_of(queue_scene& scene, dice& d) {
    return scene.rules = random_rules(d);
  }

  std::optional<time_point> next_wake_now() const { return scene_.wake(now_); }

  void pass_time() {
    const auto wake = next_wake_now();
    switch (d_.between(0, 5)) {
    case 0: break;
    case 1: now_ += tick; break;
    case 2: now_ += std::chrono::milliseconds(d_.between(1, 300)); break;
    case 3: now_ += std::chrono::seconds(1); break;
    case 4: now_ += std::chrono::milliseconds(d_.between(1, 3000)); break;
    case 5: now_ = std::max(now_, wake.value_or(now_)); break;
    }
  }

  // Does what is due, in portions, and checks that portions come to the same as all at once.
  std::size_t turn() {
    const auto at_once = advance(scene_.q, scene_.in_force(), now_, all_of_it);
    events in_portions;
    const auto most = d_.chance(50) ? all_of_it : d_.between<std::size_t>(1, 3);
    for (;;) {
      const auto portion = advance(scene_.q, scene_.in_force(), now_, most);
      require(portion.size() <= most, "a portion is no larger than asked for");
      if (portion.empty()) break;
      observe(portion);
      in_portions.insert(in_portions.end(), portion.begin(), portion.end());
    }
    require(outline(in_portions) == outline(at_once), "portions come to the same");
    return at_once.size();
  }

  void observe(const events& facts) {
    for (const auto& e : facts) model_.observe(e);
    scene_.apply(facts);
  }

  void act() {
    const auto live = model_.live();
    switch (d_.between(0, 12)) {
    case 0: restart(); break;
    case 1: change_limit(); break;
    case 2:
    case 3:
      if (!live.empty()) poll(d_.pick(live));
      break;
    case 4:
      if (!live.empty()) end(d_.pick(live));
      break;
    case 5:
      if (!live.empty()) prioritize(d_.pick(live));
      break;
    case 6: configure(random_change()); break;
    case 7: open_later(); break;
    default: enter(); break;
    }
  }

  void enter() {
    const auto user = user_number(d_.between<std::uint64_t>(1, 40));
    if (scene_.q.find_live(user) != nullptr) return;
    ++tokens_;
    observe(decide_enter(scene_.q, scene_.in_force(), user, key(tokens_),
                         token_id{static_cast<std::int64_t>(tokens_)}, d_.between(-3, 3), now_));
  }
  void poll(token_key who) {
    scene_.q.polled(who, now_);
    model_.polled(who, now_);
  }
  // It is paid, or its user leaves.
  void end(token_key who) {
    model_.paid(who);
    const auto facts = decide_release(scene_.q, who, now_);
    observe(facts);
    require(decide_release(scene_.q, who, now_).empty(), "a token is released once");
  }
  void prioritize(token_key who) {
    observe(decide_priority(scene_.q, who, d_.between(-3, 3), now_));
  }
  queue_change random_change() {
    queue_change change;
    const auto limit = [&](std::size_t low, std::size_t high) {
      return d_.chance(30) ? std::nullopt : std::optional(d_.between(low, high));
    };
    if (d_.chance(40)) change.active_limit = limit(0, 8);
    if (d_.chance(40)) change.admit_per_second = limit(0, highest_rate);
    if (d_.chance(60)) change.paused = d_.chance(50);
    return change;
  }
  void configure(const queue_change& change) {
    const auto admitted = scene_.q.processing();
    observe(decide_configuration(scene_.q, change, now_));
    require(scene_.q.processing() == admitted, "a change of the limits expels nobody");
    require(decide_configuration(scene_.q, change, now_).empty(), "the same again is no change");
  }
  void open_later() {
    scene_.admits_from = now_ + std::chrono::milliseconds(d_.between(0, 3000));
    model_.set_opening(scene_.admits_from);
  }
  void restart() { scene_.q = model_.restarted(now_, d_); }
  void change_limit() {
    scene_.rules.active_limit = d_.between<std::size_t>(0, 8);
    model_.set_active_limit(scene_.rules.active_limit);
  }

  // With nothing due: sleeping until the wake misses nothing, and it is not a busy loop.
  void check_next_wake() {
    const auto wake = next_wake_now();
    require(wake.has_value() == !model_.live().empty(), "somebody's deadline is always ahead");
    if (!wake) return;
    require(*wake > now_, "a wake is ahead when nothing is due");
    const auto before = now_ + duration(d_.between<std::int64_t>(0, (*wake - now_).count() - 1));
    for (const auto asleep : {before, *wake - tick})
      require(advance(scene_.q, scene_.in_force(), asleep, all_of_it).empty(),
              "a wake comes too late");
    require(!advance(scene_.q, scene_.in_force(), *wake, all_of_it).empty(),
            "a wake comes for nothing");
  }

  dice& d_;
  queue_scene scene_;
  queue_model model_;
  time_point now_ = noon;
  std::uint64_t tokens_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(queue_properties)

BOOST_AUTO_TEST_CASE(order_limit_rate_places_and_wakes_hold_on_any_day_and_it_drains) {
  play(150, [](dice& d) {
    random_day day(d);
    for (int i = 0; i < 200; ++i) day.step();
    day.drain();
  });
}

BOOST_AUTO_TEST_CASE(a_rush_is_admitted_as_fast_as_the_rate_allows_and_no_faster) {
  play(5, [](dice& d) {
    queue_scene s;
    s.rules.admit_per_second = d.between<std::size_t>(1, 60);
    s.rules.active_limit = 1000;
    s.enter_many(1, 500);
    auto now = noon;
    while (s.q.waiting() > 0) {
      now = s.wake(now).value();
      s.turn(now);
    }
    const auto full_seconds = (500 - 1) / s.rules.admit_per_second;
    BOOST_TEST(now == seconds_past(static_cast<std::int64_t>(full_seconds)));
  });
}

BOOST_AUTO_TEST_CASE(ten_thousand_who_wait_for_a_sale_go_in_by_the_second_and_in_order) {
  play(2, [](dice& d) {
    queue_scene s;
    s.rules.admit_per_second = d.between<std::size_t>(200, 2000);
    s.rules.active_limit = 100'000;
    s.admits_from = seconds_past(60);
    constexpr std::uint64_t crowd = 10'000;
    s.enter_many(1, crowd);
    BOOST_TEST(s.q.processing() == 0u);
    BOOST_TEST((s.wake(noon) == s.admits_from));
    BOOST_TEST(s.turn(s.admits_from - tick).empty());
    std::uint64_t next = 1;
    while (s.q.waiting() > 0) {
      const auto now = s.wake(s.admits_from).value();
      const auto second = std::chrono::floor<std::chrono::seconds>(now - s.admits_from).count();
      for (const auto& e : s.turn(now)) {
        const auto& admitted = std::get<token_admitted>(e);
        require(admitted.token == key(next), "in the order in which they came");
        require(second == static_cast<std::int64_t>((next - 1) / s.rules.admit_per_second),
                "in its second");
        ++next;
      }
    }
    BOOST_TEST(next == crowd + 1);
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
