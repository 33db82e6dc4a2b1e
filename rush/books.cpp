#include "rush/books.hpp"

#include <algorithm>
#include <set>

namespace boxoffice::rush {
namespace {

std::string number(std::int64_t value) { return std::to_string(value); }

std::string list_of(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

bool is_live(const booking_document& b) {
  return b.status == "PENDING" || b.status == "PAYING" || b.status == "CONFIRMED" ||
         b.status == "REFUNDING";
}

class judge {
public:
  judge(const shown_books& shown, books_report& report) : shown_(shown), report_(report) {}

  void user(const account& told) {
    const auto found = shown_.users.find(told.user);
    if (found == shown_.users.end()) return wrong(told.user + ": the API shows no such user");
    const auto& shown = found->second;
    ++report_.users;
    if (told.unsure_booking || told.unsure_money) ++report_.unsure;
    std::set<std::int64_t> known;
    std::int64_t paid = 0;
    for (const auto& booking : told.bookings) {
      known.insert(booking.what.id);
      if (booking.state == told_state::paid) paid += booking.what.amount;
      was_told(told, booking, shown);
    }
    for (const auto& booking : shown.bookings) {
      if (booking.status == "CONFIRMED") is_sold(told, booking, known.count(booking.id) != 0);
      if (is_live(booking)) has_seats(told, booking);
    }
    money(told, shown, paid);
  }

  void seat_map() {
    std::size_t sold = 0;
    for (const auto& [name, status] : shown_.seats) sold += status == "SOLD" ? 1 : 0;
    for (const auto& [name, owner] : owners_) {
      const auto found = shown_.seats.find(name);
      if (found == shown_.seats.end())
        wrong("seat " + name + ", paid by " + owner + ": not in the seat map");
      else if (found->second != "SOLD")
        wrong("seat " + name + ", paid by " + owner + ": the seat map says " + found->second);
    }
    report_.seats_sold = owners_.size();
    // It is read last: a payment whose answer was lost may have come through since.
    const bool agrees = report_.unsure == 0 ? sold == owners_.size() : sold >= owners_.size();
    if (shown_.only_ours && !agrees)
      wrong("the seat map has " + std::to_string(sold) + " seats sold, the bookings " +
            std::to_string(owners_.size()));
  }

private:
  void wrong(std::string row) { report_.wrong.push_back(std::move(row)); }

  void was_told(const account& who, const told_booking& told, const shown_account& shown) {
    const auto row = who.user + ", booking " + number(told.what.id);
    const auto is_it = [&](const booking_document& b) { return b.id == told.what.id; };
    const auto times = std::count_if(shown.bookings.begin(), shown.bookings.end(), is_it);
    if (times != 1) return wrong(row + ": shown " + number(times) + " times, told once");
    const auto& now = *std::find_if(shown.bookings.begin(), shown.bookings.end(), is_it);
    if (list_of(now.seats) != list_of(told.what.seats) || now.amount != told.what.amount)
      wrong(row + ": told " + list_of(told.what.seats) + " for " + number(told.what.amount) +
            ", shown " + list_of(now.seats) + " for " + number(now.amount));
    if (told.state == told_state::paid && now.status != "CONFIRMED")
      wrong(row + ": told paid, shown " + now.status);
    if (told.state == told_state::held && now.status != "PENDING" && now.status != "EXPIRED")
      wrong(row + ": told held, shown " + now.status);
    if (told.state == told_state::given_up && now.status != "CANCELLED")
      wrong(row + ": told given up, shown " + now.status);
  }

  void is_sold(const account& who, const booking_document& booking, bool known) {
    if (!known && !who.unsure_booking)
      wrong(who.user + ", booking " + number(booking.id) + ": shown paid, never told");
    ++report_.paid;
    report_.paid_amount += booking.amount;
    for (const auto& name : booking.seats) {
      const auto [owner, fresh] = owners_.emplace(name, who.user);
      if (!fresh) wrong("seat " + name + ": sold to " + owner->second + " and to " + who.user);
    }
  }

  // Nobody else has them, sold or not. (Sold twice: that is told already.)
  void has_seats(const account& who, const booking_document& booking) {
    const bool sold = booking.status == "CONFIRMED";
    for (const auto& name : booking.seats) {
      const auto [other, fresh] = holders_.emplace(name, holder{who.user, sold});
      if (!fresh && !(sold && other->second.paid))
        wrong("seat " + name + ": of " + other->second.user + " and of " + who.user);
    }
  }

  void money(const account& who, const shown_account& shown, std::int64_t paid) {
    std::int64_t sum = 0;
    for (const auto& entry : shown.entries) sum += entry.amount;
    report_.charged += who.charged;
    report_.balance += shown.balance;
    if (!who.unsure_money && sum != shown.balance)
      wrong(who.user + ": the entries come to " + number(sum) + ", the balance is " +
            number(shown.balance));
    if (!who.unsure_money && who.charged - paid != shown.balance)
      wrong(who.user + ": charged " + number(who.charged) + ", paid " + number(paid) +
            ", but the balance is " + number(shown.balance));
  }

  const shown_books& shown_;
  books_report& report_;
  struct holder {
    std::string user;
    bool paid = false;
  };
  std::map<std::string, std::string> owners_; // of sold seats
  std::map<std::string, holder> holders_;     // of those, and of held ones
};

} // namespace

books_report check_books(const std::vector<const account*>& told, const shown_books& shown) {
  books_report report;
  judge by(shown, report);
  for (const auto* each : told) by.user(*each);
  by.seat_map();
  return report;
}

} // namespace boxoffice::rush
