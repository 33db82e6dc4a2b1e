// The seats of one performance as readers see them: immutable, versioned, cheap to change.
//
// A change shares all but the path to the changed seats with the map it came from: 64 seats a
// leaf, 64 leaves a branch. So a booking costs O(its seats) and a pointer per 4,096 seats, and a
// reader keeps what it holds for as long as it likes.
#pragma once

#include "actors/domain/ids.hpp"
#include "actors/domain/seat.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace boxoffice::domain {

struct seat_change {
  seat_id seat;
  seat_status status;
};

class seat_map {
public:
  // `count` free seats with ids from `first` on.
  seat_map(option_id option, seat_id first, int count);

  option_id option() const { return option_; }
  seat_id first_seat() const { return first_; }
  int size() const { return count_; }
  int free_seats() const { return free_; }
  // The number of the commit that made this map.
  std::int64_t version() const { return version_; }

  // Requires first_seat() <= seat < first_seat() + size().
  seat_status status(seat_id) const;

  // This map with the seats' status set, as of commit `version`.
  seat_map with(const std::vector<seat_id>& seats, seat_status, std::int64_t version) const;

  // The seats whose status is another than in `older`, a map of the same performance, by ascending
  // id. What the two maps share is passed over: this costs a pointer per 4,096 seats and what was
  // touched in between.
  std::vector<seat_change> changes_since(const seat_map& older) const;

  bool contains(seat_id s) const {
    return s.value >= first_.value && s.value < first_.value + count_;
  }

  // The status of 64 seats from index 64 * i on. Maps share the leaves that are equal, so a reader
  // who keeps one may tell by its address what changed.
  static constexpr std::size_t fan_out = 64;
  using leaf = std::array<seat_status, fan_out>;
  std::shared_ptr<const leaf> leaf_at(std::size_t i) const {
    return (*branches_[i / fan_out])[i % fan_out];
  }

private:
  using branch = std::array<std::shared_ptr<const leaf>, fan_out>;

  option_id option_;
  seat_id first_;
  int count_ = 0;
  int free_ = 0;
  std::int64_t version_ = 0;
  std::vector<std::shared_ptr<const branch>> branches_;
};

} // namespace boxoffice::domain
