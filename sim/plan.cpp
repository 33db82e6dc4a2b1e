#include "sim/plan.hpp"

#include "sim/faults.hpp"
#include "sim/random.hpp"
#include "sim/workloads.hpp"

#include <algorithm>
#include <array>

namespace boxoffice::sim {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// Each part on in about half of the runs, so that no part hides another for ever.
template <class Part>
void add_some_of(const std::vector<Part>& all, random& chance, unsigned percent,
                 std::vector<std::string>& names) {
  for (const auto& part : all)
    if (chance.percent(percent)) names.push_back(part.name);
}

constexpr std::uint64_t keys_stream = 40, past_stream = 41, postgres_stream = 42;

std::size_t some(random& chance, std::int64_t low, std::int64_t high) {
  return static_cast<std::size_t>(chance.between(low, high));
}

actors::rules draw_rules(random chance) {
  actors::rules r;
  r.queue.active_limit = chance.one_in(5) ? 1 : some(chance, 2, 20);
  r.queue.admit_per_second = some(chance, 2, 60);
  r.queue.active_ttl = chance.between(milliseconds(200), seconds(3));
  r.queue.abandon_after = chance.between(milliseconds(400), seconds(8));
  r.queue.honour_client_priority = chance.one_in(3);
  r.booking.hold_for = chance.between(milliseconds(30), seconds(3));
  r.booking.max_seats = some(chance, 3, 6);
  r.booking.max_seats_per_user = some(chance, 4, 9);
  r.wallet.max_charge = domain::points(chance.between(1'000, 5'000));
  r.wallet.max_balance = domain::points(chance.between(5'000, 8'000));
  r.wallet.double_submit_window = chance.between(milliseconds(0), milliseconds(1500));
  r.booking.max_holds_per_user = some(chance, 2, 6);
  return r;
}

// Half of the nodes have none; of the others half tell nobody what it lacks.
postgres_plan draw_postgres(random& chance) {
  postgres_plan p;
  p.exists = chance.one_in(2);
  p.answers_wait = chance.one_in(2);
  p.from_the_first = chance.one_in(2);
  p.max_backlog = chance.one_in(2) ? chance.between(20, 200) : 1'000'000;
  p.batch = chance.one_in(2) ? some(chance, 20, 100) : 2'000;
  p.latency_low = chance.between(moment(10), moment(300));
  // Where little may be lacking it must be quick, or changes are refused though nothing is wrong.
  const bool may_lag = p.max_backlog > 1'000 && chance.one_in(2);
  p.latency_high = p.latency_low + chance.between(moment(0), milliseconds(may_lag ? 40 : 2));
  return p;
}

actors::rules lower(actors::rules r) {
  r.queue.active_limit = std::max<std::size_t>(r.queue.active_limit / 2, 1);
  r.queue.admit_per_second = std::max<std::size_t>(r.queue.admit_per_second / 2, 1);
  r.booking.max_seats = std::max<std::size_t>(r.booking.max_seats / 2, 2);
  r.booking.max_seats_per_user = std::max<std::size_t>(r.booking.max_seats_per_user / 2, 2);
  r.booking.max_holds_per_user = std::max<std::size_t>(r.booking.max_holds_per_user / 2, 1);
  r.wallet.max_charge = domain::money{r.wallet.max_charge.minor / 2};
  r.wallet.max_balance = domain::money{r.wallet.max_balance.minor / 2};
  return r;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
  return text.empty() ? "none" : text;
}

} // namespace

std::string name_of(const postgres_plan& p) {
  if (!p.exists) return "none";
  return p.answers_wait ? "postgres" : "local";
}

