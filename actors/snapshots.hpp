// What readers may see without asking an actor: the catalogue and each option's seat map, as of
// the last commit. The journal swaps them after a commit and before it releases that commit's
// answers, so a reader sees at least what any client has been told. Reading: any thread.
#pragma once

#include "actors/domain/events.hpp"
#include "actors/domain/seat_map.hpp"
#include "persistence/store.hpp"

#include <atomic>
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

  // The rest is for one thread at a time: the journal's.
  void reset(const persistence::image&);
  void apply(const domain::events&, persistence::commit_number);

private:
  struct shelf;
  struct change_set;

  std::shared_ptr<const shelf> current() const;
  void add_to_catalogue(const domain::events&);

  std::atomic<bool> empty_{true};
  std::shared_ptr<const shelf> shelf_; // through std::atomic_load and atomic_store only
};

} // namespace boxoffice::actors
