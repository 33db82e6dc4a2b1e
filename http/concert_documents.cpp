#include "http/concert_documents.hpp"

#include "http/json_writer.hpp"
#include "http/mock_documents.hpp"

#include <utility>

namespace boxoffice::http {

namespace {

// Calls `visit(seat id, name, price)` for each seat of a performance, by ascending id.
template <class Visit>
void for_each_seat(const domain::concert_option& option, Visit visit) {
  for (const auto& s : option.sections) {
    domain::seat_name name{s.name, 0};
    for (int i = 0; i < s.seats; ++i) {
      ++name.number;
      visit(domain::seat_id{s.first_seat.value + i}, name, s.price);
    }
  }
}

void write_seat(json_writer& out, const domain::concert_option&, domain::seat_id id,
                const domain::seat_name& name, domain::money price, domain::seat_status status) {
  out.begin_object();
  write_seat_fields(out, id, name, status != domain::seat_status::free, price);
  out.end_object();
}

// What stands before a performance's seats, and behind them.
std::string beginning_of(const domain::concert_option& option, const std::string& title) {
  std::string text;
  json_writer out(text);
  out.begin_object();
  out.key("concertId");
  out.integer(option.concert.value);
  out.key("name");
  out.string(title);
  out.key("date");
  out.date_time(option.starts_at);
  out.key("seats");
  out.begin_array();
  return text;
}

std::string end_of(const domain::concert_option& option) {
  return R"(],"concertOptionId":)" + std::to_string(option.id.value) + '}';
}

void write_free_seats(json_writer& out, const domain::concert_option& option,
                      const domain::seat_map& map) {
  for_each_seat(option, [&](auto id, const auto& name, auto price) {
    if (map.status(id) != domain::seat_status::free) return;
    out.begin_object();
    write_seat_fields(out, id, name, false, price);
    out.key("concertOptionId");
    out.integer(option.id.value);
    out.end_object();
  });
}

template <class Options>
auto maps_of(const backend& service, const Options& options) {
  std::vector<std::shared_ptr<const domain::seat_map>> maps;
  maps.reserve(options.size());
  for (const auto& option : options) maps.push_back(service.seats(option->id));
  return maps;
}

} // namespace

concert_documents::element::element() : text(write_seat) {}

// Takes up another catalogue. What an option's element says of it never changes, but its map.
void concert_documents::follow(const backend& service) {
  auto current = service.catalogue();
  if (current == catalogue_) return;
  catalogue_ = std::move(current);
  free_.clear();
  concerts_ = {};
  for (const auto& [id, option] : catalogue_->options) concerts_.options.push_back(option);
}

const std::string& concert_documents::element_of(const domain::concert_option& option,
                                                 const map_pointer& map) {
  auto& known = elements_[option.id];
  if (known.map != map) {
    const auto& title = catalogue_->concerts.at(option.concert).title;
    known.json = known.text.update(option, *map, beginning_of(option, title), end_of(option));
    known.map = map;
  }
  return *known.json;
}

concert_documents::text concert_documents::concerts(const backend& service) {
  // What is current is asked under the lock too, so that no older text replaces a newer one.
  const std::lock_guard lock(mutex_);
  follow(service);
  auto maps = maps_of(service, concerts_.options);
  if (concerts_.body && maps == concerts_.maps) return concerts_.body;

  std::string body;
  if (concerts_.body) body.reserve(concerts_.body->size() + 1024);
  json_writer out(body);
  out.begin_object();
  out.key("concerts");
  out.begin_array();
  for (std::size_t i = 0; i < maps.size(); ++i)
    if (maps[i]) out.raw(element_of(*concerts_.options[i], maps[i]));
  out.end_array();
  out.end_object();
  concerts_.maps = std::move(maps);
  concerts_.body = std::make_shared<const std::string>(std::move(body));
  return concerts_.body;
}

concert_documents::text concert_documents::free_seats(const backend& service,
                                                      domain::concert_id concert,
                                                      domain::calendar_date date) {
  static const auto none = std::make_shared<const std::string>("[]");
  const std::lock_guard lock(mutex_);
  follow(service);
  auto known = free_.find({concert, domain::to_string(date)});
  if (known == free_.end()) {
    document fresh;
    for (const auto& option : concerts_.options)
      if (option->concert == concert && option->local_date == date) fresh.options.push_back(option);
    if (fresh.options.empty()) return none;
    known = free_.emplace(day{concert, domain::to_string(date)}, std::move(fresh)).first;
  }

  auto& kept = known->second;
  auto maps = maps_of(service, kept.options);
  if (kept.body && maps == kept.maps) return kept.body;
  std::string body;
  json_writer out(body);
  out.begin_array();
  for (std::size_t i = 0; i < maps.size(); ++i)
    if (maps[i]) write_free_seats(out, *kept.options[i], *maps[i]);
  out.end_array();
  kept.maps = std::move(maps);
  kept.body = std::make_shared<const std::string>(std::move(body));
  return kept.body;
}

} // namespace boxoffice::http
