// The order of those who wait, with the place of each in O(log n).
#pragma once

#include "actors/domain/token_key.hpp"

#include <cstdint>
#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>

namespace boxoffice::domain {

struct place_in_line {
  std::int32_t priority = 0;
  std::int64_t arrival = 0;

  friend bool operator<(const place_in_line& a, const place_in_line& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.arrival < b.arrival;
  }
};

// libstdc++'s order-statistics tree: a std::map that also knows how many stand before a key.
using waiting_line =
    __gnu_pbds::tree<place_in_line, token_key, std::less<place_in_line>, __gnu_pbds::rb_tree_tag,
                     __gnu_pbds::tree_order_statistics_node_update>;

// A set that also knows its n-th element.
template <class T>
using ordered_set =
    __gnu_pbds::tree<T, __gnu_pbds::null_type, std::less<T>, __gnu_pbds::rb_tree_tag,
                     __gnu_pbds::tree_order_statistics_node_update>;

} // namespace boxoffice::domain
