// People who ask for what does not exist, belongs to others, or makes no sense.
#include "sim/workloads.hpp"

#include "actors/domain/concert.hpp"

namespace boxoffice::sim {

namespace {

using actors::command;

actors::pay_booking payment_of(const hearsay::item& what, const domain::user_id& payer) {
  actors::pay_booking p;
  p.booking = what.booking.id;
  p.concert = what.booking.concert;
  p.claim.user = payer;
  p.claim.token = what.token;
  return p;
}

// Needs no booking to meddle with; one whose token may still be good makes the mistakes behind the
// queue's door possible.
command plain_mistake(crowd& all, person& who, const hearsay::item* heard) {
  auto& chance = all.chance();
  const auto& sale = all.around().the_plan();
  const auto me = who.name();
  const domain::user_id nobody{"nobody"};
  const domain::concert_id no_concert{77};
  const domain::option_id here{1}, nowhere{777};
  actors::create_booking booking{here, me, {1, 1}, {{"A", 1}}, {}};
  if (heard != nullptr) {
    booking.option = heard->booking.option;
    booking.user = heard->booking.user;
    booking.token = heard->token;
  }
  switch (chance.below(14)) {
  case 0: return actors::read_wallet{nobody};
  case 1: return actors::charge_wallet{nobody, domain::points(1)};
  case 2: return actors::enter_queue{no_concert, me, 0};
  case 3: return actors::enter_queue{{1}, nobody, 0};
  case 4: booking.option = nowhere; return booking;
  case 5: booking.seats = {{"Z", 1}}; return booking;
  case 6: booking.seats = {{"A", 1}, {"A", 1}}; return booking;
  case 7: booking.seats = {}; return booking;
  case 8:
    for (int n = 1; n <= static_cast<int>(sale.rules.booking.max_seats); ++n)
      booking.seats.push_back({"B", n});
    return booking;
  case 9: booking.token = domain::make_token_key(chance.next(), chance.next()); return booking;
  case 10: return actors::charge_wallet{me, {0}};
  case 11: return actors::charge_wallet{me, sale.rules.wallet.max_charge + domain::money{1}};
  case 12: return actors::charge_wallet{me, sale.rules.wallet.max_charge};
  default: return actors::pay_pending{here, me, domain::points(1)};
  }
}

// A booking, paid with its owner's token for another concert; nothing when nobody has such a one.
std::optional<command> foreign_token(const std::vector<hearsay::item>& heard,
                                     const hearsay::item& what) {
  for (const auto& other : heard) {
    if (other.booking.user != what.booking.user || other.booking.concert == what.booking.concert)
      continue;
    auto p = payment_of(what, what.booking.user);
    p.claim.token = other.token;
    p.concert = other.booking.concert;
    return p;
  }
  return std::nullopt;
}

// With somebody's booking at hand.
command meddling(crowd& all, person& who, const hearsay::item& what) {
  auto& chance = all.chance();
  auto p = payment_of(what, chance.one_in(2) ? who.name() : what.booking.user);
  switch (chance.below(8)) {
  case 0: return p;
  case 1: p.booking.value += chance.between(1, 3); return p;
  case 2: p.claim.seats = {{"A", 1}, {"B", 1}}; return p;
  case 3: p.claim.concert = p.concert = {77}; return p;
  case 4: p.claim.token = domain::make_token_key(chance.next(), chance.next()); return p;
  case 5:
    return actors::create_booking{what.booking.option, who.name(), what.token, {{"A", 2}}, {}};
  case 6: return actors::pay_pending{what.booking.option, what.booking.user, domain::points(3)};
  default: return actors::pay_pending{what.booking.option, what.booking.user, what.booking.total};
  }
}

} // namespace

void make_mistake(crowd& all, person& who) {
  const auto& heard = all.heard(who.site()).bookings;
  const auto ignore = [](const person::answer&) {};
  const auto times = static_cast<unsigned>(all.chance().between(1, 3));
  for (unsigned n = 0; n < times; ++n) {
    if (heard.empty() || all.chance().one_in(2)) {
      who.ask(plain_mistake(all, who, heard.empty() ? nullptr : &heard.back()), ignore);
      continue;
    }
    const auto foreign = foreign_token(heard, heard.back());
    if (foreign && all.chance().one_in(2))
      who.ask(*foreign, ignore);
    else
      who.ask(meddling(all, who, all.chance().pick(heard)), ignore);
  }
}

} // namespace boxoffice::sim
