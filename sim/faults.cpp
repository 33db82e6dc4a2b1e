#include "sim/faults.hpp"

#include <algorithm>
#include <string>

namespace boxoffice::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

enum stream : std::uint64_t { for_faults = 20, for_faults_behind = 21 };

moment some(misfortune& m, moment low, moment high) { return m.chance.between(low, high); }

// Undoes it on the machine after a while.
template <class Undo>
void undo_after(misfortune& m, moment wait, Undo undo) {
  m.around.later(wait, [&around = m.around, victim = m.victim, undo] { undo(around.at(victim)); });
}

// --- the machine

void stay_down_for_a_while(misfortune& m) {
  m.around.keep_up(m.victim,
                   some(m, milliseconds(0), milliseconds(m.chance.one_in(4) ? 3000 : 100)));
}

void crash(misfortune m) {
  stay_down_for_a_while(m);
  m.machine().crash();
}

void restart(misfortune m) {
  stay_down_for_a_while(m);
  m.machine().begin_stop();
}

void pause(misfortune m) {
  if (m.machine().up()) m.around.reached().reached("node: stood still");
  m.machine().pause_until(m.around.now() + some(m, milliseconds(10), seconds(3)));
}

void overload(misfortune m) { m.around.lose_time(some(m, milliseconds(1), seconds(2))); }

void slow_actors(misfortune m) {
  auto& trouble = m.machine().trouble();
  trouble.slow_actors_percent = static_cast<unsigned>(m.chance.between(1, 20));
  trouble.slowness = some(m, milliseconds(1), milliseconds(100));
  undo_after(m, some(m, milliseconds(50), seconds(2)),
             [](site& s) { s.trouble().slow_actors_percent = 0; });
}

void entity_dies(misfortune m) {
  const auto times = m.chance.between(1, 3);
  for (std::int64_t n = 0; n < times; ++n) m.machine().trouble().kill_next_entity();
}

// --- the clock

// Somebody sets the wall clock while the machine is down.
void clock_jump(misfortune m) {
  m.machine().trouble().wall_offset = some(m, -seconds(20), seconds(20));
  crash(m);
}

void clock_skew(misfortune m) {
  m.machine().trouble().wall_offset = some(m, -milliseconds(500), milliseconds(500));
}

// --- the disk

template <commit_fate Fate>
void fail_commit(misfortune m) {
  m.machine().trouble().fail_next_commit(Fate);
  stay_down_for_a_while(m); // some of them take the machine along
}

// The group in doubt meets a crash before anything settles it.
void doubt_and_crash(misfortune m) {
  m.machine().trouble().fail_next_commit(commit_fate::doubtful);
  m.machine().trouble().fail_next_probes(3);
  stay_down_for_a_while(m);
  undo_after(m, some(m, milliseconds(0), milliseconds(200)), [&around = m.around](site& s) {
    if (around.now() < around.the_plan().open_for) s.crash();
  });
}

void full_disk(misfortune m) {
  m.machine().trouble().full = true;
  undo_after(m, some(m, milliseconds(10), seconds(4)), [](site& s) { s.trouble().full = false; });
}

// There is room for a probe and none for a group.
void nearly_full_disk(misfortune m) {
  for (int n = 0; n < 3; ++n) m.machine().trouble().fail_next_commit(commit_fate::lost);
}

void failing_probes(misfortune m) {
  m.machine().trouble().fail_next_commit(commit_fate::lost);
  m.machine().trouble().fail_next_probes(static_cast<int>(m.chance.between(1, 6)));
}

void failing_read(misfortune m) { m.machine().trouble().fail_next_read(read_fate::unavailable); }
// Some time passes until it is mended, and whoever tries again meets it again.
void damaged_row(misfortune m) {
  const auto times = m.chance.between(1, 5);
  for (std::int64_t n = 0; n < times; ++n) m.machine().trouble().fail_next_read(read_fate::damaged);
}

