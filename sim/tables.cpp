#include "sim/table_change.hpp"

#include <utility>
#include <variant>

namespace boxoffice::sim {

using namespace rows;
using domain::booking_status;
using domain::id_kind;
using domain::seat_status;
using domain::token_status;

void tables::apply(const domain::event& fact) { std::visit(change{*this}, fact); }

void tables::end_commit(persistence::commit_number number, domain::time_point now) {
  last_commit_ = number;
  last_time_ = std::max(last_time_, now);
}

// --- users and the catalogue

void tables::change::operator()(const domain::user_created& e) const {
  const auto [added, is_new] = t.wallets_.try_emplace(e.who.id);
  require(is_new, "User", e.who.id, "exists already.");
  add_key(t.points_, "Point", e.wallet);
  added->second.owner = e.who;
  added->second.id = e.wallet;
  added->second.created_at = e.at;
  used(id_kind::point, e.wallet);
}

domain::wallet& tables::change::wallet_of(const domain::user_id& user) const {
  auto& wallet = existing(t.wallets_, "User", user);
  require(!wallet.erased, "User", user, "does not exist any more.");
  return wallet;
}

void tables::change::operator()(const domain::user_changed& e) const {
  wallet_of(e.who.id).owner = e.who;
}

void tables::change::operator()(const domain::user_erased& e) const {
  auto& wallet = wallet_of(e.user);
  wallet.owner.name.clear();
  wallet.owner.email.clear();
  wallet.erased = true;
}

void tables::change::operator()(const domain::concert_created& e) const {
  const auto [added, is_new] = t.concerts_.try_emplace(e.what.id);
  require(is_new, "Concert", e.what.id, "exists already.");
  added->second.what = e.what;
  used(id_kind::concert, e.what.id);
}

void tables::change::add_option(const domain::concert_option& what, bool published) const {
  existing(t.concerts_, "Concert", what.concert);
  const auto [added, is_new] = t.options_.try_emplace(what.id);
  require(is_new, "Option", what.id, "exists already.");
  auto option = std::make_shared<domain::concert_option>(what);
  auto& sections = option->sections;
  std::sort(sections.begin(), sections.end(),
            [](const auto& one, const auto& other) { return one.first_seat < other.first_seat; });
  for (auto s = sections.begin(); s != sections.end(); ++s) {
    const bool is_named_twice = std::any_of(
        sections.begin(), s, [s](const auto& before) { return before.name == s->name; });
    require(!is_named_twice, "Option", what.id, "has two sections of one name.");
    add_section(*option, *s, published ? s->seats : 0);
  }
  added->second.what = std::move(option);
  added->second.published = published;
  used(id_kind::option, what.id);
}

void tables::change::operator()(const domain::option_created& e) const { add_option(e.what, true); }

void tables::change::operator()(const domain::option_drafted& e) const {
  add_option(e.what, false);
}

void tables::change::operator()(const domain::seats_laid& e) const {
  const auto next = t.sections_.upper_bound(e.first);
  require(next != t.sections_.begin(), "Seat", e.first, "is in no section.");
  auto& row = std::prev(next)->second;
  const auto laid = static_cast<std::int64_t>(row.seats.size());
  require(row.option == e.option && row.what.name == e.section &&
              row.what.first_seat.value + laid == e.first.value && e.first_number == laid + 1 &&
              laid + e.count <= row.what.seats && row.what.price == e.price,
          "Seat", e.first, "does not follow those that are there.");
  row.seats.resize(row.seats.size() + static_cast<std::size_t>(e.count));
}

void tables::change::operator()(const domain::option_published& e) const {
  auto& option = existing(t.options_, "Option", e.what.id);
  require(!option.published, "Option", e.what.id, "is no draft.");
  for (const auto& s : option.what->sections)
    require(t.sections_.at(s.first_seat).seats.size() == static_cast<std::size_t>(s.seats),
            "Option", e.what.id, "lacks seats.");
  option.published = true;
}

void tables::change::add_section(const domain::concert_option& option,
                                 const domain::section& section, int seats) const {
  require(section.seats > 0 && section.price.minor >= 0, "Option", option.id,
          "has a section without seats, or with a price below zero.");
  const domain::seat_id last{section.first_seat.value + section.seats - 1};
  const auto next = t.sections_.upper_bound(last); // the one before it begins latest of the others
  if (next != t.sections_.begin()) {
    const auto& before = std::prev(next)->second.what;
    require(before.first_seat.value + before.seats <= section.first_seat.value, "Seat",
            section.first_seat, "or one that follows it exists already.");
  }
  auto& row = t.sections_[section.first_seat];
  row.option = option.id;
  row.what = section;
  row.seats.resize(static_cast<std::size_t>(seats));
  used(id_kind::seat, last);
}

// --- queue

void tables::change::operator()(const domain::token_issued& e) const {
  existing(t.wallets_, "User", e.user);
  auto& concert = existing(t.concerts_, "Concert", e.concert);
  const auto [added, is_new] = t.tokens_.try_emplace(e.token);
  require(is_new, "Token", e.token, "exists already.");
  add_key(t.token_rows_, "The row of a token,", e.row);
  auto& row = added->second;
  row.concert = e.concert;
  row.what.key = e.token;
  row.what.row = e.row;
  row.what.user = e.user;
  row.what.arrival = e.arrival;
  row.what.priority = e.priority;
  row.what.issued_at = e.at;
  row.what.expires_at = e.expires_at;
  require(concert.by_arrival.try_emplace(e.arrival, &row).second, "Token", e.token,
          "arrives as another did.");
  require(concert.live.try_emplace(e.user, &row).second, "User", e.user, "has a live token.");
  used(id_kind::token, e.row);
}

void tables::change::operator()(const domain::token_admitted& e) const {
  auto& row = existing(t.tokens_, "Token", e.token);
  require(row.what.status == token_status::waiting, "Token", e.token, "does not wait.");
  row.what.status = token_status::processing;
  row.what.admitted_at = e.at;
  row.what.expires_at = e.expires_at;
  t.concerts_.at(row.concert).admissions.emplace(e.at, &row);
}

void tables::change::operator()(const domain::token_expired& e) const {
  auto& row = existing(t.tokens_, "Token", e.token);
  require(row.what.status != token_status::expired, "Token", e.token, "is not alive.");
  row.what.status = token_status::expired;
  row.what.expires_at = e.at;
  t.dead_.emplace(std::pair(e.at, row.what.row), &row);
  t.concerts_.at(row.concert).live.erase(row.what.user);
}

void tables::change::operator()(const domain::token_prioritized& e) const {
  auto& row = existing(t.tokens_, "Token", e.token);
  require(row.what.status != token_status::expired, "Token", e.token, "is not alive.");
  row.what.priority = e.priority;
}

void tables::change::operator()(const domain::queue_configured& e) const {
  auto& concert = existing(t.concerts_, "Concert", e.concert);
  concert.set = {e.active_limit, e.admit_per_second, e.paused};
}

// --- operators

void tables::change::operator()(const domain::operator_acted& e) const {
  const domain::audit_id next{static_cast<std::int64_t>(t.acts_.size()) + 1};
  t.acts_.push_back({next, e.at, e.act, e.subject, e.reason});
}

// --- requests with an Idempotency-Key

void tables::change::operator()(const domain::request_begun& e) const {
  require(t.requests_.write(e), "The request", e.key, "is kept already.");
}

void tables::change::operator()(const domain::request_answered& e) const {
  require(t.requests_.write(e), "The request", e.key, "is answered already.");
}

void tables::change::operator()(const domain::request_dropped& e) const {
  require(t.requests_.write(e), "The request", e.key, "is not under way.");
}

} // namespace boxoffice::sim
