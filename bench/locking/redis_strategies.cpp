#include "bench/locking/redis_strategies.hpp"

#include "bench/locking/backoff.hpp"
#include "bench/locking/redis_session.hpp"
#include "bench/locking/release_news.hpp"
#include "bench/locking/shop.hpp"
#include "bench/locking/workers.hpp"

#include <algorithm>
#include <optional>

namespace boxoffice::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds lives(10);
constexpr std::chrono::seconds patience(10);

struct token_maker {
  const std::string prefix = std::to_string(std::random_device{}()) + '-';
  std::int64_t used = 0;
};

// One worker's connections.
struct desk {
  desk(const servers& s, operation what, const std::string& channel)
      : postgres(s.postgres), redis(s.redis_port, channel) {
    prepare_statements(postgres, what);
  }
  std::string new_token() { return token.prefix + std::to_string(++token.used); }

  postgres_session postgres;
  redis_session redis;
  token_maker token;
};

class guarded_contestant : public contestant {
public:
  guarded_contestant(const load& l, const servers& s, const std::string& channel)
      : load_(l), url_(s.postgres) {
    open_shop(url_, l);
    const int count = std::min(s.connections, l.at_once);
    for (int n = 0; n < count; ++n) desks_.push_back(std::make_unique<desk>(s, l.what, channel));
    workers_ = std::make_unique<workers>(count, [this](int worker, const request& r) {
      return serve(*desks_[static_cast<std::size_t>(worker)], r);
    });
  }

  std::vector<answer> burst(const std::vector<request>& requests) override {
    return workers_->serve(requests);
  }
  std::int64_t conflicts() const override { return conflicts_; }
  std::vector<std::int64_t> books() override { return shop_books(url_, load_); }

protected:
  // False: it gives up.
  virtual bool lock(redis_session&, const std::string& key, const std::string& token) = 0;
  bool try_lock(redis_session& redis, const std::string& key, const std::string& token) {
    const bool ours = redis.take(key, token, lives);
    if (!ours) ++conflicts_;
    return ours;
  }
  // Before what lock() needs goes.
  void end() { workers_.reset(); }

private:
  verdict serve(desk& d, const request& r) {
    const auto key = "lock:" + std::to_string(r.target);
    const auto token = d.new_token();
    if (!lock(d.redis, key, token)) return verdict::gave_up;
    const auto seen = d.postgres.ask({{look, {r.target}}});
    const auto wanted = decide(load_.what, r, seen.front(), change);
    if (wanted) d.postgres.ask({*wanted});
    if (!d.redis.release(key, token))
      throw std::runtime_error("a lock's time ran out while its holder was at work");
    return wanted ? verdict::done : verdict::refused;
  }

  const load load_;
  const std::string url_;
  std::atomic<std::int64_t> conflicts_{0};
  std::vector<std::unique_ptr<desk>> desks_;
  std::unique_ptr<workers> workers_;
};

class simple_lock final : public guarded_contestant {
public:
  simple_lock(const load& l, const servers& s) : guarded_contestant(l, s, "") {}
  ~simple_lock() override { end(); }

private:
  bool lock(redis_session& redis, const std::string& key, const std::string& token) override {
    return try_lock(redis, key, token);
  }
};

class spin_lock final : public guarded_contestant {
public:
  spin_lock(const load& l, const servers& s) : guarded_contestant(l, s, "") {}
  ~spin_lock() override { end(); }

private:
  bool lock(redis_session& redis, const std::string& key, const std::string& token) override {
    const auto until = clock::now() + patience;
    backoff pause(std::chrono::milliseconds(1), std::chrono::milliseconds(16));
    while (!try_lock(redis, key, token)) {
      if (clock::now() >= until) return false;
      pause.wait();
    }
    return true;
  }
};

class pubsub_lock final : public guarded_contestant {
public:
  pubsub_lock(const load& l, const servers& s)
      : guarded_contestant(l, s, release_news::channel), news_(s.redis_port) {}
  ~pubsub_lock() override { end(); }

private:
  bool lock(redis_session& redis, const std::string& key, const std::string& token) override {
    if (try_lock(redis, key, token)) return true;
    const auto until = clock::now() + patience;
    release_news::listener released(news_, key);
    while (!try_lock(redis, key, token)) {
      if (clock::now() >= until) return false;
      released.wait(std::chrono::milliseconds(100));
    }
    return true;
  }

  release_news news_;
};

} // namespace

std::unique_ptr<contestant> make_simple_lock(const load& l, const servers& s) {
  return std::make_unique<simple_lock>(l, s);
}

std::unique_ptr<contestant> make_spin_lock(const load& l, const servers& s) {
  return std::make_unique<spin_lock>(l, s);
}

std::unique_ptr<contestant> make_pubsub_lock(const load& l, const servers& s) {
  return std::make_unique<pubsub_lock>(l, s);
}

} // namespace boxoffice::bench
