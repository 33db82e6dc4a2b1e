#include "sim/workloads.hpp"

#include <algorithm>

namespace boxoffice::sim {

using std::chrono::milliseconds;

namespace {

enum stream : std::uint64_t { for_crowd = 10, for_sides = 11, for_people = 1000 };

// What most have in common: which concert, how many seats, small ways of their own.
manner usual(crowd& all) {
  auto& chance = all.chance();
  const auto& sale = all.around().the_plan();
  manner m;
  m.concert.value = chance.between(1, sale.concerts);
  // Mostly the performance that everybody wants.
  const auto nth = chance.percent(80) ? 0 : chance.between(0, sale.options - 1);
  m.option.value = (m.concert.value - 1) * sale.options + 1 + nth;
  m.seats = static_cast<unsigned>(chance.between(1, 3));
  m.pays_at_desk = chance.one_in(5);
  m.priority = static_cast<std::int32_t>(chance.below(3));
  m.tries_while_waiting = chance.one_in(6);
  return m;
}

void rush(crowd& all, person& who) { all.start(who, usual(all)); }

void refresh_storm(crowd& all, person& who) {
  auto m = usual(all);
  m.refreshes = static_cast<unsigned>(all.chance().between(3, 15));
  all.start(who, m);
}

void double_submit(crowd& all, person& who) {
  auto m = usual(all);
  m.presses = static_cast<unsigned>(all.chance().between(2, 4));
  all.start(who, m);
}

void abandoned_cart(crowd& all, person& who) {
  auto m = usual(all);
  m.leaves_queue = all.chance().one_in(3);
  m.leaves_cart = true;
  all.start(who, m);
}

void scalper(crowd& all, person& who) {
  auto m = usual(all);
  m.seats = static_cast<unsigned>(all.chance().between(1, 5));
  m.bookings = static_cast<unsigned>(all.chance().between(2, 6));
  m.two_windows = all.chance().one_in(2);
  m.presses = static_cast<unsigned>(all.chance().between(1, 2));
  all.start(who, m);
}

void crossing(crowd& all, person& who) {
  auto m = usual(all);
  m.option.value = (m.concert.value - 1) * all.around().the_plan().options + 1;
  m.seats = static_cast<unsigned>(all.chance().between(2, 4));
  m.same_seats_as_all = true;
  m.leaves_cart = all.chance().one_in(2); // so that the seats come back
  all.start(who, m);
}

void late_payment(crowd& all, person& who) {
  auto m = usual(all);
  m.pays_late = true;
  m.pays_first = all.chance().one_in(3);
  m.asks_anew = all.chance().one_in(2);
  m.presses = static_cast<unsigned>(all.chance().between(1, 2));
  all.start(who, m);
}

void late_duplicate(crowd& all, person& who) {
  auto m = usual(all);
  m.repeats = true;
  m.asks_anew = all.chance().one_in(3);
  m.pays_first = all.chance().one_in(2);
  all.start(who, m);
}

void best_together(crowd& all, person& who) {
  auto m = usual(all);
  m.together = true;
  m.seats = static_cast<unsigned>(all.chance().between(1, 4));
  m.bookings = static_cast<unsigned>(all.chance().between(1, 2));
  m.leaves_cart = all.chance().one_in(3); // so that seats come back, here and there
  m.keyed = all.chance().one_in(4);
  all.start(who, m);
}

void keyed_retries(crowd& all, person& who) {
  auto m = usual(all);
  m.keyed = true;
  m.presses = static_cast<unsigned>(all.chance().between(1, 3));
  m.bookings = static_cast<unsigned>(all.chance().between(1, 2));
  m.pays_first = all.chance().one_in(3);
  all.start(who, m);
}

// The operator sets lower limits and starts anew.
void lowered_limits(crowd& all, person& who) {
  auto& around = all.around();
  const auto site = who.site();
  if (!around.at(site).up() || !all.chance().one_in(10)) return rush(all, who);
  around.reached().reached("workload: limits were lowered");
  around.lower_limits(site);
  around.at(site).begin_stop();
}

} // namespace

const std::vector<workload>& all_workloads() {
  static const std::vector<workload> all = {
      {"rush", "everybody wants seats at the same moment", rush},
      {"refresh-storm", "people ask for their place in the queue over and over", refresh_storm},
      {"double-submit", "every button is pressed several times at once", double_submit},
      {"abandoned-cart", "seats are held and never paid, places are left", abandoned_cart},
      {"scalper", "one person books again and again, up to the limits and past them", scalper},
      {"crossing", "several seats each, of the same few, in every order", crossing},
      {"late-payment", "payments about when the hold runs out", late_payment},
      {"late-duplicate", "all requests of a visit come again, seconds later", late_duplicate},
      {"lowered-limits", "the operator starts anew with lower limits", lowered_limits},
      {"mistakes", "what does not exist, belongs to others, or makes no sense", make_mistake},
      {"new-options", "an operator puts performances on offer while people buy", put_on_offer},
      {"keyed-retries", "changes by keys, sent again as they were and with other bodies",
       keyed_retries},
      {"best-together", "whichever seats are best, side by side, while others pick theirs",
       best_together},
      {"accounts", "users come and go, balances are set right, readers page through the past",
       look_after_accounts},
  };
  return all;
}

crowd::crowd(world& around)
    : world_(around),
      chance_(around.chance(for_crowd)),
      side_chance_(around.chance(for_sides)),
      heard_(around.sites()) {
  const auto& sale = world_.the_plan();
  auto seeds = world_.chance(for_people);
  for (std::size_t site = 0; site < world_.sites(); ++site)
    for (unsigned n = 1; n <= sale.users; ++n) {
      const auto from = outside + static_cast<host>(people_.size());
      const auto patience = chance_.between(milliseconds(100), milliseconds(5000));
      people_.emplace_back(world_, site, user_name(n), from, seeds.stream(from), patience);
    }
}

person& crowd::anybody() {
  return people_[static_cast<std::size_t>(chance_.below(people_.size()))];
}

person& crowd::anybody(std::size_t site) {
  const auto users = people_.size() / world_.sites();
  return people_[site * users + static_cast<std::size_t>(chance_.below(users))];
}

person& crowd::anybody_beside() {
  return people_[static_cast<std::size_t>(side_chance_.below(people_.size()))];
}

void crowd::start(person& who, const manner& how) {
  std::make_shared<visit>(who, how, heard_[who.site()])->begin();
}

void crowd::come() {
  const auto& sale = world_.the_plan();
  std::vector<const workload*> on;
  for (const auto& w : all_workloads())
    if (std::find(sale.workloads.begin(), sale.workloads.end(), w.name) != sale.workloads.end())
      on.push_back(&w);
  come_beside();
  if (on.empty()) return;
  for (unsigned n = 0; n < sale.acts; ++n) {
    const auto* w = chance_.pick(on);
    // A third comes when the sale opens, the others as long as it lasts.
    const auto when = chance_.one_in(3) ? chance_.between(milliseconds(0), milliseconds(20))
                                        : chance_.between(moment(0), sale.open_for);
    world_.later(when, [this, w] {
      world_.reached().reached(std::string("workload: ") + w->name);
      w->begin(*this, anybody());
    });
  }
}

void crowd::come_beside() {
  const auto& sale = world_.the_plan();
  for (const auto& w : side_workloads()) {
    if (std::find(sale.workloads.begin(), sale.workloads.end(), w.name) == sale.workloads.end())
      continue;
    for (auto times = side_chance_.between(10, 60); times > 0; --times)
      world_.later(side_chance_.between(moment(0), sale.open_for), [this, &w] {
        world_.reached().reached(std::string("workload: ") + w.name);
        w.begin(*this, anybody_beside());
      });
  }
}

} // namespace boxoffice::sim
