// How long somebody will wait, and when to ask again.
#include "actors/domain/queue.hpp"

#include <algorithm>

namespace boxoffice::domain {

namespace {

using std::chrono::seconds;

constexpr seconds longest_between_polls{30};

// n / per, rounded up.
constexpr std::int64_t parts(std::size_t n, std::size_t per) {
  return static_cast<std::int64_t>(n / per + (n % per != 0 ? 1 : 0));
}

} // namespace

std::optional<seconds> estimate_wait(const queue& q, const queue_rules& rules, const token& t,
                                     time_point now) {
  if (t.status == token_status::processing) return seconds(0);
  if (rules.paused || rules.active_limit == 0 || rules.admit_per_second == 0) return std::nullopt;
  const auto position = q.position(t);
  const auto opens_in = std::max(rules.admits_from - now, duration(0));

  // The rate alone: so many a second, less those of this one.
  const auto rate = rules.admit_per_second;
  const auto left = rate - std::min(rate, q.recent_admissions(now + opens_in));
  duration by_rate = opens_in;
  if (position > left) by_rate += seconds(parts(position - left, rate));

  // So many places must come free before its own does. They do so as they did lately; at the
  // latest when the time of those who hold them runs out, one generation after the other.
  const auto limit = rules.active_limit, taken = q.processing();
  duration by_places{};
  if (taken + position > limit) {
    const auto needed = taken + position - limit;
    auto seen = q.turnover_;
    seen.elapse(taken, now);
    const auto stay = seen.stay(rules.active_ttl);
    const auto as_lately =
        stay * static_cast<std::int64_t>(needed) / static_cast<std::int64_t>(limit);
    const auto held = std::min(needed, taken);
    auto at_most = held == 0
                       ? duration(0)
                       : std::max(q.expiring_.find_by_order(held - 1)->first - now, duration(0));
    if (needed > held) at_most += rules.active_ttl * parts(needed - held, limit);
    by_places = opens_in + std::min(as_lately, at_most);
  }

  const auto wait = std::max(by_rate, by_places);
  return std::max(std::chrono::ceil<seconds>(wait), seconds(1));
}

seconds poll_after(token_key key, std::optional<seconds> eta, const queue_rules& rules) {
  const auto often_enough = std::chrono::floor<seconds>(rules.abandon_after / 3);
  const auto longest = std::clamp(often_enough, seconds(1), longest_between_polls);
  const auto wait = eta ? std::min(*eta, longest) : longest;
  const auto share = static_cast<std::int64_t>(std::hash<token_key>{}(key) % 1024);
  const auto earlier = wait.count() / 2 * share / 1023; // up to half
  return std::max(wait - seconds(earlier), seconds(1));
}

} // namespace boxoffice::domain
