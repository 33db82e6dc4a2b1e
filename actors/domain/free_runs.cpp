#include "actors/domain/free_runs.hpp"

#include <algorithm>
#include <cassert>

namespace boxoffice::domain {

namespace {

std::size_t power_of_two_from(std::size_t n) {
  std::size_t p = 1;
  while (p < n) p *= 2;
  return p;
}

} // namespace

free_runs::node free_runs::join(const node& l, const node& r, std::uint32_t width) {
  return {l.left == width ? width + r.left : l.left, r.right == width ? width + l.right : r.right,
          std::max({l.longest, r.longest, l.right + r.left})};
}

free_runs::free_runs(std::size_t places) : leaves_(power_of_two_from(places)), nodes_(2 * leaves_) {
  for (std::size_t i = 0; i < places; ++i) nodes_[leaves_ + i] = {1, 1, 1};
  std::uint32_t width = 1; // of a child
  for (auto first = leaves_ / 2; first > 0; first /= 2, width *= 2)
    for (auto n = first; n < 2 * first; ++n)
      nodes_[n] = join(nodes_[2 * n], nodes_[2 * n + 1], width);
}

void free_runs::set(std::size_t place, bool free) {
  assert(place < leaves_);
  if (is_free(place) == free) return;
  const std::uint32_t one = free ? 1 : 0;
  nodes_[leaves_ + place] = {one, one, one};
  std::uint32_t width = 1;
  for (auto n = (leaves_ + place) / 2; n > 0; n /= 2, width *= 2)
    nodes_[n] = join(nodes_[2 * n], nodes_[2 * n + 1], width);
}

std::optional<std::size_t> free_runs::first_run(std::size_t length) const {
  assert(length > 0);
  if (nodes_[1].longest < length) return std::nullopt;
  std::size_t n = 1, begin = 0, width = leaves_;
  while (n < leaves_) {
    const auto &left = nodes_[2 * n], &right = nodes_[2 * n + 1];
    width /= 2;
    if (left.longest >= length) {
      n = 2 * n;
    } else if (left.right + right.left >= length) {
      return begin + width - left.right;
    } else {
      n = 2 * n + 1;
      begin += width;
    }
  }
  return begin;
}

} // namespace boxoffice::domain
