// An operator puts performances on offer while people buy, and people wait for their sales to open.
#include "sim/workloads.hpp"

#include "actors/domain/catalogue.hpp"

#include <algorithm>

namespace boxoffice::sim {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

domain::wanted_option some_option(crowd& all) {
  auto& chance = all.chance();
  const auto& sale = all.around().the_plan();
  const auto now = opening_day() + all.around().now();
  domain::wanted_option wanted;
  wanted.concert.value = chance.between(1, sale.concerts);
  wanted.starts_at = opening_day() + hours(chance.between(24, 240));
  wanted.venue = "hall";
  wanted.time_zone = "UTC";
  wanted.zone_offset = domain::duration(0);
  if (chance.one_in(2))
    wanted.sales_open_at = now + chance.between(moment(0), std::max(sale.open_for / 2, moment(1)));
  if (chance.one_in(4))
    wanted.sales_close_at =
        wanted.sales_open_at.value_or(now) + chance.between(milliseconds(50), milliseconds(3000));
  for (const auto* name : {"A", "B", "C"})
    if (wanted.sections.empty() || chance.one_in(2))
      wanted.sections.push_back(
          {name, chance.between(1, 30), domain::money{chance.between(0, 9000)}});
  // What makes no sense, or is of no concert.
  switch (chance.below(12)) {
  case 0: wanted.concert.value = 77; break;
  case 1: wanted.sections.push_back(wanted.sections.front()); break;
  case 2: wanted.starts_at = opening_day(); break;
  default: break;
  }
  return wanted;
}

} // namespace

void put_on_offer(crowd& all, person& who) {
  auto& chance = all.chance();
  if (chance.one_in(6)) return who.ask(actors::create_concert{"another"}, [](const auto&) {});
  const actors::create_option c{some_option(all)};
  const auto site = who.site();
  who.ask(c, [&all, site](const person::answer& a) {
    const auto* made = view_in<actors::option_view>(a);
    if (made == nullptr) return;
    auto& around = all.around();
    auto& dice = all.chance();
    // Some are too early, by a little or by much, and some come when it is over.
    const auto opens_in = made->what.sales_open_at - (opening_day() + around.now());
    for (auto buyers = dice.between(1, 6); buyers > 0; --buyers) {
      manner m;
      m.concert = made->what.concert;
      m.option = made->what.id;
      m.performance = std::make_shared<const domain::concert_option>(made->what);
      m.seats = static_cast<unsigned>(dice.between(1, 3));
      const auto when =
          opens_in + dice.between(moment(-milliseconds(20)), moment(milliseconds(60)));
      around.later(std::max(when, moment(0)), [&all, site, m] { all.start(all.anybody(site), m); });
    }
  });
}

} // namespace boxoffice::sim
