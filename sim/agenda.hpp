// What will happen outside the nodes, by time: packets that arrive, people who act, faults that
// begin and end.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace boxoffice::sim {

// Time since the world began.
using moment = std::chrono::microseconds;

class agenda {
public:
  using act = std::function<void()>;

  void at(moment when, act what) { acts_.emplace(when, std::move(what)); }

  std::optional<moment> next() const {
    if (acts_.empty()) return std::nullopt;
    return acts_.begin()->first;
  }

  // How many are due by `now`, counting no further than `most`.
  std::size_t due(moment now, std::size_t most) const {
    std::size_t count = 0;
    for (auto i = acts_.begin(); i != acts_.end() && i->first <= now && count < most; ++i) ++count;
    return count;
  }

  // Takes out the `which`-th in order of time, from 0.
  act take(std::size_t which) {
    const auto found = std::next(acts_.begin(), static_cast<std::ptrdiff_t>(which));
    auto what = std::move(found->second);
    acts_.erase(found);
    return what;
  }

private:
  std::multimap<moment, act> acts_; // those of one time in the order in which they were put in
};

} // namespace boxoffice::sim
