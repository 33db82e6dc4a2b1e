#include "sim/run.hpp"

#include "sim/faults.hpp"
#include "sim/workloads.hpp"

namespace boxoffice::sim {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A sale of the usual size sends a tenth of this. The more acts, the more there is to do.
std::uint64_t most_messages(const plan& p) { return 2'000'000 + std::uint64_t{20'000} * p.acts; }

// Once faults have stopped and nobody new comes, this long is enough for every visit, hold, place
// and payment to come to its end: nobody tries for longer, and no deadline of a plan is later.
moment bound_of_draining(const plan& p) { return seconds(60) + milliseconds(100) * p.acts; }

// What faults left behind is cleared away by then: the longest hold-up, and the store's probes.
constexpr moment until_calm = seconds(5);
// A batch that PostgreSQL refused is tried again after five seconds.
constexpr moment until_calm_behind = seconds(10);

thread_local std::uint64_t this_threads_seed = 0;

class player {
public:
  player(world& w, const std::atomic<bool>* stop) : world_(w), stop_(stop) {}

  void play();
  bool stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

private:
  void run_until(moment end);
  bool is_quiet();
  void be_calm();

  world& world_;
  const std::atomic<bool>* stop_;
};

bool player::is_quiet() {
  for (std::size_t n = 0; n < world_.sites(); ++n) {
    const auto& s = world_.at(n);
    if (!s.up() || !s.node().ready() || s.node().living() > 0 || s.open_requests() > 0)
      return false;
    if (s.postgres() != nullptr && !s.postgres()->is_at_rest()) return false;
  }
  return !world_.anything_planned();
}

void player::be_calm() {
  for (std::size_t n = 0; n < world_.sites(); ++n) world_.at(n).be_calm();
}

void player::run_until(moment end) {
  while (!stopped() && world_.step(end))
    if (world_.messages() > most_messages(world_.the_plan()))
      throw broken_invariant("a sale comes to an end", "The actors go on sending messages.");
}

void player::play() {
  crowd people(world_);
  for (std::size_t n = 0; n < world_.sites(); ++n) {
    world_.keep_up(n, milliseconds(1));
    world_.start(n);
  }
  if (world_.the_plan().faults.empty()) be_calm();
  people.come();
  arrange_faults(world_);
  run_until(world_.the_plan().open_for);

  end_faults(world_);
  run_until(world_.now() + (world_.the_plan().postgres.exists ? until_calm_behind : until_calm));
  be_calm();
  const auto latest = world_.now() + bound_of_draining(world_.the_plan());
  while (!stopped() && world_.now() < latest && !is_quiet())
    run_until(world_.now() + milliseconds(200));
  if (stopped()) return;
  for (std::size_t n = 0; n < world_.sites(); ++n) world_.at(n).finish();
}

} // namespace

std::uint64_t seed_under_way() { return this_threads_seed; }

run_report run(const plan& what, coverage& reached, world::listener trace,
               const std::atomic<bool>* stop) {
  run_report report;
  report.seed = this_threads_seed = what.seed;
  world w(what, reached, std::move(trace));
  player p(w, stop);
  try {
    p.play();
  } catch (const broken_invariant& b) {
    report.broken = failure{b.invariant, b.what()};
  } catch (const std::exception& e) {
    report.broken = failure{"the simulator itself works", e.what()};
  }
  report.stopped = p.stopped();
  report.messages = w.messages();
  report.simulated = w.now();
  report.trace_hash = w.trace_hash();
  for (std::size_t n = 0; n < w.sites(); ++n) {
    report.commits += w.at(n).commits();
    report.recoveries += w.at(n).crashes();
  }
  this_threads_seed = 0;
  return report;
}

} // namespace boxoffice::sim
