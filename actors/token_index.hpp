// Which queue each live token is in, as of the last commit: who names a token only is brought there
// without asking anybody. Also how many wait and are admitted. Any thread reads, and waits for a
// writer or another reader for the time of one look at most.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/store.hpp"

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace boxoffice::actors {

struct line_count {
  std::size_t waiting = 0;
  std::size_t processing = 0;
};

class token_index {
public:
  // Nothing when there is no such live token: it is dead, or there never was one.
  std::optional<domain::concert_id> queue_of(domain::token_key) const;
  // Of every concert that ever had a token.
  std::map<domain::concert_id, line_count> counts() const;

  // The rest is for one thread at a time: the journal's.
  void reset(const std::vector<persistence::live_token>&);
  void apply(const domain::event&);

private:
  struct change;
  struct place {
    domain::concert_id concert;
    bool processing = false;
  };
  struct shelf {
    mutable std::mutex guard;
    std::unordered_map<domain::token_key, place> tokens;
  };
  shelf& shelf_of(domain::token_key);
  const shelf& shelf_of(domain::token_key) const;

  // So many that readers seldom meet.
  static constexpr std::size_t shelf_count = 64;
  std::array<shelf, shelf_count> shelves_;

  mutable std::mutex counts_guard_;
  std::map<domain::concert_id, line_count> counts_;
};

} // namespace boxoffice::actors
