#include "sim/run.hpp"

#include "sim/faults.hpp"
#include "sim/workloads.hpp"

namespace boxoffice::sim {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Once faults have stopped and nobody new comes, this long is enough for every visit, hold, place
// and payment to come to its end: nobody tries for longer, and no deadline of a plan is later.
constexpr moment bound_of_draining = seconds(60);
// More messages than any sale of a plan's size leads to: they go round in circles.
constexpr std::uint64_t most_messages = 3'000'000;

bool is_quiet(world& w) {
  for (std::size_t n = 0; n < w.sites(); ++n) {
    const auto& s = w.at(n);
    if (!s.up() || !s.node().ready() || s.node().living() > 0 || s.open_requests() > 0)
      return false;
  }
  return !w.anything_planned();
}

void run_bounded(world& w, moment end) {
  while (w.step(end))
    if (w.messages() > most_messages)
      throw broken_invariant("a sale comes to an end", "The actors go on sending messages.");
}

void play(world& w) {
  crowd people(w);
  for (std::size_t n = 0; n < w.sites(); ++n) {
    w.keep_up(n, milliseconds(1));
    w.start(n);
  }
  people.come();
  arrange_faults(w);
  run_bounded(w, w.the_plan().open_for);

  end_faults(w);
  const auto latest = w.now() + bound_of_draining;
  while (w.now() < latest && !is_quiet(w)) run_bounded(w, w.now() + milliseconds(200));
  for (std::size_t n = 0; n < w.sites(); ++n) w.at(n).finish();
}

} // namespace

run_report run(const plan& what, coverage& reached, world::listener trace) {
  run_report report;
  report.seed = what.seed;
  world w(what, reached, std::move(trace));
  try {
    play(w);
  } catch (const broken_invariant& b) {
    report.broken = failure{b.invariant, b.what()};
  }
  report.messages = w.messages();
  report.simulated = w.now();
  report.trace_hash = w.trace_hash();
  for (std::size_t n = 0; n < w.sites(); ++n) {
    report.commits += w.at(n).commits();
    report.recoveries += w.at(n).lives() > 0 ? w.at(n).lives() - 1 : 0;
  }
  return report;
}

} // namespace boxoffice::sim
