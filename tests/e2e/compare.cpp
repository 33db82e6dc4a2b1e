#include "tests/e2e/compare.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace boxoffice::e2e {

namespace {

std::set<std::string> as_set(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

class comparison {
public:
  comparison(std::vector<customer>& crowd, const books& found, bool holds_expire)
      : crowd_(crowd), found_(found), holds_expire_(holds_expire) {}

  std::vector<std::string> run() {
    for (const auto& c : crowd_)
      for (const auto& [id, b] : c.bookings) known_.insert(id);
    for (auto& c : crowd_) resolve(c);
    for (auto& c : crowd_) check(c);
    for (const auto& [id, b] : found_.bookings)
      if (known_.count(id) == 0) fault("booking " + std::to_string(id) + " is nobody's");
    for (const auto seat : found_.seats_with_two_holders)
      fault("seat " + std::to_string(seat) + " has two holders");
    return std::move(faults_);
  }

private:
  void fault(const std::string& text) { faults_.push_back(text); }

  std::int64_t balance_of(const customer& c) const {
    const auto stored = found_.balances.find(c.id);
    return stored == found_.balances.end() ? -1 : stored->second;
  }

  void resolve(customer& c) {
    if (!c.open) return;
    const auto open = std::move(*c.open);
    c.open.reset();
    switch (open.what) {
    case doubt::act::charge: return resolve_charge(c, open);
    case doubt::act::book: return resolve_booking(c, open.booking);
    case doubt::act::pay: return resolve_payment(c, open);
    case doubt::act::cancel: return resolve_cancellation(c, open.booking.id);
    }
  }

  void resolve_charge(customer& c, const doubt& open) {
    if (balance_of(c) != c.balance + open.amount) return;
    c.balance += open.amount;
    c.last_charge = open.amount;
  }

  void resolve_booking(customer& c, bought wanted) {
    for (const auto& [id, b] : found_.bookings) {
      const bool same = b.user == c.id && b.option == wanted.option &&
                        b.seats == as_set(wanted.seats) && known_.count(id) == 0;
      if (!same) continue;
      wanted.id = id;
      known_.insert(id);
      c.bookings.emplace(id, wanted);
      return;
    }
  }

  void resolve_payment(customer& c, const doubt& open) {
    const auto stored = found_.bookings.find(open.booking.id);
    if (stored == found_.bookings.end() || stored->second.status != "CONFIRMED") return;
    c.balance -= open.booking.total;
    c.note_paid(c.bookings.at(open.booking.id), open.paid_with);
  }

  void resolve_cancellation(customer& c, std::int64_t id) {
    const auto stored = found_.bookings.find(id);
    if (stored == found_.bookings.end() || stored->second.status != "CANCELLED") return;
    c.note_cancelled(c.bookings.at(id));
  }

  void check(customer& c) {
    if (balance_of(c) != c.balance)
      fault(c.id + " has " + std::to_string(balance_of(c)) + " and was told " +
            std::to_string(c.balance));
    for (auto& [id, b] : c.bookings) check(c, b);
    for (const auto& [token, concert] : c.all_tokens) check(c, token, concert);
  }

  void check(const customer& c, bought& b) {
    const auto name = "booking " + std::to_string(b.id) + " of " + c.id;
    const auto found = found_.bookings.find(b.id);
    if (found == found_.bookings.end()) return fault(name + " is lost");
    const auto& stored = found->second;
    if (stored.user != c.id || stored.option != b.option || stored.total != b.total ||
        stored.seats != as_set(b.seats))
      fault(name + " has become another's, or another");
    if (!b.paid && holds_expire_ && stored.status == "EXPIRED") b.expired = true;
    const std::string expected = b.cancelled ? "CANCELLED"
                                 : b.paid    ? "CONFIRMED"
                                 : b.expired ? "EXPIRED"
                                             : "PENDING";
    if (stored.status != expected) fault(name + " is " + stored.status + ", not " + expected);
  }

  void check(const customer& c, const std::string& token, int concert) {
    const auto found = found_.tokens.find(token);
    if (found == found_.tokens.end()) return fault("token " + token + " of " + c.id + " is lost");
    const auto& stored = found->second;
    const auto live = c.live_tokens.find(concert);
    const bool lives = live != c.live_tokens.end() && live->second == token;
    if (stored.user != c.id || stored.concert != std::to_string(concert) ||
        stored.status != (lives ? "PROCESSING" : "EXPIRED"))
      fault("token " + token + " of " + c.id + " is " + stored.status + " for " + stored.user);
  }

  std::vector<customer>& crowd_;
  const books& found_;
  const bool holds_expire_;
  std::set<std::int64_t> known_;
  std::vector<std::string> faults_;
};

void check_none(const std::vector<std::string>& faults) {
  for (const auto& fault : faults) BOOST_ERROR(fault);
}

} // namespace

std::vector<std::string> compare_with_books(std::vector<customer>& crowd, const books& found,
                                            bool holds_expire) {
  return comparison(crowd, found, holds_expire).run();
}

std::vector<std::string> compare_with_api(const std::vector<customer>& crowd,
                                          const server& service) {
  std::vector<std::string> faults;
  caller client(service);
  for (const auto& c : crowd) {
    const auto balance = std::llround(client.balance_of(c.id).get<double>() * 100);
    if (balance != c.balance)
      faults.push_back(c.id + " is told " + std::to_string(balance) + ", not " +
                       std::to_string(c.balance));
    for (const auto& [concert, token] : c.live_tokens)
      if (client.token_of(c.id, concert) != token)
        faults.push_back(c.id + " has lost token " + token);
  }
  return faults;
}

void check_history(sale& crowd, const server& service, bool holds_expire) {
  check_none(crowd.take_faults());
  const auto audit = run({"audit", "--store.path", service.store().string()});
  BOOST_CHECK_MESSAGE(audit.status == 0 && audit.output.find("WRONG") == std::string::npos,
                      audit.output);
  books found;
  BOOST_CHECK_MESSAGE(eventually([&] { return (found = read_books(service.store())).at_rest(); }),
                      "a payment under way does not finish");
  check_none(compare_with_books(crowd.customers(), found, holds_expire));
  check_none(compare_with_api(crowd.customers(), service));
}

} // namespace boxoffice::e2e
