#include "actors/domain/kept_requests.hpp"

#include <algorithm>
#include <type_traits>

namespace boxoffice::domain {

kept_requests::verdict kept_requests::find(const request_key& key, time_point now) const {
  const auto found = records_.find(scope_of(key));
  if (found == records_.end()) return std::monostate{};
  const auto& known = found->second;
  if (known.answer && known.expires_at <= now) return std::monostate{};
  if (known.key.print != key.print)
    return reject(error_code::idempotency_key_reused,
                  "This Idempotency-Key was used for another request: choose a new key.");
  if (known.answer) return &*known.answer;
  return reject(error_code::request_in_progress,
                "The first request with this Idempotency-Key is still under way: ask again.");
}

void kept_requests::begin(const request_key& key) {
  auto& known = records_[scope_of(key)];
  known.key = key;
  known.answer.reset();
}

void kept_requests::drop(const request_key& key) {
  const auto found = records_.find(scope_of(key));
  if (found != records_.end() && !found->second.answer) records_.erase(found);
}

void kept_requests::evolve(const request_begun& e) { begin(e.key); }

void kept_requests::evolve(const request_answered& e) {
  forget_expired(e.at);
  auto& known = records_[scope_of(e.key)];
  known.key = e.key;
  known.answer = e.answer;
  known.expires_at = e.expires_at;
  expiries_.emplace_back(e.expires_at, scope_of(e.key));
}

void kept_requests::evolve(const request_dropped& e) { drop(e.key); }

void kept_requests::evolve(const event& e) {
  std::visit(
      [this](const auto& each) {
        using E = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<E, request_begun> || std::is_same_v<E, request_answered> ||
                      std::is_same_v<E, request_dropped>)
          evolve(each);
      },
      e);
}

void kept_requests::forget_expired(time_point now) {
  while (!expiries_.empty() && expiries_.front().first <= now) {
    const auto found = records_.find(expiries_.front().second);
    // It may have been answered anew since, and expire later.
    if (found != records_.end() && found->second.answer && found->second.expires_at <= now)
      records_.erase(found);
    expiries_.pop_front();
  }
}

std::optional<request_key> kept_requests::under_way() const {
  const auto found = std::find_if(records_.begin(), records_.end(),
                                  [](const auto& each) { return !each.second.answer; });
  if (found == records_.end()) return std::nullopt;
  return found->second.key;
}

std::optional<request_key> kept_requests::under_way(std::string_view detail) const {
  for (const auto& [where, known] : records_)
    if (!known.answer && known.key.detail == detail) return known.key;
  return std::nullopt;
}

bool operator==(const kept_requests& a, const kept_requests& b) {
  return std::equal(a.records_.begin(), a.records_.end(), b.records_.begin(), b.records_.end(),
                    [](const auto& one, const auto& other) {
                      const auto& [x, y] = std::tie(one.second, other.second);
                      return one.first == other.first && x.key.print == y.key.print &&
                             x.key.detail == y.key.detail && x.answer == y.answer &&
                             (!x.answer || x.expires_at == y.expires_at);
                    });
}

} // namespace boxoffice::domain
