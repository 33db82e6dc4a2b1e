// The two documents that everyone reads and nobody owns: what is on, and which seats are free.
//
// Each is kept as text and written anew only when the catalogue or one of its seat maps is another
// than it was written from. A booking thus costs the next reader a few seats' text, and all other
// readers share what is there.
#pragma once

#include "actors/domain/concert.hpp"
#include "actors/domain/seat_map.hpp"
#include "http/backend.hpp"
#include "http/seat_text.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace boxoffice::http {

class concert_documents {
public:
  using text = std::shared_ptr<const std::string>;

  // {"concerts":[…]}: one element a performance. Any thread.
  text concerts(const backend&);

  // The free seats of a concert's performances on that day, as their venues count days; "[]" when
  // there are none. Any thread.
  text free_seats(const backend&, domain::concert_id, domain::calendar_date);

private:
  using map_pointer = std::shared_ptr<const domain::seat_map>;
  using option_pointer = std::shared_ptr<const domain::concert_option>;

  // Held, not just compared: so no other map can come to stand at the same address.
  struct document {
    std::vector<option_pointer> options;
    std::vector<map_pointer> maps; // that `body` was written from, one an option
    text body;
  };
  struct element {
    element();
    map_pointer map;
    seat_text text;
    std::shared_ptr<const std::string> json;
  };
  using day = std::pair<domain::concert_id, std::string>;

  void follow(const backend&);
  const std::string& element_of(const domain::concert_option&, const map_pointer&);

  std::mutex mutex_;
  std::shared_ptr<const domain::catalogue> catalogue_;
  document concerts_;
  std::map<domain::option_id, element> elements_; // of concerts_
  std::map<day, document> free_;                  // days with a performance only
};

} // namespace boxoffice::http
