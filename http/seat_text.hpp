// A text about the seats of one performance, brought up to date piece by piece: a booking changes
// one leaf of the seat map, and only that leaf's piece is written anew. The rest is copied, which
// for fifty thousand seats takes a fraction of what writing does.
#pragma once

#include "actors/domain/concert.hpp"
#include "actors/domain/seat_map.hpp"
#include "http/json_writer.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::http {

// One seat, as a JSON value behind the others; or nothing, when the text leaves it out.
using seat_writer = void (*)(json_writer&, const domain::concert_option&, domain::seat_id,
                             const domain::seat_name&, domain::money price, domain::seat_status);

// One thread at a time.
class seat_text {
public:
  explicit seat_text(seat_writer write) : write_(write) {}

  // `before`, the seats of the map in order with commas between them, `behind`. The option, before
  // and behind are the same at every call.
  std::shared_ptr<const std::string> update(const domain::concert_option&, const domain::seat_map&,
                                            std::string_view before, std::string_view behind);

private:
  struct piece {
    std::shared_ptr<const domain::seat_map::leaf> of; // held, so that its address means it
    std::size_t from = 0, length = 0;                 // in body_
  };

  seat_writer write_;
  std::vector<piece> pieces_;
  std::shared_ptr<const std::string> body_;
};

} // namespace boxoffice::http
