#include "http/rate_limiter.hpp"

#include <algorithm>
#include <functional>

namespace boxoffice::http {

namespace {

constexpr std::int64_t second = 1'000'000'000; // nanoseconds

std::chrono::seconds rounded_up(std::int64_t nanoseconds) {
  return std::chrono::seconds((nanoseconds + second - 1) / second);
}

} // namespace

rate_limiter::rate_limiter(rate r, std::size_t most_known)
    : most_in_shard_(std::max<std::size_t>(most_known / shards, 1)) {
  set(r);
}

void rate_limiter::set(rate r) {
  burst_ = std::max<std::size_t>(r.burst, 1);
  interval_ = r.per_second == 0
                  ? 0
                  : std::max(second / static_cast<std::int64_t>(r.per_second), std::int64_t{1});
}

std::chrono::seconds rate_limiter::window() const {
  return rounded_up(interval_ * static_cast<std::int64_t>(burst_.load()));
}

rate_limiter::bucket& rate_limiter::find_or_make(shard& s, std::string_view who) {
  const auto found = s.buckets.find(who);
  if (found != s.buckets.end()) {
    s.by_use.splice(s.by_use.begin(), s.by_use, found->second);
    return s.by_use.front();
  }
  if (s.buckets.size() >= most_in_shard_) {
    s.buckets.erase(s.by_use.back().owner);
    s.by_use.pop_back();
  }
  s.by_use.push_front({std::string(who), 0});
  s.buckets.emplace(s.by_use.front().owner, s.by_use.begin());
  return s.by_use.front();
}

rate_verdict rate_limiter::ask(std::string_view who, domain::time_point time) {
  const std::int64_t interval = interval_;
  if (interval == 0) return {};
  const std::int64_t whole = interval * static_cast<std::int64_t>(burst_.load());
  const auto now =
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();

  auto& s = shards_[std::hash<std::string_view>{}(who) % shards];
  const std::lock_guard lock(s.mutex);
  auto& b = find_or_make(s, who);
  const auto full_at = std::clamp(b.full_at, now, now + whole);
  rate_verdict verdict;
  verdict.allowed = full_at + interval <= now + whole;
  b.full_at = verdict.allowed ? full_at + interval : full_at;
  verdict.left = static_cast<std::size_t>((now + whole - b.full_at) / interval);
  verdict.full_in = rounded_up(b.full_at - now);
  if (!verdict.allowed) verdict.ask_again_in = rounded_up(full_at + interval - now - whole);
  return verdict;
}

std::size_t rate_limiter::known() const {
  std::size_t all = 0;
  for (const auto& s : shards_) {
    const std::lock_guard lock(s.mutex);
    all += s.buckets.size();
  }
  return all;
}

} // namespace boxoffice::http
