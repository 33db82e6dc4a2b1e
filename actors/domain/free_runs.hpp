// Where so many free places lie side by side: the first such run, and each change, in the logarithm
// of their number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace boxoffice::domain {

class free_runs {
public:
  // So many places in a row, all of them free.
  explicit free_runs(std::size_t places);

  void set(std::size_t place, bool free);
  bool is_free(std::size_t place) const { return nodes_[leaves_ + place].longest != 0; }

  // Where the first run of at least so many free places begins. `length` is at least 1.
  std::optional<std::size_t> first_run(std::size_t length) const;

private:
  // Of the places below a node: how many are free from its left end on, up to its right end, and in
  // the longest run. A parent's follow from its two children's.
  struct node {
    std::uint32_t left = 0, right = 0, longest = 0;
  };
  static node join(const node&, const node&, std::uint32_t width);

  std::size_t leaves_; // a power of two; those behind the last place are never free
  std::vector<node> nodes_;
};

} // namespace boxoffice::domain
