#include "actors/snapshots.hpp"

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
  std::unordered_map<domain::option_id, seat_map> maps;
  for (const auto& [id, option] : image.catalogue.options) maps.emplace(id, all_free(*option));
  for (const auto& taken : image.taken) {
    auto& map = maps.at(taken.option);
    map = map.with({taken.seat}, taken.status, image.last_commit);
  }
  auto fresh = std::make_shared<shelf>();
  fresh->catalogue = std::make_shared<const domain::catalogue>(image.catalogue);
  for (auto& [id, map] : maps) fresh->maps.emplace(id, std::make_shared<map_slot>(std::move(map)));
  std::atomic_store(&shelf_, std::shared_ptr<const shelf>(std::move(fresh)));
}

namespace {

struct catalogue_additions {
  domain::catalogue& catalogue;

  void operator()(const domain::concert_created& e) const {
    catalogue.concerts.emplace(e.what.id, e.what);
  }
  void operator()(const domain::option_created& e) const {
    catalogue.options.emplace(e.what.id, std::make_shared<const domain::concert_option>(e.what));
  }
  template <class Other>
  void operator()(const Other&) const {}
};

bool changes_catalogue(const domain::event& e) {
  return std::holds_alternative<domain::concert_created>(e) ||
         std::holds_alternative<domain::option_created>(e);
}

} // namespace

void snapshots::add_to_catalogue(const domain::events& facts) {
  const auto before = current();
  auto catalogue = std::make_shared<domain::catalogue>(*before->catalogue);
  for (const auto& e : facts) std::visit(catalogue_additions{*catalogue}, e);
  auto fresh = std::make_shared<shelf>(*before);
  for (const auto& [id, option] : catalogue->options)
    if (fresh->maps.count(id) == 0)
      fresh->maps.emplace(id, std::make_shared<map_slot>(all_free(*option)));
  fresh->catalogue = std::move(catalogue);
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
  void operator()(const domain::booking_confirmed& e) { set(e.option, e.seats, seat_status::sold); }
  template <class Other>
  void operator()(const Other&) {}
};

void snapshots::apply(const domain::events& facts, persistence::commit_number version) {
  empty_ = false;
  for (const auto& e : facts)
    if (changes_catalogue(e)) {
      add_to_catalogue(facts);
      break;
    }
  const auto on = current();
  change_set changes{*on, version, {}};
  for (const auto& e : facts) std::visit(changes, e);
  for (auto& [option, map] : changes.changed) on->maps.at(option)->put(std::move(map));
}

} // namespace boxoffice::actors
