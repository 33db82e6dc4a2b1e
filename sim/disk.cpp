#include "sim/disk.hpp"

#include "sim/medium.hpp"
#include "sim/simulated_store.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace boxoffice::sim {

using persistence::commit_number;

namespace {

// The log of events, as the embedded store's readers see it.
class kept_commits final : public persistence::commit_log {
public:
  explicit kept_commits(const medium& of) : of_(of) {}

  std::optional<persistence::logged_commits> read_after(commit_number after,
                                                        std::size_t most_events) override {
    if (after >= last_commit()) return std::nullopt;
    if (!reaches_back_to(after))
      throw persistence::store_failed(persistence::store_failed::reason::damaged,
                                      "The simulated log of events lacks commit " +
                                          std::to_string(after + 1) + ".");
    persistence::logged_commits all;
    all.first = after + 1;
    all.since = of_.time_of(all.first);
    for (auto n = all.first; n <= last_commit(); ++n) {
      if (n > all.first && all.facts.size() + of_.count_facts(n - 1, n) > most_events) break;
      auto facts = of_.facts_of(n);
      all.facts.insert(all.facts.end(), std::make_move_iterator(facts.begin()),
                       std::make_move_iterator(facts.end()));
      all.last = n;
      all.at = of_.time_of(n);
    }
    return all;
  }
  bool reaches_back_to(commit_number shipped) override {
    return last_commit() <= shipped || shipped + 1 >= of_.kept_from();
  }
  std::int64_t count_changes(commit_number after, commit_number up_to) override {
    return static_cast<std::int64_t>(of_.count_facts(first_after(after) - 1, up_to));
  }
  std::optional<domain::time_point> find_oldest_after(commit_number shipped) override {
    const auto first = first_after(shipped);
    if (first > last_commit()) return std::nullopt;
    return of_.time_of(first);
  }
  std::optional<domain::time_point> find_time_of(commit_number n) override {
    // That of the commit which the log follows is kept as well.
    if (n < 1 || n < of_.kept_from() - 1 || n > last_commit()) return std::nullopt;
    return of_.time_of(n);
  }
  persistence::standing last_known_there() override { return of_.known_there(); }
  commit_number last_commit() override { return of_.last_commit(); }

private:
  commit_number first_after(commit_number shipped) const {
    return std::max(shipped + 1, of_.kept_from());
  }

  const medium& of_;
};

} // namespace

disk::disk(disk_faults& faults, disk_listener& listener)
    : medium_(std::make_shared<medium>(faults, listener)) {}

disk::~disk() { medium_->cut_power(); }

std::unique_ptr<persistence::store> disk::open(std::shared_ptr<persistence::log_window> window) {
  const auto session = medium_->open(std::move(window));
  return make_simulated_store(medium_, session);
}

void disk::cut_power() { medium_->cut_power(); }

bool disk::powered() const { return medium_->powered(); }

void disk::forget_after(commit_number last) {
  assert(!powered());
  medium_->forget_after(last);
}

std::unique_ptr<persistence::commit_log> disk::open_log() {
  return std::make_unique<kept_commits>(*medium_);
}

commit_number disk::last_commit() const { return medium_->last_commit(); }
commit_number disk::kept_from() const { return medium_->kept_from(); }
domain::events disk::facts_of(commit_number n) const { return medium_->facts_of(n); }
std::size_t disk::count_facts(commit_number after, commit_number up_to) const {
  return medium_->count_facts(after, up_to);
}
domain::time_point disk::time_of(commit_number n) const { return medium_->time_of(n); }

std::size_t disk::groups() const { return medium_->groups(); }

} // namespace boxoffice::sim
