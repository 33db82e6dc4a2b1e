#include "bench/locking/actor_contestant.hpp"

#include "actors/real_environment.hpp"
#include "actors/service.hpp"
#include "bench/sale.hpp"
#include "persistence/audit.hpp"
#include "persistence/postgres_store.hpp"
#include "persistence/sqlite_store.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

namespace boxoffice::bench {
namespace {

using namespace actors;
using clock_type = std::chrono::steady_clock;

constexpr domain::money charge_amount = domain::points(1);
constexpr int users_a_commit = 2000;

// Takes the outcomes of one burst: request ids count from 0.
class counter final : public client_port {
public:
  void expect(std::size_t count) {
    outcomes_.assign(count, std::nullopt);
    answered_at_.assign(count, {});
    open_ = count;
  }
  void complete(request_id id, outcome what) override {
    answered_at_[id] = clock_type::now();
    outcomes_[id] = std::move(what);
    if (open_.fetch_sub(1) > 1) return;
    const std::lock_guard lock(mutex_);
    done_.notify_one();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    if (!done_.wait_for(lock, std::chrono::minutes(1), [this] { return open_ == 0; }))
      throw std::runtime_error("the actors left " + std::to_string(open_) + " unanswered");
  }
  const outcome& of(std::size_t id) const { return *outcomes_[id]; }
  clock_type::time_point answered_at(std::size_t id) const { return answered_at_[id]; }

private:
  std::vector<std::optional<outcome>> outcomes_;
  std::vector<clock_type::time_point> answered_at_;
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;
  std::condition_variable done_;
};

class failures final : public commit_listener {
public:
  void on_commit(const domain::events&, std::size_t, std::size_t,
                 std::chrono::nanoseconds) override {}
  void on_failure() override { ++count; }
  void on_read(const domain::booking&) override {}

  std::atomic<std::int64_t> count{0};
};

// Nothing of the service's but what a benchmark must lift: that a user charges the same sum again
// and again, and holds many seats.
service_options options(commit_listener& listener) {
  service_options o;
  o.rules.wallet.double_submit_window = {};
  o.rules.booking.max_seats_per_user = 1'000'000;
  o.rules.booking.max_holds_per_user = 1'000'000;
  o.rules.booking.hold_for = std::chrono::hours(1);
  o.rules.queue.active_limit = 1'000'000;
  o.listener = &listener;
  return o;
}

verdict verdict_on(const outcome& what) {
  const auto* const refusal = std::get_if<domain::rejection>(&what);
  if (refusal == nullptr) return verdict::done;
  switch (refusal->code) {
  case domain::error_code::seat_already_reserved:
  case domain::error_code::booking_not_pending:
  case domain::error_code::queue_token_invalid: // the winner's payment has ended it
    return verdict::refused;
  default: return verdict::gave_up;
  }
}

class actor_contestant final : public contestant {
public:
  // `reopen`: the store again, once the service has ended; `audit` its books.
  actor_contestant(const load& l, std::function<std::unique_ptr<persistence::store>()> open,
                   std::function<persistence::audit_report()> audit)
      : load_(l), open_(std::move(open)), audit_(std::move(audit)) {
    auto store = open_();
    prepare(*store);
    clock_ = std::make_unique<machine_clock>(store->open_reader()->load_image().last_time);
    service_ =
        std::make_unique<service>(options(failures_), std::move(store), *clock_, random_, clients_);
    if (l.what == operation::payment) hold_seats();
  }

  std::vector<answer> burst(const std::vector<request>& requests) override {
    std::vector<command> commands;
    commands.reserve(requests.size());
    for (const auto& r : requests) commands.push_back(command_for(r));
    const auto arrived = submit(std::move(commands));
    std::vector<answer> answers;
    for (std::size_t i = 0; i < requests.size(); ++i)
      answers.push_back({verdict_on(clients_.of(i)), clients_.answered_at(i) - arrived});
    return answers;
  }

  std::int64_t conflicts() const override { return failures_.count; }

  std::vector<std::int64_t> books() override {
    service_->stop(std::chrono::minutes(1));
    service_.reset();
    const auto report = audit_();
    if (!report.findings.empty())
      throw std::runtime_error(report.findings.front().rule + ": " +
                               report.findings.front().detail);
    const auto store = open_();
    const auto reader = store->open_reader();
    std::vector<std::int64_t> books;
    std::int64_t taken = 0;
    for (int n = 0; n < load_.targets(); ++n) {
      books.push_back(told_of(n, *reader));
      taken += books.back();
    }
    // A booking a seat, and no other.
    if (load_.what == operation::booking && taken != report.bookings) books.assign(1, -1);
    return books;
  }

private:
  int users() const {
    if (load_.what == operation::booking) return load_.at_once;
    return load_.targets();
  }

