#include "sim/minimize.hpp"

namespace boxoffice::sim {

namespace {

class minimizer {
public:
  minimizer(plan failing, std::string invariant, int most_runs,
            const std::function<void(const plan&, const run_report&)>& told)
      : best_(std::move(failing)),
        invariant_(std::move(invariant)),
        runs_left_(most_runs),
        told_(told) {}

  plan search() {
    for (bool smaller = true; smaller && runs_left_ > 0;) {
      smaller = do_without_postgres();
      smaller = drop_names(&plan::faults) || smaller;
      smaller = drop_names(&plan::workloads) || smaller;
      smaller = shrink(&plan::nodes, 1) || smaller;
      smaller = shrink(&plan::acts, 1) || smaller;
      smaller = shrink(&plan::users, 1) || smaller;
    }
    return best_;
  }

private:
  bool try_out(const plan& candidate) {
    if (runs_left_ == 0) return false;
    --runs_left_;
    coverage ignored;
    const auto report = run(candidate, ignored);
    if (!report.broken || report.broken->invariant != invariant_) return false;
    best_ = candidate;
    told_(best_, report);
    return true;
  }

  bool do_without_postgres() {
    if (!best_.postgres.exists) return false;
    auto candidate = best_;
    candidate.postgres.exists = candidate.postgres.answers_wait = false;
    return try_out(candidate);
  }

  bool drop_names(std::vector<std::string> plan::*names) {
    bool dropped = false;
    for (std::size_t n = (best_.*names).size(); n-- > 0;) {
      auto candidate = best_;
      auto& left = candidate.*names;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(n));
      dropped = try_out(candidate) || dropped;
    }
    return dropped;
  }

  // By halves first, then by ever smaller steps.
  bool shrink(unsigned plan::*number, unsigned least) {
    bool shrunk = false;
    for (auto step = best_.*number / 2; step > 0; step /= 2) {
      auto candidate = best_;
      while (candidate.*number >= least + step) {
        candidate.*number -= step;
        if (!try_out(candidate)) break;
        shrunk = true;
      }
    }
    return shrunk;
  }

  plan best_;
  std::string invariant_;
  int runs_left_;
  const std::function<void(const plan&, const run_report&)>& told_;
};

} // namespace

plan minimize(const plan& failing, const std::string& invariant, int most_runs,
              const std::function<void(const plan&, const run_report&)>& told) {
  return minimizer(failing, invariant, most_runs, told).search();
}

} // namespace boxoffice::sim
