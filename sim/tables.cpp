#include "sim/tables.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace boxoffice::sim {

using domain::booking_status;
using domain::id_kind;
using domain::seat_status;
using domain::token_status;

namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw persistence::store_failed(persistence::store_failed::reason::refused, what);
}

std::string name_of(domain::token_key token) { return to_string(token); }
std::string name_of(const domain::user_id& user) { return user.value; }
template <class Tag>
std::string name_of(domain::id<Tag> id) {
  return std::to_string(id.value);
}

// The text is built only when it is told: that is not cheap.
template <class Id>
void require(bool held, const char* entity, const Id& id, const char* fault) {
  if (!held) refuse(std::string(entity) + ' ' + name_of(id) + ' ' + fault);
}

template <class Table, class Id>
auto& existing(Table& rows, const char* entity, const Id& id) {
  const auto found = rows.find(id);
  require(found != rows.end(), entity, id, "does not exist.");
  return found->second;
}

// Ids mostly rise, so the end is where a new one belongs.
template <class Id>
void add_key(std::set<Id>& keys, const char* entity, const Id& id) {
  const auto before = keys.size();
  keys.insert(keys.end(), id);
  require(keys.size() > before, entity, id, "exists already.");
}

} // namespace

struct tables::change {
  tables& t;

  template <class Id>
  void used(id_kind kind, Id id) const {
    auto& next = t.next_ids_[static_cast<std::size_t>(kind)];
    next = std::max(next, id.value + 1);
  }
  seat_row& find_seat(domain::seat_id id) const;
  domain::booking& booking_in(domain::booking_id, booking_status, const char* fault) const;
  void move_seats(const domain::booking&, const std::vector<domain::seat_id>&, seat_row to) const;
  void add_section(const domain::concert_option&, const domain::section&) const;
  void change_balance(domain::wallet&, domain::money added, domain::money balance) const;

  void operator()(const domain::user_created&) const;
  void operator()(const domain::concert_created&) const;
  void operator()(const domain::option_created&) const;
  void operator()(const domain::token_issued&) const;
  void operator()(const domain::token_admitted&) const;
  void operator()(const domain::token_expired&) const;
  void operator()(const domain::booking_created&) const;
  void operator()(const domain::booking_expired&) const;
  void operator()(const domain::payment_started&) const;
  void operator()(const domain::payment_refused&) const;
  void operator()(const domain::booking_confirmed&) const;
  void operator()(const domain::booking_settled&) const;
  void operator()(const domain::wallet_charged&) const;
  void operator()(const domain::wallet_debited&) const;
  void operator()(const domain::debit_refused&) const;
};

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
  used(id_kind::point, e.wallet);
}

void tables::change::operator()(const domain::concert_created& e) const {
  const auto [added, is_new] = t.concerts_.try_emplace(e.what.id);
  require(is_new, "Concert", e.what.id, "exists already.");
  added->second.what = e.what;
  used(id_kind::concert, e.what.id);
}

void tables::change::operator()(const domain::option_created& e) const {
  existing(t.concerts_, "Concert", e.what.concert);
  const auto [added, is_new] = t.options_.try_emplace(e.what.id);
  require(is_new, "Option", e.what.id, "exists already.");
  auto option = std::make_shared<domain::concert_option>(e.what);
  auto& sections = option->sections;
  std::sort(sections.begin(), sections.end(),
            [](const auto& one, const auto& other) { return one.first_seat < other.first_seat; });
  for (auto s = sections.begin(); s != sections.end(); ++s) {
    const bool is_named_twice = std::any_of(
        sections.begin(), s, [s](const auto& before) { return before.name == s->name; });
    require(!is_named_twice, "Option", e.what.id, "has two sections of one name.");
    add_section(*option, *s);
  }
  added->second.what = std::move(option);
  used(id_kind::option, e.what.id);
}

void tables::change::add_section(const domain::concert_option& option,
                                 const domain::section& section) const {
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
  row.seats.resize(static_cast<std::size_t>(section.seats));
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
  t.concerts_.at(row.concert).live.erase(row.what.user);
}

// --- booking

tables::seat_row& tables::change::find_seat(domain::seat_id id) const {
  const auto place = t.find_seat(id);
  require(place.section != nullptr, "Seat", id, "does not exist.");
  return t.sections_.at(place.section->what.first_seat).seats[place.index];
}

