#include "actors/caretaker_entity.hpp"

#include <map>
#include <set>

namespace boxoffice::actors {

namespace {

// Tokens and bookings that one commit deletes, and the rest before the next: others go on beside
// it.
constexpr std::size_t forgotten_at_once = 64;
constexpr domain::duration pause_between_parts = std::chrono::milliseconds(10);

// What those who may be in memory have to hear of what is forgotten.
std::vector<release> news_of(const domain::past& part, const domain::events& facts) {
  std::set<domain::booking_id> gone;
  for (const auto& fact : facts)
    if (const auto* forgotten = std::get_if<domain::bookings_forgotten>(&fact))
      gone.insert(forgotten->bookings.begin(), forgotten->bookings.end());
  std::map<domain::option_id, bookings_gone> to_desks;
  std::map<domain::user_id, refusals_gone> to_wallets;
  std::vector<release> news;
  for (const auto& b : part.bookings) {
    if (gone.count(b.booking) == 0) continue;
    auto& desk = to_desks[b.option];
    desk.option = b.option;
    desk.bookings.push_back(b);
    news.emplace_back(letter(booking_gone{b.booking}));
    auto& wallet = to_wallets[b.user];
    wallet.user = b.user;
    wallet.bookings.push_back(b.booking);
  }
  for (auto& [option, m] : to_desks) news.emplace_back(letter(std::move(m)));
  for (auto& [user, m] : to_wallets) news.emplace_back(letter(std::move(m)));
  return news;
}

} // namespace

void caretaker_entity::on(clean_up&) {
  if (cleans_up_) return;
  cleans_up_ = true;
  begun_at_ = now();
  held_back_.clear();
  next_ = domain::begin_of_past(rules().retention, begun_at_, forgotten_at_once);
  look_back();
}

void caretaker_entity::on(past_found& m) {
  if (m.what.empty()) {
    cleans_up_ = false;
    return exits().offer_to_retire();
  }
  next_ = domain::next_of_past(next_, m.what);
  auto facts = domain::decide_forgetting(m.what, rules().retention, begun_at_, held_back_);
  if (facts.empty()) return look_back();
  auto news = news_of(m.what, facts);
  append(std::move(facts), std::move(news));
}

void caretaker_entity::on_durable() { exits().wake_after(pause_between_parts); }

void caretaker_entity::on_timer() { look_back(); }

} // namespace boxoffice::actors
