#include "actors/domain/seat_map.hpp"

#include <cassert>

namespace boxoffice::domain {

seat_map::seat_map(option_id option, seat_id first, int count)
    : option_(option), first_(first), count_(count), free_(count) {
  // All leaves and branches are equal at first, so they are one leaf and one branch.
  const auto free_leaf = std::make_shared<const leaf>(); // value-initialized: free
  auto free_branch = std::make_shared<branch>();
  free_branch->fill(free_leaf);
  const auto seats_a_branch = fan_out * fan_out;
  branches_.assign((static_cast<std::size_t>(count) + seats_a_branch - 1) / seats_a_branch,
                   free_branch);
}

seat_status seat_map::status(seat_id s) const {
  assert(contains(s));
  const auto index = static_cast<std::size_t>(s.value - first_.value);
  const auto& b = *branches_[index / (fan_out * fan_out)];
  return (*b[index / fan_out % fan_out])[index % fan_out];
}

seat_map seat_map::with(const std::vector<seat_id>& seats, seat_status status,
                        std::int64_t version) const {
  auto changed = *this;
  changed.version_ = version;
  // The branch and leaf being changed: copied once for all of their seats that follow one another.
  std::shared_ptr<branch> fresh_branch;
  std::shared_ptr<leaf> fresh_leaf;
  std::size_t branch_at = 0, leaf_at = 0;
  for (const auto s : seats) {
    assert(contains(s));
    const auto index = static_cast<std::size_t>(s.value - first_.value);
    if (fresh_branch == nullptr || branch_at != index / (fan_out * fan_out)) {
      branch_at = index / (fan_out * fan_out);
      fresh_branch = std::make_shared<branch>(*changed.branches_[branch_at]);
      changed.branches_[branch_at] = fresh_branch;
      fresh_leaf = nullptr;
    }
    if (fresh_leaf == nullptr || leaf_at != index / fan_out) {
      leaf_at = index / fan_out;
      auto& slot = (*fresh_branch)[leaf_at % fan_out];
      fresh_leaf = std::make_shared<leaf>(*slot);
      slot = fresh_leaf;
    }
    auto& value = (*fresh_leaf)[index % fan_out];
    changed.free_ += (status == seat_status::free ? 1 : 0) - (value == seat_status::free ? 1 : 0);
    value = status;
  }
  return changed;
}

std::vector<seat_change> seat_map::changes_since(const seat_map& older) const {
  assert(option_ == older.option_ && first_ == older.first_ && count_ == older.count_);
  std::vector<seat_change> changes;
  for (std::size_t b = 0; b < branches_.size(); ++b) {
    if (branches_[b] == older.branches_[b]) continue;
    for (std::size_t l = 0; l < fan_out; ++l) {
      const auto& now = (*branches_[b])[l];
      const auto& then = (*older.branches_[b])[l];
      if (now == then) continue;
      // Places behind the last seat are free in every map.
      for (std::size_t i = 0; i < fan_out; ++i)
        if ((*now)[i] != (*then)[i]) {
          const auto index = static_cast<std::int64_t>((b * fan_out + l) * fan_out + i);
          changes.push_back({{first_.value + index}, (*now)[i]});
        }
    }
  }
  return changes;
}

} // namespace boxoffice::domain
