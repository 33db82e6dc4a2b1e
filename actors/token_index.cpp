#include "actors/token_index.hpp"

#include <functional>

namespace boxoffice::actors {

using domain::token_status;

token_index::shelf& token_index::shelf_of(domain::token_key key) {
  return shelves_[std::hash<domain::token_key>{}(key) % shelf_count];
}

const token_index::shelf& token_index::shelf_of(domain::token_key key) const {
  return shelves_[std::hash<domain::token_key>{}(key) % shelf_count];
}

std::optional<domain::concert_id> token_index::queue_of(domain::token_key key) const {
  const auto& on = shelf_of(key);
  const std::lock_guard hold(on.guard);
  const auto found = on.tokens.find(key);
  return found == on.tokens.end() ? std::nullopt : std::optional(found->second.concert);
}

std::map<domain::concert_id, line_count> token_index::counts() const {
  const std::lock_guard hold(counts_guard_);
  return counts_;
}

void token_index::reset(const std::vector<persistence::live_token>& live) {
  for (auto& on : shelves_) {
    const std::lock_guard hold(on.guard);
    on.tokens.clear();
  }
  for (const auto& t : live) {
    auto& on = shelf_of(t.token);
    const std::lock_guard hold(on.guard);
    on.tokens[t.token] = {t.concert, t.status == token_status::processing};
  }
  const std::lock_guard hold(counts_guard_);
  for (auto& [concert, count] : counts_) count.waiting = count.processing = 0;
  for (const auto& t : live) {
    auto& count = counts_[t.concert];
    ++(t.status == token_status::processing ? count.processing : count.waiting);
  }
}

struct token_index::change {
  token_index& index;

  void operator()(const domain::token_issued& e) const {
    {
      auto& on = index.shelf_of(e.token);
      const std::lock_guard hold(on.guard);
      on.tokens[e.token] = {e.concert, false};
    }
    const std::lock_guard hold(index.counts_guard_);
    ++index.counts_[e.concert].waiting;
  }
  void operator()(const domain::token_admitted& e) const {
    {
      auto& on = index.shelf_of(e.token);
      const std::lock_guard hold(on.guard);
      on.tokens[e.token].processing = true;
    }
    const std::lock_guard hold(index.counts_guard_);
    auto& count = index.counts_[e.concert];
    --count.waiting;
    ++count.processing;
  }
  void operator()(const domain::token_expired& e) const {
    bool was_processing = false;
    {
      auto& on = index.shelf_of(e.token);
      const std::lock_guard hold(on.guard);
      const auto found = on.tokens.find(e.token);
      was_processing = found->second.processing;
      on.tokens.erase(found);
    }
    const std::lock_guard hold(index.counts_guard_);
    auto& count = index.counts_[e.concert];
    --(was_processing ? count.processing : count.waiting);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

void token_index::apply(const domain::event& e) { std::visit(change{*this}, e); }

} // namespace boxoffice::actors