void slow_disk(misfortune m) {
  m.machine().trouble().store_takes_most = some(m, milliseconds(1), milliseconds(60));
  undo_after(m, some(m, milliseconds(100), seconds(3)),
             [](site& s) { s.trouble().store_takes_most = moment(0); });
}

void stalling_disk(misfortune m) {
  auto& trouble = m.machine().trouble();
  trouble.stalls_percent = static_cast<unsigned>(m.chance.between(2, 30));
  trouble.stall = some(m, milliseconds(100), seconds(2));
  undo_after(m, some(m, milliseconds(100), seconds(3)),
             [](site& s) { s.trouble().stalls_percent = 0; });
}

// --- the network

template <class Worsen>
void bad_weather(misfortune& m, Worsen worsen) {
  worsen(m.around.net().weather);
  undo_after(m, some(m, milliseconds(50), seconds(2)),
             [&around = m.around](site&) { around.net().weather = {}; });
}

void packet_loss(misfortune m) {
  bad_weather(m, [&](auto& w) { w.loss_percent = static_cast<unsigned>(m.chance.between(1, 40)); });
}
void packet_delay(misfortune m) {
  bad_weather(m, [&](auto& w) { w.more_delay = some(m, milliseconds(10), seconds(1)); });
}
void packet_duplication(misfortune m) {
  bad_weather(
      m, [&](auto& w) { w.duplication_percent = static_cast<unsigned>(m.chance.between(1, 40)); });
}
void packet_reordering(misfortune m) {
  bad_weather(m, [&](auto& w) {
    w.reorders = true;
    w.more_delay = some(m, milliseconds(1), milliseconds(50));
  });
}

void cut_off(misfortune& m, bool inward, bool outward) {
  const auto here = static_cast<host>(m.victim);
  if (inward) m.around.net().cut(outside, here);
  if (outward) m.around.net().cut(here, outside);
  undo_after(m, some(m, milliseconds(10), seconds(3)),
             [&around = m.around](site&) { around.net().mend_all(); });
}
void cut_one_way(misfortune m) {
  const bool inward = m.chance.one_in(2);
  cut_off(m, inward, !inward);
}
void cut_both_ways(misfortune m) { cut_off(m, true, true); }

} // namespace

const std::vector<fault>& all_faults() {
  static const std::vector<fault> all = {
      {"crash", "the power goes; what isn't synced is lost", crash, 5},
      {"torn-commit", "the power goes while a group is written",
       fail_commit<commit_fate::torn_by_crash>, 3},
      {"synced-crash", "the power goes when a group is synced, before anybody hears of it",
       fail_commit<commit_fate::done_by_crash>, 3},
      {"restart", "SIGTERM, and a start some time later", restart, 3},
      {"pause", "the machine stands still and goes on", pause, 2},
      {"overload", "time passes and nothing is done", overload, 3},
      {"slow-actors", "messages take their actors long", slow_actors, 3},
      {"entity-death", "an entity fails in the midst of a message", entity_dies, 12},
      {"clock-jump", "the wall clock is set while the machine is down", clock_jump, 2},
      {"clock-skew", "the wall clock is wrong at the next start", clock_skew, 1},
      {"lost-commit", "a commit fails and is not there", fail_commit<commit_fate::lost>, 4},
      {"untold-commit", "a commit fails and is there all the same",
       fail_commit<commit_fate::done_untold>, 4},
      {"doubtful-commit", "a commit fails and a crash decides whether it is there", doubt_and_crash,
       3},
      {"full-disk", "nothing can be written for a while", full_disk, 2},
      {"nearly-full-disk", "a probe fits on the disk and a group doesn't", nearly_full_disk, 2},
      {"failing-probes", "the store doesn't come back at once", failing_probes, 2},
      {"failing-read", "an entity can't be read", failing_read, 3},
      {"damaged-row", "what is read of an entity makes no sense", damaged_row, 3},
      {"slow-disk", "each call of the store takes a while", slow_disk, 3},
      {"stalling-disk", "some calls of the store take very long", stalling_disk, 2},
      {"packet-loss", "packets are lost", packet_loss, 3},
      {"packet-delay", "packets come late", packet_delay, 3},
      {"packet-duplication", "packets come twice", packet_duplication, 3},
      {"packet-reordering", "packets overtake each other", packet_reordering, 3},
      {"cut-one-way", "nothing reaches a machine, or nothing leaves it", cut_one_way, 2},
      {"cut-both-ways", "a machine is cut off", cut_both_ways, 2},
  };
  return all;
}

