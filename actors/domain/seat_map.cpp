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

void seat_map::set(std::size_t index, seat_status status) {
  auto& branch_slot = branches_[index / (fan_out * fan_out)];
  auto new_branch = std::make_shared<branch>(*branch_slot);
  auto& leaf_slot = (*new_branch)[index / fan_out % fan_out];
  auto new_leaf = std::make_shared<leaf>(*leaf_slot);
  auto& value = (*new_leaf)[index % fan_out];
  free_ += (status == seat_status::free ? 1 : 0) - (value == seat_status::free ? 1 : 0);
  value = status;
  leaf_slot = std::move(new_leaf);
  branch_slot = std::move(new_branch);
}

seat_map seat_map::with(const std::vector<seat_id>& seats, seat_status status,
                        std::int64_t version) const {
  auto changed = *this;
  changed.version_ = version;
  for (const auto s : seats) {
    assert(contains(s));
    changed.set(static_cast<std::size_t>(s.value - first_.value), status);
  }
  return changed;
}

} // namespace boxoffice::domain
