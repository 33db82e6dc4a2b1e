#include "sim/campaign.hpp"

#include "sim/campaign_report.hpp"
#include "sim/checker.hpp"
#include "sim/faults.hpp"
#include "sim/minimize.hpp"
#include "sim/workloads.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <unistd.h>
#include <vector>

namespace boxoffice::sim {

namespace {

using steady = std::chrono::steady_clock;

std::atomic<bool> interrupted{false};

// Names that a campaign is meant to reach, besides what the checker names.
void expect_all(coverage& reached) {
  checker::expect_all(reached);
  for (const auto* met : all_troubles()) reached.expect(met);
  for (const auto* those : {&all_faults(), &postgres_faults_there_are()})
    for (const auto& f : *those) reached.expect(std::string("fault: ") + f.name);
  for (const auto* those : {&all_workloads(), &side_workloads()})
    for (const auto& w : *those) reached.expect(std::string("workload: ") + w.name);
}

plan_overrides fixed_by(const config::sim_options& o) {
  return {o.nodes, o.postgres, o.workloads, o.faults, o.users, o.acts};
}

bool fixes_anything(const config::sim_options& o) {
  return o.nodes || o.postgres || o.workloads || o.faults || o.users || o.acts;
}

template <class Part>
bool all_exist(const std::optional<std::vector<std::string>>& names, const std::vector<Part>& all,
               const char* kind) {
  if (!names) return true;
  for (const auto& name : *names) {
    bool exists = false;
    for (const auto& part : all) exists = exists || name == part.name;
    if (exists) continue;
    std::fprintf(stderr, "error: there is no %s \"%s\"; there are:\n", kind, name.c_str());
    for (const auto& part : all) std::fprintf(stderr, "  %-20s %s\n", part.name, part.what);
    return false;
  }
  return true;
}

// An assertion, a sanitizer or a node's own end of the process must not take the seed along.
void report_aborts() {
  for (const int signal : {SIGABRT, SIGSEGV})
    std::signal(signal, [](int which) {
      char text[96];
      const auto length = std::snprintf(text, sizeof text, "\nThe process failed in seed %llu.\n",
                                        static_cast<unsigned long long>(seed_under_way()));
      if (::write(2, text, static_cast<std::size_t>(length)) < 0) {
      }
      std::signal(which, SIG_DFL);
      std::raise(which);
    });
}

// Hands out seeds and takes in reports. Any thread.
class bureau {
public:
  explicit bureau(const config::sim_options& o)
      : options_(o), next_(o.seed ? *o.seed : std::random_device()()), began_(steady::now()) {
    expect_all(totals_.reached);
  }

  std::optional<std::uint64_t> take_seed() {
    std::lock_guard hold(mutex_);
    if (interrupted || broken_) return std::nullopt;
    if (options_.hours > 0 ? elapsed() >= options_.hours * 3600 : given_ == options_.seeds)
      return std::nullopt;
    ++given_;
    return next_++;
  }

  void take_in(const run_report& r, const coverage& reached) {
    std::lock_guard hold(mutex_);
    totals_.add(r, reached);
    if (r.broken && (!broken_ || r.seed < broken_->seed)) broken_ = r;
    show_progress(false);
  }

  void show_progress(bool last) {
    const auto now = elapsed();
    const bool live = ::isatty(2) != 0;
    if (!last && now - shown_at_ < (live ? 0.5 : 30)) return;
    shown_at_ = now;
    if (last && !live) return;
    const auto line = totals_.progress(now, options_.seeds);
    std::fprintf(stderr, live ? "\r\033[K%s%s" : "%s%s\n", line.c_str(), last && live ? "\n" : "");
    std::fflush(stderr);
  }

