#include "persistence/shipping.hpp"

#include "persistence/event_log.hpp"
#include "persistence/full_shipment.hpp"
#include "persistence/postgres_commits.hpp"
#include "persistence/postgres_trouble.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace boxoffice::persistence {

namespace {

using std::chrono::milliseconds;

// Since when PostgreSQL owes an answer.
class being_asked {
public:
  explicit being_asked(std::atomic<std::int64_t>& since) : since_(since) { again(); }
  being_asked(const being_asked&) = delete;
  being_asked& operator=(const being_asked&) = delete;
  ~being_asked() { since_ = 0; }

  // It has answered, and is asked the next.
  void again() { since_ = std::chrono::steady_clock::now().time_since_epoch().count(); }

private:
  std::atomic<std::int64_t>& since_;
};

// PostgreSQL as a shipper sees it, fed from this store.
class tables_there final : public shipping_target {
public:
  tables_there(postgres_options there, const std::string& incarnation,
               const sqlite_connection& store, std::atomic<std::int64_t>& asked_at)
      : postgres_(std::move(there), feeder::local_store, incarnation),
        store_(store),
        asked_at_(asked_at) {}

  // At the start: throws open_failed where no waiting mends it.
  void reach() {
    try {
      settle();
    } catch (const hindrance& failure) {
      if (failure.why == store_failed::reason::refused ||
          failure.how == hindrance::ends::by_somebody)
        throw open_failed(failure.what());
      throw;
    }
  }

  standing settle() override {
    const being_asked begins(asked_at_);
    standing found;
    hinder([&] { found = postgres_.settle(); });
    return found;
  }
  void commit(const domain::events& facts, commit_number before, commit_number after,
              domain::time_point now) override {
    const being_asked begins(asked_at_);
    hinder([&] { postgres_.commit(facts, before, after, now); });
  }
  commit_number replace_all(const shipment_progress& progress) override {
    being_asked begins(asked_at_);
    commit_number last = 0;
    hinder([&] {
      last = postgres_.replace_all(store_, [&](std::int64_t done, std::int64_t all) {
        begins.again();
        progress(done, all);
      });
    });
    return last;
  }
  void ping() override {
    const being_asked begins(asked_at_);
    hinder([this] { postgres_.ping(); });
  }

private:
  // What PostgreSQL said of a failure, in a shipper's words.
  template <class Work>
  static void hinder(Work work) {
    try {
      work();
    } catch (const postgres_failed& failure) {
      const auto& trouble = trouble_of(failure.sqlstate);
      throw hindrance(failure, trouble.name, trouble.how);
    }
  }

  postgres_commits postgres_;
  const sqlite_connection& store_;
  std::atomic<std::int64_t>& asked_at_;
};

} // namespace

class shipping::impl final : private shipping_host {
public:
  explicit impl(shipping_options options)
      : options_(std::move(options)),
        log_(options_.directory),
        incarnation_(log_.incarnation()),
        shipper_(log_, *options_.log, *this, options_.batch) {
    shipper_.connect_at_start();
    at_start_ = false;
    thread_ = std::thread([this] { run(); });
  }

  ~impl() override {
    begin_to_stop();
    thread_.join();
  }

  bool stop(milliseconds within) {
    begin_to_stop();
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, within, [this] { return ended_; });
  }

  view now() const {
    const auto asked = asked_at_.load();
    const auto time = std::chrono::steady_clock::now().time_since_epoch().count();
    const std::chrono::nanoseconds owes(asked == 0 ? 0 : time - asked);
    std::lock_guard hold(mutex_);
    if (is_silent(known_.state, owes)) return {shipping_state::connecting, "silent"};
    return known_;
  }

  bool bars_selling() const { return bars_selling_; }

  std::optional<domain::time_point> lacks_since() const {
    {
      std::lock_guard hold(mutex_);
      if (lacks_since_) return lacks_since_;
    }
    return options_.log->now().since; // of what was committed since the shipping looked
  }

  bool wait_for(commit_number wanted, milliseconds at_most) const {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, at_most, [&] { return shipped_ >= wanted || stops_; }) &&
           shipped_ >= wanted;
  }

private:
  // --- shipping_host
  std::unique_ptr<shipping_target> connect() override {
    auto there = std::make_unique<tables_there>(postgres_options{options_.url, options_.synced},
                                                incarnation_, log_.connection(), asked_at_);
    if (at_start_) there->reach();
    return there;
  }
  void entered(shipping_state s, const std::string& cause) override {
    std::lock_guard hold(mutex_);
    known_ = {s, cause};
  }
  void bars_selling(bool bars) override { bars_selling_ = bars; }
  void shipped(commit_number last) override {
    {
      std::lock_guard hold(mutex_);
      shipped_ = last;
    }
    changed_.notify_all();
    options_.on_shipped(last);
  }
  void lacks_since(std::optional<domain::time_point> since) override {
    std::lock_guard hold(mutex_);
    lacks_since_ = since;
  }
  void report(bool is_error, const std::string& text) override { options_.report(is_error, text); }
  bool ends() const override { return stops_; }

  void begin_to_stop() {
    {
      std::lock_guard hold(mutex_);
      stops_ = true;
    }
    changed_.notify_all();
    options_.log->wake();
  }
  void run();
  void pause(milliseconds);

  shipping_options options_;
  event_log log_;
  std::string incarnation_;
  bool at_start_ = true; // before there is a thread

  std::atomic<std::int64_t> asked_at_{0}; // ns of the steady clock; 0: PostgreSQL is not asked
  std::atomic<bool> stops_{false}, bars_selling_{false};
  mutable std::mutex mutex_; // of what follows
  mutable std::condition_variable changed_;
  commit_number shipped_ = 0;
  bool ended_ = false; // the thread has nothing left to do
  std::optional<domain::time_point> lacks_since_;
  view known_;

  shipper shipper_;
  std::thread thread_;
};

void shipping::impl::run() {
  while (!stops_) {
    auto rest = shipper_.step();
    if (rest.ends_with_a_commit) {
      if (options_.log->wait_beyond(shipper_.last(), rest.at_most)) continue;
      rest = shipper_.ping();
    }
    pause(rest.at_most);
  }
  shipper_.release();
  std::lock_guard hold(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void shipping::impl::pause(milliseconds length) {
  std::unique_lock hold(mutex_);
  changed_.wait_for(hold, length, [this] { return stops_.load(); });
}

shipping::shipping(shipping_options options) : impl_(std::make_unique<impl>(std::move(options))) {}
shipping::~shipping() = default;
bool shipping::stop(milliseconds within) { return impl_->stop(within); }
shipping::view shipping::now() const { return impl_->now(); }
bool shipping::bars_selling() const { return impl_->bars_selling(); }
std::optional<domain::time_point> shipping::lacks_since() const { return impl_->lacks_since(); }
bool shipping::wait_for(commit_number wanted, milliseconds at_most) const {
  return impl_->wait_for(wanted, at_most);
}

} // namespace boxoffice::persistence