plan make_plan(std::uint64_t seed, const plan_overrides& fixed) {
  plan p;
  p.seed = seed;
  const random origin(seed ^ 0x5EED);
  auto size = origin.stream(1), workloads = origin.stream(2), faults = origin.stream(3),
       pace = origin.stream(4);

  p.nodes = size.percent(85) ? 1 : static_cast<unsigned>(size.between(2, 3));
  p.users = static_cast<unsigned>(size.between(4, 24));
  p.acts = static_cast<unsigned>(size.between(60, 220));
  p.concerts = static_cast<int>(size.between(1, 2));
  p.options = static_cast<int>(size.between(1, 3));
  p.seats = static_cast<int>(size.between(8, 60));
  p.rules = draw_rules(origin.stream(5));
  auto laying = origin.stream(6);
  p.rules.catalogue.seats_a_step = static_cast<int>(laying.between(1, 12));
  p.rules.catalogue.pause_between_steps = laying.between(moment(0), milliseconds(20));
  auto keys = origin.stream(keys_stream);
  p.rules.requests.keep_for =
      keys.one_in(3) ? keys.between(milliseconds(100), seconds(4)) : domain::duration(hours(24));
  // A token is kept for longer than the second in which the rate counts its admission, as every
  // setting has it.
  auto past = origin.stream(past_stream);
  if (past.one_in(2))
    p.rules.retention = {past.between(milliseconds(1100), seconds(4)),
                         past.between(milliseconds(100), seconds(4))};
  p.lowered = lower(p.rules);

  add_some_of(all_workloads(), workloads, 45, p.workloads);
  if (p.workloads.empty()) p.workloads = {"rush"};
  for (const auto& side : side_workloads()) {
    auto sides = origin.stream(100 + static_cast<std::uint64_t>(&side - &side_workloads().front()));
    if (sides.one_in(4)) p.workloads.push_back(side.name);
  }
  // One run in six is a fair day, and shows what is wrong without any fault.
  auto behind = origin.stream(postgres_stream);
  p.postgres = draw_postgres(behind);
  if (fixed.postgres) {
    p.postgres.exists = *fixed.postgres != "none";
    p.postgres.answers_wait = *fixed.postgres == "postgres";
  }
  if (!faults.one_in(6)) {
    const auto percent = static_cast<unsigned>(faults.between(5, 45));
    add_some_of(all_faults(), faults, percent, p.faults);
    if (p.postgres.exists) add_some_of(postgres_faults_there_are(), behind, percent, p.faults);
  }

  p.open_for = pace.between(milliseconds(500), seconds(10));
  p.chosen =
      std::array{order::any, order::any, order::mostly_oldest, order::mostly_newest}[pace.below(4)];
  p.step_takes_most = pace.between(moment(0), moment(60));
  p.latency_low = pace.between(moment(10), moment(500));
  p.latency_high = p.latency_low + pace.between(moment(0), milliseconds(20));
  p.max_group = some(pace, 1, pace.one_in(2) ? 4 : 512);
  // Short, so that entities leave memory and come back in the midst of things.
  p.idle_after = milliseconds(pace.one_in(3) ? pace.between(4, 40) : pace.between(40, 3000));

  if (fixed.nodes) p.nodes = *fixed.nodes;
  if (fixed.users) p.users = *fixed.users;
  if (fixed.acts) p.acts = *fixed.acts;
  if (fixed.workloads) p.workloads = *fixed.workloads;
  if (fixed.faults) p.faults = *fixed.faults;
  return p;
}

std::string replay_flags(const plan& p) {
  const auto fresh = make_plan(p.seed);
  auto text = "--seed " + std::to_string(p.seed);
  if (p.nodes != fresh.nodes) text += " --nodes " + std::to_string(p.nodes);
  if (p.users != fresh.users) text += " --users " + std::to_string(p.users);
  if (p.acts != fresh.acts) text += " --acts " + std::to_string(p.acts);
  if (p.workloads != fresh.workloads) text += " --workloads " + joined(p.workloads);
  if (name_of(p.postgres) != name_of(fresh.postgres)) text += " --postgres " + name_of(p.postgres);
  if (p.faults != fresh.faults) text += " --faults " + joined(p.faults);
  return text;
}

domain::time_point opening_day() { return domain::from_calendar({{2026, 7, 3}, 10, 0, 0, 0}); }

domain::user_id user_name(unsigned number) { return {"user" + std::to_string(number)}; }

domain::events first_facts(const plan& p) {
  domain::events facts;
  const auto opening = opening_day();
  const bool all_late =
      std::find(p.workloads.begin(), p.workloads.end(), sale_opening) != p.workloads.end();
  std::int64_t seat = 1, option = 1;
  for (int c = 1; c <= p.concerts; ++c) {
    facts.push_back(domain::concert_created{{{c}, "concert" + std::to_string(c), opening}});
    for (int n = 1; n <= p.options; ++n) {
      domain::concert_option o;
      o.id.value = option++;
      o.concert.value = c;
      o.starts_at = opening + hours(24 * n);
      o.venue = "hall";
      o.time_zone = "UTC";
      o.local_date = domain::to_calendar(o.starts_at).date;
      o.sales_open_at = n == 2 || all_late ? opening + p.open_for / 3 : opening - hours(1);
      o.sales_close_at = n == 3 ? opening + p.open_for / 2 : o.starts_at;
      const int front = std::max(p.seats / 2, 1);
      o.sections = {{"A", {seat}, front, domain::points(100)},
                    {"B", {seat + front}, std::max(p.seats - front, 1), domain::money{7550}}};
      seat += o.seat_count();
      facts.push_back(domain::option_created{std::move(o)});
    }
  }
  for (unsigned n = 1; n <= p.users; ++n) {
    const auto id = user_name(n);
    facts.push_back(domain::user_created{{id, "name of " + id.value, ""}, {n}, opening});
  }
  return facts;
}

} // namespace boxoffice::sim
