#include "tests/e2e/sale.hpp"

#include "tests/e2e/books.hpp"

#include <cmath>
#include <set>

namespace boxoffice::e2e {

namespace {

constexpr int most_pending = 3;
constexpr std::int64_t seat_price = 100;

std::int64_t minor(const json& points) { return std::llround(points.get<double>() * 100); }

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

} // namespace

std::vector<bought*> customer::pending() {
  std::vector<bought*> result;
  for (auto& [number, b] : bookings)
    if (!b.paid && !b.expired && !b.cancelled) result.push_back(&b);
  return result;
}

void customer::note_paid(bought& b, const std::string& paid_with) {
  b.paid = true;
  const auto live = live_tokens.find(b.concert);
  if (live != live_tokens.end() && (live->second == b.token || live->second == paid_with))
    live_tokens.erase(live);
}

void customer::note_cancelled(bought& b) {
  b.cancelled = true;
  if (b.paid) balance += b.total;
}

// One customer after the other at the counter, over one connection.
struct sale::shopper {
  sale& house;
  caller client;
  dice& random;
  customer* who = nullptr;

  void fault(const std::string& what, const answer& a) {
    house.fault(who->id + " " + what + ": " + std::to_string(a.status) + " " + a.body);
  }

  // Asks for a change. Nothing when its fate is not known; then it is the customer's open doubt.
  template <class Ask>
  std::optional<answer> change(doubt what, Ask ask) {
    who->open = std::move(what);
    auto a = ask();
    house.note_answer();
    if (a.status == 503) {
      ++house.unavailable_;
      const bool polite = !a.header("retry-after").empty();
      if (!house.may_be_unavailable || !polite) fault("was turned away", a);
      return std::nullopt;
    }
    who->open.reset();
    return a;
  }

  // Asking again gives the same token; empty when there is none to be had.
  std::string token(int concert) {
    const auto a = client.enter(who->id, concert);
    if (a.status == 503 && house.may_be_unavailable) {
      ++house.unavailable_;
      return {};
    }
    if (a.status != 200 || a.document().at("queueStatus") != "PROCESSING") {
      fault("entered", a);
      return {};
    }
    const std::string given = a.document().at("queueToken");
    const auto [known, is_new] = who->live_tokens.emplace(concert, given);
    if (!is_new && known->second != given) fault("has another token than " + known->second, a);
    who->all_tokens[given] = concert;
    return given;
  }

  void charge() {
    const std::int64_t amount = random.between(1, 900);
    const auto a = change({doubt::act::charge, amount, {}, {}}, [&] {
      const auto points = static_cast<double>(amount) / 100;
      return random.one_in(2) ? client.charge(who->id, points)
                              : client.charge_points(who->id, points);
    });
    if (!a) return;
    if (a->code() == "DUPLICATE_REQUEST" && amount == who->last_charge) return;
    if (a->status != 200) return fault("charged", *a);
    who->balance += amount;
    who->last_charge = amount;
    const auto document = a->document();
    const auto& told =
        document.contains("user") ? document["user"]["balance"] : document["balance"];
    if (minor(told) != who->balance) fault("is told a wrong balance", *a);
  }

  // One to three seats near where the others buy.
  std::vector<std::string> choose_seats() {
    const int front = house.front_.fetch_add(1);
    std::set<int> places;
    for (int n = random.between(1, 3); n > 0; --n) places.insert(front + random.between(0, 20));
    std::vector<std::string> names;
    for (const int place : places) {
      const int seat = place % (hall_sections * hall_section_seats);
      names.push_back(std::string(1, static_cast<char>('A' + seat / hall_section_seats)) + "_" +
                      std::to_string(seat % hall_section_seats + 1));
    }
    std::shuffle(names.begin(), names.end(), random.engine());
    return names;
  }

  void book() {
    bought b;
    b.concert = random.between(1, 2);
    b.option = b.concert == 1 ? hall_of_concert_1 : hall_of_concert_2;
    b.seats = choose_seats();
    b.total = seat_price * static_cast<std::int64_t>(b.seats.size());
    b.token = token(b.concert);
    if (b.token.empty()) return;
    const auto a = change({doubt::act::book, 0, b, {}},
                          [&] { return client.book(b.token, who->id, b.option, joined(b.seats)); });
    if (!a || a->code() == "SEAT_ALREADY_RESERVED") return;
    if (a->status != 200) return fault("booked", *a);
    b.id = a->document().at("bookingId");
    if (!who->bookings.emplace(b.id, b).second) fault("is given an old booking", *a);
  }

  bool has_paid_in(int option) const {
    return std::any_of(who->bookings.begin(), who->bookings.end(), [&](const auto& entry) {
      return entry.second.paid && !entry.second.cancelled && entry.second.option == option;
    });
  }