  double elapsed() const { return std::chrono::duration<double>(steady::now() - began_).count(); }
  const campaign_totals& totals() const { return totals_; }
  const std::optional<run_report>& broken() const { return broken_; }

private:
  const config::sim_options& options_;
  std::mutex mutex_;
  std::uint64_t next_, given_ = 0;
  const steady::time_point began_;
  double shown_at_ = 0;
  campaign_totals totals_;
  std::optional<run_report> broken_; // the one with the lowest seed
};

void work(bureau& office, const plan_overrides& fixed) {
  while (const auto seed = office.take_seed()) {
    coverage reached;
    const auto report = run(make_plan(*seed, fixed), reached, nullptr, &interrupted);
    if (!report.stopped) office.take_in(report, reached);
  }
}

void show_last_events(const plan& p) {
  constexpr std::size_t shown = 60;
  std::deque<std::string> last;
  coverage ignored;
  run(p, ignored, [&last](const std::string& line) {
    if (last.size() == shown) last.pop_front();
    last.push_back(line);
  });
  std::printf("The last %zu events:\n", last.size());
  for (const auto& line : last) std::printf("%s\n", line.c_str());
}

void show_failure(const plan& p, const run_report& r) {
  show_last_events(p);
  std::printf("\nBROKEN, seed %llu: %s\n  %s\n", static_cast<unsigned long long>(r.seed),
              r.broken->invariant.c_str(), r.broken->seen.c_str());
  std::printf("replay:  boxoffice sim %s --trace\n", replay_flags(p).c_str());
}

void show_minimized(const plan& p, const run_report& r) {
  constexpr int most_runs = 400;
  std::printf("\nLooking for a shorter run that breaks the same:\n");
  const auto small =
      minimize(p, r.broken->invariant, most_runs, [](const plan& found, const run_report& report) {
        std::printf("  %8llu messages  %s\n", static_cast<unsigned long long>(report.messages),
                    replay_flags(found).c_str());
        std::fflush(stdout);
      });
  coverage ignored;
  show_failure(small, run(small, ignored));
}

campaign_end trace_one(const config::sim_options& o) {
  coverage reached;
  const auto report = run(make_plan(*o.seed, fixed_by(o)), reached,
                          [](const std::string& line) { std::printf("%s\n", line.c_str()); });
  std::printf("%s\n", words(report).c_str());
  return report.broken ? campaign_end::broken : campaign_end::well;
}

} // namespace

campaign_end run_campaign(const config::sim_options& o) {
  auto workloads = all_workloads();
  workloads.insert(workloads.end(), side_workloads().begin(), side_workloads().end());
  auto faults = all_faults();
  faults.insert(faults.end(), postgres_faults_there_are().begin(),
                postgres_faults_there_are().end());
  if (!all_exist(o.workloads, workloads, "workload") || !all_exist(o.faults, faults, "fault"))
    return campaign_end::refused;
  if (o.trace) return trace_one(o);

  std::signal(SIGINT, [](int) { interrupted = true; });
  report_aborts();
  bureau office(o);
  const auto fixed = fixed_by(o);
  std::vector<std::thread> workers;
  for (unsigned n = 1; n < o.jobs; ++n) workers.emplace_back(work, std::ref(office), fixed);
  work(office, fixed);
  for (auto& w : workers) w.join();
  office.show_progress(true);
  std::signal(SIGINT, SIG_DFL); // what follows may be cut short

  const auto& broken = office.broken();
  if (broken) {
    const auto p = make_plan(broken->seed, fixed);
    show_failure(p, *broken);
    if (o.minimize) show_minimized(p, *broken);
  }
  std::printf("%s", office.totals().summary(office.elapsed()).c_str());
  if (interrupted) std::printf("Interrupted.\n");
  if (broken) return campaign_end::broken;
  // A few runs, or runs of one's own making, need not reach everything.
  constexpr std::uint64_t enough_runs = 1000;
  const bool should_reach_all = office.totals().runs >= enough_runs && !fixes_anything(o);
  return should_reach_all && office.totals().unreached() > 0 ? campaign_end::unreached
                                                             : campaign_end::well;
}

} // namespace boxoffice::sim
