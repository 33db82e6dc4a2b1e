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
std::string name_of(const domain::request_key& key) { return key.key; }
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
  void move_seats(const domain::booking&, const std::vector<domain::seat_id>&, seat_status from,
                  seat_row to) const;
  void add_option(const domain::concert_option&, bool published) const;
  void add_section(const domain::concert_option&, const domain::section&, int seats) const;
  domain::wallet& wallet_of(const domain::user_id&) const; // of one who isn't erased
  void change_balance(domain::wallet&, domain::money added, domain::money balance) const;
  void add_entry(domain::wallet_entry) const;

  void operator()(const domain::user_created&) const;
  void operator()(const domain::concert_created&) const;
  void operator()(const domain::option_created&) const;
  void operator()(const domain::option_drafted&) const;
  void operator()(const domain::seats_laid&) const;
  void operator()(const domain::option_published&) const;
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
  void operator()(const domain::option_cancelled&) const;
  void operator()(const domain::cancellation_completed&) const;
  void operator()(const domain::refund_started&) const;
  void operator()(const domain::booking_cancelled&) const;
  void operator()(const domain::wallet_refunded&) const;
  void operator()(const domain::token_prioritized&) const;
  void operator()(const domain::queue_configured&) const;
  void operator()(const domain::user_changed&) const;
  void operator()(const domain::user_erased&) const;
  void operator()(const domain::wallet_adjusted&) const;
  void operator()(const domain::operator_acted&) const;
  void operator()(const domain::request_begun&) const;
  void operator()(const domain::request_answered&) const;
  void operator()(const domain::request_dropped&) const;
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
  t.bookings_of_[e.user].insert(e.booking);
  t.unfinished_.insert(t.unfinished_.end(), e.booking);
  used(id_kind::booking, e.booking);
}

domain::booking& tables::change::booking_in(domain::booking_id id, booking_status status,
                                            const char* fault) const {
  auto& row = existing(t.bookings_, "Booking", id);
  require(row.status == status, "Booking", id, fault);
  return row;
}

// A booking's holds end, or its sold seats come back, all at once.
void tables::change::move_seats(const domain::booking& row,
                                const std::vector<domain::seat_id>& seats, seat_status from,
                                seat_row to) const {
  require(row.seats.size() == seats.size(), "Booking", row.id, "has other seats.");
  for (const auto id : seats) {
    auto& seat = find_seat(id);
    require(seat.status == from && seat.holder == row.id, "Seat", id, "is not this booking's.");
    seat = to;
  }
}

void tables::change::operator()(const domain::booking_expired& e) const {
  auto& row = booking_in(e.booking, booking_status::pending, "is not PENDING.");
  move_seats(row, e.seats, seat_status::held, {});
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
  move_seats(row, e.seats, seat_status::held, {seat_status::sold, e.booking});
  row.status = booking_status::confirmed;
  row.confirmed_at = e.at;
}

void tables::change::operator()(const domain::booking_settled& e) const {
  auto& row = booking_in(e.booking, booking_status::confirmed, "is not CONFIRMED.");
  require(!row.settled, "Booking", e.booking, "is settled already.");
  row.settled = true;
  t.unfinished_.erase(e.booking);
}

void tables::change::operator()(const domain::refund_started& e) const {
  auto& row = booking_in(e.booking, booking_status::confirmed, "is not CONFIRMED.");
  require(row.settled && row.payment == e.payment, "Booking", e.booking,
          "is not settled, or not by this payment.");
  row.status = booking_status::refunding;
  t.unfinished_.insert(e.booking);
}

void tables::change::operator()(const domain::booking_cancelled& e) const {
  auto& row = existing(t.bookings_, "Booking", e.booking);
  const bool given_up = row.status == booking_status::pending;
  require(given_up ||
              (row.status == booking_status::refunding && t.refunded_.count(e.booking) != 0),
          "Booking", e.booking, "is neither PENDING nor REFUNDING with its money back.");
  move_seats(row, e.seats, given_up ? seat_status::held : seat_status::sold, {});
  row.status = booking_status::cancelled;
  t.unfinished_.erase(e.booking);
}

