#include "http/seat_documents.hpp"

#include "http/seat_text.hpp"

#include <algorithm>

namespace boxoffice::http {

namespace {

using domain::seat_status;

// Of all documents together: a seat takes a hundred bytes, so this is 50 MB.
constexpr std::int64_t most_seats_kept = 500'000;

void write_seat(json_writer& out, const domain::concert_option&, domain::seat_id id,
                const domain::seat_name& name, domain::money price, seat_status status) {
  out.begin_object();
  out.key("seatId");
  out.integer(id.value);
  out.key("section");
  out.string(name.section);
  out.key("number");
  out.integer(name.number);
  out.key("name");
  out.string(domain::to_string(name));
  out.key("price");
  out.integer(price.minor);
  out.key("status");
  out.string(domain::to_string(status));
  out.end_object();
}

template <seat_status wanted>
void write_only(json_writer& out, const domain::concert_option& option, domain::seat_id id,
                const domain::seat_name& name, domain::money price, seat_status status) {
  if (status == wanted) write_seat(out, option, id, name, price, status);
}

seat_writer writer_for(seat_documents::filter which) {
  if (!which) return write_seat;
  switch (*which) {
  case seat_status::free: return write_only<seat_status::free>;
  case seat_status::held: return write_only<seat_status::held>;
  case seat_status::sold: return write_only<seat_status::sold>;
  }
  return write_seat;
}

} // namespace

struct seat_documents::document {
  document(filter which, std::int64_t count) : seats(count), text(writer_for(which)) {}

  const std::int64_t seats;
  std::uint64_t last_asked = 0; // by seat_documents::asked_

  std::mutex mutex; // of what follows
  seat_text text;
  map_pointer map;
  std::shared_ptr<const std::string> body;
};

seat_documents::page seat_documents::seats(const domain::concert_option& option,
                                           const map_pointer& map, filter which) {
  const auto kept = find(option, which);
  const std::lock_guard lock(kept->mutex);
  if (!kept->map || (kept->map != map && kept->map->version() <= map->version())) {
    kept->body = kept->text.update(option, *map, R"({"items":[)", R"(],"nextCursor":null})");
    kept->map = map;
  }
  return {kept->body, kept->map->version()};
}

std::shared_ptr<seat_documents::document> seat_documents::find(const domain::concert_option& option,
                                                               filter which) {
  const std::lock_guard lock(mutex_);
  auto& kept = documents_[{option.id, which}];
  if (!kept) {
    kept = std::make_shared<document>(which, option.seat_count());
    seats_kept_ += kept->seats;
  }
  kept->last_asked = ++asked_;
  const auto found = kept;
  while (seats_kept_ > most_seats_kept && documents_.size() > 1) forget_oldest();
  return found;
}

void seat_documents::forget_oldest() {
  const auto oldest =
      std::min_element(documents_.begin(), documents_.end(), [](const auto& a, const auto& b) {
        return a.second->last_asked < b.second->last_asked;
      });
  seats_kept_ -= oldest->second->seats;
  documents_.erase(oldest);
}

} // namespace boxoffice::http