const std::vector<const char*>& all_troubles() {
  static const std::vector<const char*> all = {
      "clock: a start behind the store's time",
      "clock: a start with a wrong wall clock",
      "disk: a call stalled",
      "disk: a call was slow",
      "disk: a commit failed and is in doubt",
      "disk: a commit failed but was done",
      "disk: a commit met a full disk",
      "disk: a commit was lost",
      "disk: a crash came right behind a commit",
      "disk: a crash tore a group",
      "disk: a group in doubt survived",
      "disk: a group in doubt was lost",
      "disk: a probe failed",
      "disk: a read failed",
      "disk: a row was damaged",
      "network: a packet came twice",
      "network: a packet met a cut",
      "network: a packet overtook another",
      "network: a packet was lost",
      "node: an actor was held up",
      "node: an entity died",
      "node: crashed",
      "node: stood still",
      "node: stopped in order",
      "node: time was lost",
      "postgres: a batch failed and was on its way",
      "postgres: a batch failed but was done",
      "postgres: a batch on its way arrived",
      "postgres: a batch on its way was lost",
      "postgres: a batch was lost",
      "postgres: a batch was refused",
      "postgres: a call found it away",
      "postgres: a call hung",
      "postgres: a call was slow",
      "postgres: a lost disk was made anew",
      "postgres: an empty one took its place",
      "postgres: catching_up",
      "postgres: commits were lost untold",
      "postgres: connecting",
      "postgres: copying",
      "postgres: everything was copied",
      "postgres: following",
      "postgres: halted",
      "postgres: it was silent for too long",
      "postgres: the backlog was full",
      "postgres: the process died within a batch",
      "workload: limits were lowered",
  };
  return all;
}

namespace {

void arrange(world& around, const std::vector<fault>& those, random all) {
  const auto& sale = around.the_plan();
  std::uint64_t number = 0;
  for (const auto& f : those) {
    auto chance = std::make_shared<random>(all.stream(++number));
    const auto on = std::find(sale.faults.begin(), sale.faults.end(), f.name);
    if (on == sale.faults.end()) continue;
    const auto times = chance->between(1, f.most);
    for (std::int64_t n = 0; n < times; ++n)
      around.later(chance->between(moment(0), sale.open_for), [&around, &f, chance] {
        if (around.now() >= around.the_plan().open_for) return; // overtaken by the end of faults
        const auto victim = static_cast<std::size_t>(chance->below(around.sites()));
        around.reached().reached(std::string("fault: ") + f.name);
        around.tell(static_cast<int>(victim), [&f] { return std::string("FAULT ") + f.name; });
        f.begin({around, *chance, victim});
      });
  }
}

} // namespace

void arrange_faults(world& around) {
  arrange(around, all_faults(), around.chance(for_faults));
  if (around.the_plan().postgres.exists)
    arrange(around, postgres_faults_there_are(), around.chance(for_faults_behind));
}

void end_faults(world& around) {
  around.net().mend_all();
  for (std::size_t n = 0; n < around.sites(); ++n) {
    around.at(n).trouble().stop();
    if (around.at(n).postgres() != nullptr) around.at(n).postgres()->trouble().stop();
    around.keep_up(n, moment(0));
  }
  around.end_pauses();
}

} // namespace boxoffice::sim
