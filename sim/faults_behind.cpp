// What goes wrong with the PostgreSQL behind a machine's store.
#include "sim/faults.hpp"

namespace boxoffice::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

moment some(misfortune& m, moment low, moment high) { return m.chance.between(low, high); }

template <class Undo>
void undo_after(misfortune& m, moment wait, Undo undo) {
  m.around.later(
      wait, [&around = m.around, victim = m.victim, undo] { undo(*around.at(victim).postgres()); });
}

void stay_down_for_a_while(misfortune& m) {
  m.around.keep_up(m.victim, some(m, milliseconds(0), milliseconds(200)));
}

// Its process ends, in order or not: what is on its way is there when it comes back, or isn't.
void go_away(misfortune& m) {
  auto& there = *m.machine().postgres();
  there.trouble().away = true;
  there.cut();
  undo_after(m, some(m, milliseconds(10), seconds(m.chance.one_in(4) ? 6 : 2)),
             [](behind& b) { b.trouble().away = false; });
}

void away(misfortune m) { go_away(m); }

void killed(misfortune m) {
  m.machine().postgres()->trouble().fail_next_batch(m.chance.one_in(2) ? batch_fate::in_flight
                                                                       : batch_fate::lost);
  undo_after(m, some(m, milliseconds(0), milliseconds(50)), [](behind& b) { b.cut(); });
}

void cut(misfortune m) { m.machine().postgres()->cut(); }

// The connection breaks within batches that come soon.
void doubt(misfortune m) {
  const auto times = m.chance.between(1, 4);
  for (std::int64_t n = 0; n < times; ++n)
    m.machine().postgres()->trouble().fail_next_batch(m.chance.pick(
        std::vector{batch_fate::lost, batch_fate::done_untold, batch_fate::in_flight}));
}

void refuses(misfortune m) {
  m.machine().postgres()->trouble().fail_next_batch(batch_fate::refused);
}

void slow(misfortune m) {
  m.machine().postgres()->trouble().takes_most = some(m, milliseconds(1), milliseconds(200));
  undo_after(m, some(m, milliseconds(100), seconds(3)),
             [](behind& b) { b.trouble().takes_most = moment(0); });
}

void hangs(misfortune m) {
  m.machine().postgres()->trouble().hang_at_next_call(some(m, milliseconds(200), seconds(6)));
}

// The machine loses its power while PostgreSQL is away.
void both_die(misfortune m) {
  go_away(m);
  stay_down_for_a_while(m);
  const auto wait = some(m, milliseconds(0), milliseconds(300));
  m.around.later(wait, [&around = m.around, victim = m.victim] {
    if (around.now() < around.the_plan().open_for) around.at(victim).crash();
  });
}

// Somebody puts an empty database in its place, which the service takes at its next start.
void emptied(misfortune m) {
  stay_down_for_a_while(m);
  m.machine().crash();
  m.machine().postgres()->empty();
}

void disk_lost(misfortune m) {
  stay_down_for_a_while(m);
  m.machine().lose_disk();
}

} // namespace

const std::vector<fault>& postgres_faults_there_are() {
  static const std::vector<fault> all = {
      {"postgres-away", "PostgreSQL is away for a while", away, 3},
      {"postgres-killed", "PostgreSQL dies within a batch, and is there again", killed, 3},
      {"postgres-cut", "the connections to PostgreSQL break", cut, 4},
      {"postgres-doubt", "batches whose end nobody hears of", doubt, 3},
      {"postgres-refuses", "PostgreSQL refuses a batch for a while", refuses, 1},
      {"postgres-slow", "PostgreSQL takes long", slow, 3},
      {"postgres-hangs", "PostgreSQL stands still for seconds", hangs, 3},
      {"postgres-and-crash", "the power goes while PostgreSQL is away", both_die, 3},
      {"postgres-emptied", "an empty PostgreSQL takes the place of the full one", emptied, 2},
      {"disk-lost", "the store's disk is lost, and made anew of PostgreSQL", disk_lost, 2},
  };
  return all;
}

} // namespace boxoffice::sim
