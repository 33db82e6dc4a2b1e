// What readers may see without asking an actor: the catalogue, each option's seat map, and which
// queue a token is in, as of the last commit. The journal swaps them after a commit and before it
// releases that commit's answers, so a reader sees at least what any client has been told. Reading:
// any thread.
#pragma once

#include "actors/domain/events.hpp"
#include "actors/domain/seat_map.hpp"
#include "actors/token_index.hpp"
#include "persistence/store.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace boxoffice::actors {

class snapshots {
public:
  snapshots();

  std::shared_ptr<const domain::catalogue> catalogue() const;
  // Whether nothing was ever put in: neither users nor concerts.
  bool empty() const { return empty_.load(); }
  // Nothing when there is no such option.
  std::shared_ptr<const domain::seat_map> seats(domain::option_id) const;

  const token_index& tokens() const { return tokens_; }

  // The rest is for one thread at a time: the journal's.
  void reset(const persistence::image&);
  void apply(const domain::events&, persistence::commit_number);

private:
  struct shelf;
  struct change_set;
  struct catalogue_changes;

  std::shared_ptr<const shelf> current() const;
  void put_catalogue(domain::catalogue);

  std::atomic<bool> empty_{true};
  // How many bookings live, by option; the journal's alone.
  std::unordered_map<domain::option_id, std::int64_t> live_bookings_;
  token_index tokens_;
  std::shared_ptr<const shelf> shelf_; // through std::atomic_load and atomic_store only
};

} // namespace boxoffice::actors