  void pay() {
    const auto open = who->pending();
    if (open.empty()) return book();
    auto& b = *open[static_cast<std::size_t>(random.between(0, static_cast<int>(open.size()) - 1))];
    const auto same_option = std::count_if(
        open.begin(), open.end(), [&](const bought* other) { return other->option == b.option; });
    const bool at_desk = same_option == 1 && random.one_in(2);
    const auto paid_with = at_desk ? std::string() : token(b.concert);
    if (!at_desk && paid_with.empty()) return;
    const auto a = change({doubt::act::pay, 0, b, paid_with}, [&] {
      return at_desk ? client.pay_pending(who->id, b.option, static_cast<double>(b.total) / 100)
                     : client.pay(paid_with, who->id, b.id, b.concert, joined(b.seats));
    });
    if (!a) return;
    if (a->status == 402 && who->balance < b.total) return;
    if (a->status == 410 && house.holds_expire_) {
      b.expired = true;
      return;
    }
    // The desk finds the one that was paid when the hold on the other has just run out.
    if (a->status == 409 && at_desk && house.holds_expire_ && has_paid_in(b.option)) return;
    if (a->status != 200) return fault("paid", *a);
    who->balance -= b.total;
    who->note_paid(b, paid_with);
    if (at_desk) return;
    if (minor(a->document()["bookingResponse"]["user"]["balance"]) != who->balance)
      fault("is told a wrong balance", *a);
  }

  void cancel() {
    std::vector<bought*> live;
    for (auto& [number, b] : who->bookings)
      if (!b.expired && !b.cancelled) live.push_back(&b);
    if (live.empty()) return book();
    auto& b = *random.pick(live);
    const auto a = change({doubt::act::cancel, 0, b, {}}, [&] {
      return client.http.ask("DELETE", "/v1/bookings/" + std::to_string(b.id), {}, {});
    });
    if (!a) return;
    if (a->status == 410 && house.holds_expire_) {
      b.expired = true;
      return;
    }
    if (a->status != 200 || a->document().at("status") != "CANCELLED")
      return fault("cancelled", *a);
    who->note_cancelled(b);
  }

  void act() {
    if (house.cancels && random.one_in(5)) return cancel();
    const int roll = random.between(1, 10);
    if (roll <= 3) return charge();
    if (roll <= 6 && who->pending().size() < most_pending) return book();
    pay();
  }
};

sale::sale(int threads, int customers_a_thread, bool holds_expire)
    : threads_wanted_(threads),
      customers_a_thread_(customers_a_thread),
      holds_expire_(holds_expire),
      customers_(static_cast<std::size_t>(threads * customers_a_thread)) {
  for (std::size_t i = 0; i < customers_.size(); ++i)
    customers_[i].id = "user" + std::to_string(i + 1);
}

void sale::begin(const server& service) {
  ending_ = false;
  answers_ = unavailable_ = 0;
  running_ = threads_wanted_;
  ++begun_;
  for (int n = 0; n < threads_wanted_; ++n)
    threads_.emplace_back([this, n, port = service.port()] { run(n, port); });
}

void sale::run(int thread, std::uint16_t port) {
  dice random(static_cast<std::uint64_t>(begun_ * threads_wanted_ + thread));
  std::unique_ptr<shopper> one;
  try {
    one.reset(new shopper{*this, caller(port), random});
    const auto first = thread * customers_a_thread_;
    while (!ending_) {
      std::vector<customer*> free; // a customer in doubt waits until it is resolved
      for (int n = 0; n < customers_a_thread_; ++n)
        if (auto& each = customers_[static_cast<std::size_t>(first + n)]; !each.open)
          free.push_back(&each);
      if (free.empty()) break;
      one->who = random.pick(free);
      one->act();
    }
  } catch (const connection_lost& e) {
    const std::lock_guard hold(mutex_);
    if (one) lost_.push_back({one->client.http.sent_at(), e.what()});
  } catch (const std::exception& e) {
    fault(e.what());
  }
  const std::lock_guard hold(mutex_);
  --running_;
  changed_.notify_all();
}

void sale::note_answer() {
  ++answers_;
  const std::lock_guard hold(mutex_);
  changed_.notify_all();
}

bool sale::wait_for_answers(int count) {
  std::unique_lock hold(mutex_);
  changed_.wait_for(hold, patience, [&] { return answers_ >= count || running_ == 0; });
  return answers_ >= count;
}

void sale::end() {
  ending_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void sale::fault(const std::string& text) {
  const std::lock_guard hold(mutex_);
  faults_.push_back(text);
}

std::vector<std::string> sale::take_faults() {
  const std::lock_guard hold(mutex_);
  return std::exchange(faults_, {});
}

std::vector<lost_request> sale::take_lost() {
  const std::lock_guard hold(mutex_);
  return std::exchange(lost_, {});
}

} // namespace boxoffice::e2e