void tables::change::operator()(const domain::booking_created& e) const {
  auto& option = existing(t.options_, "Option", e.option);
  existing(t.wallets_, "User", e.user);
  require(e.total.minor >= 0, "Booking", e.booking, "costs less than nothing.");
  const auto [added, is_new] = t.bookings_.try_emplace(e.booking);
  require(is_new, "Booking", e.booking, "exists already.");
  auto& row = added->second;
  row.id = e.booking;
  row.option = e.option;
  row.concert = e.concert;
  row.user = e.user;
  row.token = e.token;
  row.total = e.total;
  row.created_at = e.at;
  row.expires_at = e.expires_at;
  row.seats = e.seats;
  std::sort(row.seats.begin(), row.seats.end(),
            [](const auto& one, const auto& other) { return one.seat < other.seat; });
  for (auto& s : row.seats) {
    const auto place = t.find_seat(s.seat);
    require(place.section != nullptr && place.section->option == e.option &&
                place.section->seats[place.index].status == seat_status::free,
            "Seat", s.seat, "is not free in this option.");
    require(s.price.minor >= 0, "Seat", s.seat, "costs less than nothing.");
    add_key(t.reservations_, "Reservation", s.reservation);
    find_seat(s.seat) = {seat_status::held, e.booking};
    // Names are the seats' own, whatever the fact says.
    s.name = {place.section->what.name, static_cast<int>(place.index) + 1};
    used(id_kind::reservation, s.reservation);
  }
  option.bookings.push_back(&row);
  t.unfinished_.insert(t.unfinished_.end(), e.booking);
  used(id_kind::booking, e.booking);
}

domain::booking& tables::change::booking_in(domain::booking_id id, booking_status status,
                                            const char* fault) const {
  auto& row = existing(t.bookings_, "Booking", id);
  require(row.status == status, "Booking", id, fault);
  return row;
}

// A booking's holds end, all at once.
void tables::change::move_seats(const domain::booking& row,
                                const std::vector<domain::seat_id>& seats, seat_row to) const {
  require(row.seats.size() == seats.size(), "Booking", row.id, "has other seats.");
  for (const auto id : seats) {
    auto& seat = find_seat(id);
    require(seat.status == seat_status::held && seat.holder == row.id, "Seat", id,
            "is not held for this booking.");
    seat = to;
  }
}

void tables::change::operator()(const domain::booking_expired& e) const {
  auto& row = booking_in(e.booking, booking_status::pending, "is not PENDING.");
  move_seats(row, e.seats, {});
  row.status = booking_status::expired;
  t.unfinished_.erase(e.booking);
}

void tables::change::operator()(const domain::payment_started& e) const {
  auto& row = booking_in(e.booking, booking_status::pending, "is not PENDING.");
  row.status = booking_status::paying;
  row.payment = e.payment;
  row.paid_with = e.token;
  used(id_kind::payment, e.payment);
}

void tables::change::operator()(const domain::payment_refused& e) const {
  auto& row = booking_in(e.booking, booking_status::paying, "is not PAYING.");
  require(row.payment == e.payment, "Booking", e.booking, "is not PAYING with this payment.");
  row.status = booking_status::pending;
}

void tables::change::operator()(const domain::booking_confirmed& e) const {
  auto& row = booking_in(e.booking, booking_status::paying, "is not PAYING.");
  require(row.payment == e.payment, "Booking", e.booking, "is not PAYING with this payment.");
  move_seats(row, e.seats, {seat_status::sold, e.booking});
  row.status = booking_status::confirmed;
}

void tables::change::operator()(const domain::booking_settled& e) const {
  auto& row = booking_in(e.booking, booking_status::confirmed, "is not CONFIRMED.");
  require(!row.settled, "Booking", e.booking, "is settled already.");
  row.settled = true;
  t.unfinished_.erase(e.booking);
}

// --- wallet

void tables::change::change_balance(domain::wallet& wallet, domain::money added,
                                    domain::money balance) const {
  require(wallet.balance + added == balance, "User", wallet.owner.id, "has another balance.");
  require(balance.minor >= 0, "User", wallet.owner.id, "has too little.");
  wallet.balance = balance;
}

void tables::change::operator()(const domain::wallet_charged& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor > 0, "Entry", e.entry, "adds nothing.");
  change_balance(wallet, e.amount, e.balance);
  if (e.guards_double_submit) wallet.last_unkeyed_charge = {e.amount, e.at};
  add_key(t.entries_, "Entry", e.entry);
  used(id_kind::entry, e.entry);
}

void tables::change::operator()(const domain::wallet_debited& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor >= 0, "Entry", e.entry, "takes less than nothing.");
  change_balance(wallet, domain::money{} - e.amount, e.balance);
  add_key(t.entries_, "Entry", e.entry);
  add_key(t.payments_, "Payment", e.payment);
  add_key(t.debited_, "The debit of booking", e.booking);
  wallet.payments[e.payment] = true;
  used(id_kind::entry, e.entry);
  used(id_kind::payment, e.payment);
}

void tables::change::operator()(const domain::debit_refused& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor >= 0, "Payment", e.payment, "asks for less than nothing.");
  add_key(t.payments_, "Payment", e.payment);
  wallet.payments[e.payment] = false;
  used(id_kind::payment, e.payment);
}

} // namespace boxoffice::sim
