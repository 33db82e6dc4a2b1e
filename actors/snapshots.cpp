#include "actors/snapshots.hpp"

#include <map>
#include <optional>
#include <unordered_set>

namespace boxoffice::actors {

using domain::seat_map;
using domain::seat_status;

// A map's place on the shelf: commits put a newer map into the same place.
struct map_slot {
  explicit map_slot(seat_map m) : map(std::make_shared<const seat_map>(std::move(m))) {}

  std::shared_ptr<const seat_map> get() const { return std::atomic_load(&map); }
  void put(std::shared_ptr<const seat_map> m) { std::atomic_store(&map, std::move(m)); }

private:
  std::shared_ptr<const seat_map> map;
};

struct snapshots::shelf {
  std::shared_ptr<const domain::catalogue> catalogue = std::make_shared<const domain::catalogue>();
  std::unordered_map<domain::option_id, std::shared_ptr<map_slot>> maps;
};

namespace {

seat_map all_free(const domain::concert_option& o) {
  return {o.id, o.first_seat(), o.seat_count()};
}

} // namespace

snapshots::snapshots() : shelf_(std::make_shared<const shelf>()) {}

std::shared_ptr<const snapshots::shelf> snapshots::current() const {
  return std::atomic_load(&shelf_);
}

std::shared_ptr<const domain::catalogue> snapshots::catalogue() const {
  return current()->catalogue;
}

std::shared_ptr<const seat_map> snapshots::seats(domain::option_id option) const {
  const auto s = current();
  const auto slot = s->maps.find(option);
  return slot == s->maps.end() ? nullptr : slot->second->get();
}

void snapshots::reset(const persistence::image& image) {
  empty_ = image.empty;
  tokens_.reset(image.tokens);
  std::unordered_map<domain::option_id, seat_map> maps;
  for (const auto& [id, option] : image.catalogue.options) maps.emplace(id, all_free(*option));
  std::unordered_map<domain::option_id, std::unordered_set<domain::booking_id>> live;
  for (const auto& taken : image.taken) {
    auto& map = maps.at(taken.option);
    map = map.with({taken.seat}, taken.status, image.last_commit);
    live[taken.option].insert(taken.holder);
  }
  live_bookings_.clear();
  for (const auto& [id, bookings] : live)
    live_bookings_[id] = static_cast<std::int64_t>(bookings.size());
  auto fresh = std::make_shared<shelf>();
  fresh->catalogue = std::make_shared<const domain::catalogue>(image.catalogue);
  for (auto& [id, map] : maps) fresh->maps.emplace(id, std::make_shared<map_slot>(std::move(map)));
  std::atomic_store(&shelf_, std::shared_ptr<const shelf>(std::move(fresh)));
}

// What a commit changes of the catalogue, on a copy that is made when something does.
struct snapshots::catalogue_changes {
  const domain::catalogue& before;
  std::unordered_map<domain::option_id, std::int64_t>& live_bookings;
  std::optional<domain::catalogue> changed;
  std::map<domain::option_id, std::shared_ptr<domain::concert_option>> changed_options;

  domain::catalogue& edit() {
    if (!changed) changed = before;
    return *changed;
  }
  domain::cancellation& edit_cancellation(domain::option_id id) {
    auto& option = changed_options[id];
    if (option == nullptr) {
      auto& place = edit().options.at(id);
      option = std::make_shared<domain::concert_option>(*place);
      place = option;
    }
    if (!option->cancelled) option->cancelled.emplace();
    return *option->cancelled;
  }
  bool is_cancelled(domain::option_id id) const {
    return (changed ? *changed : before).options.at(id)->cancelled.has_value();
  }
  void end_booking(domain::option_id id) {
    const auto left = --live_bookings[id];
    if (is_cancelled(id)) edit_cancellation(id).remaining = left;
  }

  void operator()(const domain::concert_created& e) { edit().concerts.emplace(e.what.id, e.what); }
  void operator()(const domain::option_created& e) {
    edit().options.emplace(e.what.id, std::make_shared<const domain::concert_option>(e.what));
  }
  void operator()(const domain::booking_created& e) { ++live_bookings[e.option]; }
  void operator()(const domain::booking_expired& e) { end_booking(e.option); }
  void operator()(const domain::booking_cancelled& e) { end_booking(e.option); }
  void operator()(const domain::option_cancelled& e) {
    const auto live = live_bookings[e.option];
    edit_cancellation(e.option) = {e.at, live, live, std::nullopt};
  }
  void operator()(const domain::cancellation_completed& e) {
    edit_cancellation(e.option).completed_at = e.at;
  }
  void operator()(const domain::option_published& e) {
    edit().options.emplace(e.what.id, std::make_shared<const domain::concert_option>(e.what));
  }
  template <class Other>
  void operator()(const Other&) {}
};

void snapshots::put_catalogue(domain::catalogue changed) {
  auto fresh = std::make_shared<shelf>(*current());
  for (const auto& [id, option] : changed.options)
    if (fresh->maps.count(id) == 0)
      fresh->maps.emplace(id, std::make_shared<map_slot>(all_free(*option)));
  fresh->catalogue = std::make_shared<const domain::catalogue>(std::move(changed));
  std::atomic_store(&shelf_, std::shared_ptr<const shelf>(std::move(fresh)));
}

// The maps that a commit changes, each put on the shelf once.
struct snapshots::change_set {
  const shelf& on;
  persistence::commit_number version;
  std::unordered_map<domain::option_id, std::shared_ptr<const seat_map>> changed;

  void set(domain::option_id option, const std::vector<domain::seat_id>& seats,
           seat_status status) {
    auto& map = changed[option];
    if (map == nullptr) map = on.maps.at(option)->get();
    map = std::make_shared<const seat_map>(map->with(seats, status, version));
  }
  void operator()(const domain::booking_created& e) {
    std::vector<domain::seat_id> seats;
    for (const auto& s : e.seats) seats.push_back(s.seat);
    set(e.option, seats, seat_status::held);
  }
  void operator()(const domain::booking_expired& e) { set(e.option, e.seats, seat_status::free); }
  void operator()(const domain::booking_cancelled& e) { set(e.option, e.seats, seat_status::free); }
  void operator()(const domain::booking_confirmed& e) { set(e.option, e.seats, seat_status::sold); }
  template <class Other>
  void operator()(const Other&) {}
};

void snapshots::apply(const domain::events& facts, persistence::commit_number version) {
  empty_ = false;
  catalogue_changes of_catalogue{*current()->catalogue, live_bookings_, {}, {}};
  for (const auto& e : facts) std::visit(of_catalogue, e);
  if (of_catalogue.changed) put_catalogue(std::move(*of_catalogue.changed));
  for (const auto& e : facts) tokens_.apply(e);
  const auto on = current();
  change_set changes{*on, version, {}};
  for (const auto& e : facts) std::visit(changes, e);
  for (auto& [option, map] : changes.changed) on->maps.at(option)->put(std::move(map));
}

} // namespace boxoffice::actors
