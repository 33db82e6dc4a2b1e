#include "bench/locking/row_strategies.hpp"

#include "bench/locking/backoff.hpp"
#include "bench/locking/shop.hpp"
#include "bench/locking/workers.hpp"

#include <algorithm>

namespace boxoffice::bench {
namespace {

class row_contestant : public contestant {
public:
  row_contestant(const load& l, const servers& s) : load_(l), url_(s.postgres) {
    open_shop(url_, l);
    const int count = std::min(s.connections, l.at_once);
    for (int n = 0; n < count; ++n) prepare_statements(sessions_.emplace_back(url_), l.what);
    workers_ = std::make_unique<workers>(count, [this](int worker, const request& r) {
      return serve(sessions_[static_cast<std::size_t>(worker)], r);
    });
  }

  std::vector<answer> burst(const std::vector<request>& requests) override {
    return workers_->serve(requests);
  }
  std::int64_t conflicts() const override { return conflicts_; }
  std::vector<std::int64_t> books() override { return shop_books(url_, load_); }

protected:
  virtual verdict serve(postgres_session&, const request&) = 0;
  // Before what serve() needs goes.
  void end() { workers_.reset(); }

  const load load_;
  std::atomic<std::int64_t> conflicts_{0};

private:
  const std::string url_;
  std::vector<postgres_session> sessions_;
  std::unique_ptr<workers> workers_;
};

class optimistic final : public row_contestant {
public:
  using row_contestant::row_contestant;
  ~optimistic() override { end(); }

private:
  static constexpr int most_attempts = 10;

  verdict serve(postgres_session& session, const request& r) override {
    backoff pause(std::chrono::milliseconds(1), std::chrono::milliseconds(50));
    for (int attempt = 1;; ++attempt) {
      const auto seen = session.ask({{look, {r.target}}});
      const auto wanted = decide(load_.what, r, seen.front(), change_seen);
      if (!wanted) return verdict::refused;
      if (write(session, *wanted)) return verdict::done;
      ++conflicts_;
      if (attempt == most_attempts) return verdict::gave_up;
      pause.wait();
    }
  }

  bool write(postgres_session& session, const postgres_session::call& wanted) const {
    // One row with one version: the statement does all or nothing by itself.
    if (load_.what != operation::payment) return session.ask({wanted}).front().affected == 1;
    const bool written = session.ask({{begin, {}}, wanted}).back().affected == 1;
    session.ask({{written ? commit : rollback, {}}});
    return written;
  }
};

class pessimistic final : public row_contestant {
public:
  using row_contestant::row_contestant;
  ~pessimistic() override { end(); }

private:
  verdict serve(postgres_session& session, const request& r) override {
    const auto seen = session.ask({{begin, {}}, {look_and_lock, {r.target}}});
    const auto wanted = decide(load_.what, r, seen.back(), change);
    if (!wanted) {
      session.ask({{rollback, {}}});
      return verdict::refused;
    }
    session.ask({*wanted, {commit, {}}});
    return verdict::done;
  }
};

class unguarded final : public row_contestant {
public:
  using row_contestant::row_contestant;
  ~unguarded() override { end(); }

private:
  verdict serve(postgres_session& session, const request& r) override {
    const auto seen = session.ask({{look, {r.target}}});
    const auto wanted = decide(load_.what, r, seen.front(), change);
    if (!wanted) return verdict::refused;
    session.ask({*wanted});
    return verdict::done;
  }
};

} // namespace

std::unique_ptr<contestant> make_unguarded(const load& l, const servers& s) {
  return std::make_unique<unguarded>(l, s);
}

std::unique_ptr<contestant> make_optimistic(const load& l, const servers& s) {
  return std::make_unique<optimistic>(l, s);
}

std::unique_ptr<contestant> make_pessimistic(const load& l, const servers& s) {
  return std::make_unique<pessimistic>(l, s);
}

} // namespace boxoffice::bench