  void prepare(persistence::store& store) {
    const machine_clock clock(store.open_reader()->load_image().last_time);
    domain::id_source ids(store.open_reader()->load_image().next_ids);
    const auto now = clock.now();
    const auto concert = plan_concert(ids, now);
    option_ = plan_performance(concert.id, std::max(load_.targets(), 1), ids, now);
    store.commit({domain::concert_created{concert}, domain::option_created{option_}}, now);
    for (int done = 0; done < users(); done += users_a_commit) {
      domain::events plan;
      for (int n = done; n < std::min(done + users_a_commit, users()); ++n)
        plan_buyer(n + 1, concert.id, plan, ids, now);
      store.commit(plan, now);
    }
    balance_ = store.open_reader()->load_wallet(buyer(1))->balance;
  }

  // Each buyer's booking, to be paid later.
  void hold_seats() {
    constexpr int at_once = 500;
    bookings_.resize(static_cast<std::size_t>(load_.targets()));
    for (int done = 0; done < load_.targets(); done += at_once) {
      const int end = std::min(done + at_once, load_.targets());
      std::vector<command> commands;
      for (int n = done; n < end; ++n) commands.push_back(book(n, n));
      submit(std::move(commands));
      for (int n = done; n < end; ++n)
        bookings_[static_cast<std::size_t>(n)] =
            std::get<booking_view>(clients_.of(static_cast<std::size_t>(n - done))).booking.id;
    }
  }

  // Gives when they arrived; returns when all are answered.
  clock_type::time_point submit(std::vector<command> commands) {
    clients_.expect(commands.size());
    const auto arrived = clock_type::now();
    request_id id = 0;
    for (auto& c : commands) service_->submit(id++, std::move(c));
    clients_.wait();
    return arrived;
  }

  command book(int target, int user) const {
    create_booking c;
    c.option = option_.id;
    c.user = buyer(user + 1);
    c.token = buyer_token(user + 1);
    c.seats = {seat_at(option_, target).name};
    return c;
  }

  command command_for(const request& r) const {
    switch (load_.what) {
    case operation::charge: return charge_wallet{buyer(r.target + 1), charge_amount};
    case operation::booking: return book(r.target, r.user);
    case operation::payment: break;
    }
    pay_booking c;
    c.booking = bookings_[static_cast<std::size_t>(r.target)];
    c.concert = option_.concert;
    c.claim.user = buyer(r.target + 1);
    c.claim.token = buyer_token(r.target + 1);
    return c;
  }

  std::int64_t told_of(int target, persistence::reader& reader) const {
    if (load_.what == operation::booking) {
      const auto seat = reader.load_seat(seat_at(option_, target).seat);
      return seat->status == domain::seat_status::free ? 0 : 1;
    }
    const auto moved = (reader.load_wallet(buyer(target + 1))->balance - balance_).minor;
    if (load_.what == operation::charge)
      return moved % charge_amount.minor == 0 ? moved / charge_amount.minor : -1;
    const auto booking = reader.load_booking(bookings_[static_cast<std::size_t>(target)]);
    const auto paid = -moved / booking->total.minor;
    const bool confirmed = booking->status == domain::booking_status::confirmed;
    return -moved % booking->total.minor == 0 && confirmed == (paid > 0) ? paid : -1;
  }

  const load load_;
  const std::function<std::unique_ptr<persistence::store>()> open_;
  const std::function<persistence::audit_report()> audit_;
  domain::concert_option option_;
  domain::money balance_; // each buyer's, at first
  std::vector<domain::booking_id> bookings_;

  counter clients_;
  failures failures_;
  machine_random random_;
  std::unique_ptr<machine_clock> clock_;
  std::unique_ptr<service> service_; // last: it uses the others
};

} // namespace

std::unique_ptr<contestant> make_actor_on_postgres(const load& l, const servers& s) {
  return std::make_unique<actor_contestant>(
      l,
      [url = s.postgres] {
        return persistence::open_postgres_store({url, true});
      },
      [url = s.postgres] { return persistence::audit_postgres(url); });
}

std::unique_ptr<contestant> make_actor_on_sqlite(const load& l, const servers& s) {
  persistence::sqlite_options o;
  o.directory = s.directory;
  return std::make_unique<actor_contestant>(
      l, [o] { return persistence::open_sqlite_store(o); },
      [o] { return persistence::audit_sqlite(o.directory); });
}

} // namespace boxoffice::bench