// --- a cancelled option

void tables::change::operator()(const domain::option_cancelled& e) const {
  auto& row = existing(t.options_, "Option", e.option);
  require(!row.cancelled, "Option", e.option, "is cancelled already.");
  row.cancelled.emplace();
  row.cancelled->requested_at = e.at;
  row.cancelled->bookings = live_bookings(row);
}

void tables::change::operator()(const domain::cancellation_completed& e) const {
  auto& row = existing(t.options_, "Option", e.option);
  require(row.cancelled && !row.cancelled->completed_at && live_bookings(row) == 0, "Option",
          e.option, "is not cancelled, was completed before, or has live bookings.");
  row.cancelled->completed_at = e.at;
}

// --- wallet

void tables::change::operator()(const domain::wallet_refunded& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  const auto& row = booking_in(e.booking, booking_status::refunding, "is not REFUNDING.");
  require(row.user == e.user && row.payment == e.payment && row.total == e.amount, "Booking",
          e.booking, "is not of this user, payment or amount.");
  change_balance(wallet, e.amount, e.balance);
  add_entry(entry_of(e));
  add_key(t.refunded_, "The refund of booking", e.booking);
  wallet.refunded.insert(e.booking);
}

void tables::change::change_balance(domain::wallet& wallet, domain::money added,
                                    domain::money balance) const {
  require(wallet.balance + added == balance, "User", wallet.owner.id, "has another balance.");
  require(balance.minor >= 0, "User", wallet.owner.id, "has too little.");
  wallet.balance = balance;
}

void tables::change::add_entry(domain::wallet_entry entry) const {
  used(id_kind::entry, entry.id);
  t.entries_of_[entry.user].insert(entry.id);
  const auto id = entry.id;
  require(t.entries_.try_emplace(id, std::move(entry)).second, "Entry", id, "exists already.");
}

void tables::change::operator()(const domain::wallet_adjusted& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor != 0, "Entry", e.entry, "changes nothing.");
  change_balance(wallet, e.amount, e.balance);
  add_entry({e.entry,
             e.user,
             domain::entry_kind::adjustment,
             e.amount,
             e.balance,
             {},
             {},
             e.reason,
             e.at});
}

void tables::change::operator()(const domain::wallet_charged& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor > 0, "Entry", e.entry, "adds nothing.");
  change_balance(wallet, e.amount, e.balance);
  if (e.guards_double_submit) wallet.last_unkeyed_charge = {e.amount, e.at};
  add_entry({e.entry, e.user, domain::entry_kind::charge, e.amount, e.balance, {}, {}, {}, e.at});
}

void tables::change::operator()(const domain::wallet_debited& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor >= 0, "Entry", e.entry, "takes less than nothing.");
  change_balance(wallet, domain::money{} - e.amount, e.balance);
  add_key(t.payments_, "Payment", e.payment);
  const domain::payment_record debit{e.payment, e.booking, e.user, e.amount, e.at};
  require(t.debits_.try_emplace(e.booking, debit).second, "The debit of booking", e.booking,
          "exists already.");
  wallet.payments[e.payment] = true;
  add_entry({e.entry,
             e.user,
             domain::entry_kind::payment,
             domain::money{} - e.amount,
             e.balance,
             e.payment,
             e.booking,
             {},
             e.at});
  used(id_kind::payment, e.payment);
}

void tables::change::operator()(const domain::debit_refused& e) const {
  auto& wallet = existing(t.wallets_, "User", e.user);
  require(e.amount.minor >= 0, "Payment", e.payment, "asks for less than nothing.");
  add_key(t.payments_, "Payment", e.payment);
  wallet.payments[e.payment] = false;
  used(id_kind::payment, e.payment);
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
