// What is done to queues: by operators, who set them up and order those who wait, and by people who
// look after their tokens and leave.
#include "sim/workloads.hpp"

namespace boxoffice::sim {

using std::chrono::milliseconds;

namespace {

void tell(person& who, const actors::command& c) {
  who.ask(c, [](const person::answer&) {});
}

domain::concert_id some_concert(crowd& all) {
  return {all.side_chance().between(1, all.around().the_plan().concerts)};
}

// A token that was given to somebody, or now and then none at all.
domain::token_view some_token(crowd& all, const person& who) {
  auto& chance = all.side_chance();
  const auto& heard = all.heard(who.site()).tokens;
  if (!heard.empty() && !chance.one_in(12)) return chance.pick(heard);
  domain::token_view none;
  none.key = domain::make_token_key(chance.next(), chance.next());
  none.user = who.name();
  return none;
}

void set_limits(crowd& all, person& who) {
  auto& chance = all.side_chance();
  actors::configure_queue c{some_concert(all), {}};
  const auto limit = [&](std::int64_t highest) {
    return chance.one_in(3) ? std::nullopt
                            : std::optional(static_cast<std::size_t>(chance.between(1, highest)));
  };
  if (chance.one_in(2)) c.change.active_limit = limit(12);
  if (!c.change.active_limit || chance.one_in(2)) c.change.admit_per_second = limit(40);
  tell(who, c);
}

void pause(crowd& all, person& who) {
  const auto concert = some_concert(all);
  const auto set = [&who, concert](bool paused) {
    tell(who, actors::configure_queue{concert, {{}, {}, paused}});
  };
  set(true);
  // Should the word be lost, those who wait give up in time.
  who.later(all.side_chance().between(milliseconds(20), milliseconds(1500)), [set] { set(false); });
}

void operate(crowd& all, person& who) {
  auto& chance = all.side_chance();
  switch (chance.below(5)) {
  case 0: return set_limits(all, who);
  case 1: return pause(all, who);
  case 2: return tell(who, actors::read_queue{some_concert(all)});
  default: {
    const auto priority = static_cast<std::int32_t>(chance.between(-2, 4));
    return tell(who, actors::prioritize_token{some_token(all, who).key, priority, {}});
  }
  }
}

void look_after_tokens(crowd& all, person& who) {
  auto& chance = all.side_chance();
  const auto token = some_token(all, who);
  std::optional<domain::user_id> asker;
  if (!chance.one_in(4)) asker = chance.one_in(8) ? who.name() : token.user;
  switch (chance.below(4)) {
  case 0: return tell(who, actors::leave_queue{token.key, asker, {}});
  case 1: {
    actors::watch_tokens all_of_them{some_concert(all), {token.key}};
    for (const auto& other : all.heard(who.site()).tokens) all_of_them.tokens.push_back(other.key);
    return tell(who, all_of_them);
  }
  default: return tell(who, actors::read_token{token.key, asker, {}});
  }
}

// Many come before anything is on sale: the plan sees to that.
void wait_for_opening(crowd& all, person& who) {
  manner m;
  m.concert = some_concert(all);
  m.option.value = (m.concert.value - 1) * all.around().the_plan().options + 1;
  all.start(who, m);
}

} // namespace

const std::vector<workload>& side_workloads() {
  static const std::vector<workload> all = {
      {"queue-operators", "limits, rates and pauses change, tokens get other places", operate},
      {"queue-tokens", "people look at their tokens, and leave", look_after_tokens},
      {"changed-minds", "bookings are given up, paid ones given back, others released",
       change_minds},
      {"called-off", "whole performances are cancelled while they sell", call_off},
      {sale_opening, "everything is on sale only later, and people wait for it", wait_for_opening},
  };
  return all;
}

} // namespace boxoffice::sim
