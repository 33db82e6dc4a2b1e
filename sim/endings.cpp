// What ends before its time: people give bookings up or back, operators release them, and whole
// performances are called off.
#include "sim/keyed_requests.hpp"
#include "sim/workloads.hpp"

namespace boxoffice::sim {

using std::chrono::milliseconds;

namespace {

void ignore(const person::answer&) {}

// Most press once; some in haste, some by a key and until they know.
void end(crowd& all, person& who, const actors::command& c) {
  auto& chance = all.side_chance();
  const auto presses = static_cast<unsigned>(chance.between(1, 3));
  if (chance.one_in(3))
    insist(who, presses, c, draw_key(who, c), ignore);
  else
    who.press(presses, c, ignore);
}

} // namespace

// Of what was heard of lately: held, being paid, paid, or over by the time that the wish arrives.
void change_minds(crowd& all, person& who) {
  auto& chance = all.side_chance();
  const auto& heard = all.heard(who.site()).bookings;
  if (heard.empty()) return;
  const auto booking = chance.pick(heard).booking;
  if (chance.one_in(4)) {
    end(all, who, actors::release_booking{booking.id, "slip " + std::to_string(chance.below(3))});
    return;
  }
  // The user, whoever is believed, or somebody else.
  std::optional<domain::user_id> asker = booking.user;
  if (chance.one_in(3)) asker.reset();
  if (chance.one_in(8)) asker = who.name();
  who.later(chance.between(milliseconds(0), milliseconds(200)), [&all, &who, booking, asker] {
    end(all, who, actors::cancel_booking{booking.id, asker});
  });
}

// Seldom, or there would be no sale to speak of.
void call_off(crowd& all, person& who) {
  auto& chance = all.side_chance();
  if (!chance.one_in(15)) return;
  const auto& sale = all.around().the_plan();
  const auto last = static_cast<std::int64_t>(sale.concerts) * sale.options;
  actors::cancel_option c{{chance.between(1, last + 1)}, {}}; // perhaps of none
  if (chance.one_in(2)) c.reason = "rain";
  end(all, who, c);
}

} // namespace boxoffice::sim
