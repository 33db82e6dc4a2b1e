#include "sim/postgres.hpp"

#include "persistence/postgres_options.hpp"
#include "sim/simulated_store.hpp"
#include "sim/tables.hpp"

#include <optional>
#include <utility>

namespace boxoffice::sim {

using persistence::commit_number;
using persistence::store_failed;

namespace {

[[noreturn]] void fail_unavailable(const char* what) {
  throw store_failed(store_failed::reason::unavailable, what);
}

} // namespace

class postgres::tables_there {
public:
  tables_there(postgres_faults& f, postgres_listener& l, const disk& d)
      : faults(f), listener(l), feeder(d) {}

  struct batch {
    domain::events facts;
    commit_number before, after;
    domain::time_point at;
  };

  void take(const batch& b) {
    try {
      for (const auto& fact : b.facts) rows.apply(fact);
    } catch (const store_failed& refusal) {
      listener.refused(b.before, refusal.what());
      throw;
    }
    rows.end_commit(b.after, b.at);
    listener.arrived(b.before, b.after, b.facts);
  }

  // As the session does that waits for the row of another that is still at it.
  void settle_in_flight() {
    if (!in_flight) return;
    const auto sent = std::move(*in_flight);
    in_flight.reset();
    if (faults.batch_in_flight_arrives()) take(sent);
  }

  commit_number copy_everything() {
    settle_in_flight();
    rows = tables();
    const auto last = feeder.last_commit();
    for (commit_number n = 1; n <= last; ++n) {
      for (const auto& fact : feeder.facts_of(n)) rows.apply(fact);
      rows.end_commit(n, feeder.time_of(n));
    }
    listener.copied(last);
    return last;
  }

  postgres_faults& faults;
  postgres_listener& listener;
  const disk& feeder;
  tables rows;
  std::optional<batch> in_flight;
  std::uint64_t connections_of = 0; // those of an earlier number are broken
};

// Fed by one store.
class postgres::connection final : public persistence::shipping_target {
public:
  explicit connection(tables_there& to) : to_(to) { connect(); }

  persistence::standing settle() override {
    connect();
    to_.settle_in_flight();
    return {to_.rows.last_commit(), to_.rows.last_time()};
  }

  void commit(const domain::events& facts, commit_number before, commit_number after,
              domain::time_point now) override {
    require_there();
    const tables_there::batch sent{facts, before, after, now};
    if (to_.rows.last_commit() != before) {
      to_.listener.sent_astray(before, to_.rows.last_commit());
      throw store_failed(store_failed::reason::refused, "The simulated batch does not follow.");
    }
    switch (to_.faults.next_batch()) {
    case batch_fate::done: return to_.take(sent);
    case batch_fate::refused:
      throw store_failed(store_failed::reason::refused, "The simulated batch is refused.");
    case batch_fate::lost: break;
    case batch_fate::done_untold: to_.take(sent); break;
    case batch_fate::in_flight: to_.in_flight = sent; break;
    }
    is_lost_ = true;
    fail_unavailable("The simulated connection broke within the batch.");
  }

  commit_number replace_all(const persistence::shipment_progress& progress) override {
    require_there();
    progress(0, 1);
    const auto last = to_.copy_everything();
    progress(1, 1);
    return last;
  }

  void ping() override { require_there(); }

private:
  void connect() {
    if (to_.faults.is_away()) fail_unavailable("The simulated PostgreSQL is away.");
    of_ = to_.connections_of;
    is_lost_ = false;
  }
  // A connection that is known to be lost is made anew; that it is shows at the first call.
  void require_there() {
    if (is_lost_) connect();
    is_lost_ = of_ != to_.connections_of || to_.faults.is_away();
    if (is_lost_) fail_unavailable("The simulated connection was cut.");
  }

  tables_there& to_;
  std::uint64_t of_ = 0;
  bool is_lost_ = false;
};

postgres::postgres(postgres_faults& faults, postgres_listener& listener, const disk& feeder)
    : there_(std::make_unique<tables_there>(faults, listener, feeder)) {}
postgres::~postgres() = default;

std::unique_ptr<persistence::shipping_target> postgres::connect() {
  if (there_->faults.is_away()) throw persistence::unreachable("The simulated PostgreSQL is away.");
  return std::make_unique<connection>(*there_);
}

void postgres::cut() { ++there_->connections_of; }

void postgres::empty() {
  there_->in_flight.reset();
  there_->rows = tables();
  cut();
}

void postgres::settle_in_flight() { there_->settle_in_flight(); }

commit_number postgres::last_commit() const { return there_->rows.last_commit(); }

std::unique_ptr<persistence::reader> postgres::open_reader() const {
  return make_simulated_reader(there_->rows);
}

} // namespace boxoffice::sim
