// The seat maps of /v1: one document a performance, and one for each status asked for.
//
// Each is kept and brought up to date when its map is another. Readers of different documents don't
// wait for each other; those of one share the work.
#pragma once

#include "actors/domain/concert.hpp"
#include "actors/domain/seat_map.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace boxoffice::http {

class seat_documents {
public:
  using filter = std::optional<domain::seat_status>; // nothing: all seats
  using map_pointer = std::shared_ptr<const domain::seat_map>;

  struct page {
    std::shared_ptr<const std::string> body;
    std::int64_t version = 0; // of the map that it was written from
  };

  // The document as of this map, or of a newer one that another reader brought. Any thread.
  page seats(const domain::concert_option&, const map_pointer&, filter);

private:
  struct document;
  using name = std::pair<domain::option_id, filter>;

  std::shared_ptr<document> find(const domain::concert_option&, filter);
  void forget_oldest();

  std::mutex mutex_; // of what follows; each document has its own
  std::map<name, std::shared_ptr<document>> documents_;
  std::uint64_t asked_ = 0;
  std::int64_t seats_kept_ = 0;
};

} // namespace boxoffice::http
