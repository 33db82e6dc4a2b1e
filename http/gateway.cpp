#include "http/gateway.hpp"

#include <utility>

namespace boxoffice::http {

// Rounded up, so that even a bound of 1 lets each kind through.
std::size_t gateway::bound_for(urgency how) const {
  constexpr std::size_t poll_percent = 80, change_percent = 90, all = 100;
  const auto percent = how == urgency::poll     ? poll_percent
                       : how == urgency::change ? change_percent
                                                : all;
  return (limits_.max_in_flight * percent + all - 1) / all;
}

void gateway::forget_overdue(domain::time_point now) {
  while (!waiting_.empty() && waiting_.begin()->second.forget_at <= now)
    waiting_.erase(waiting_.begin());
}

bool gateway::submit(backend& service, actors::command command, urgency how, exchange asker,
                     renderer render, domain::request_key_ptr key) {
  const auto now = service.now();
  actors::request_id id = 0;
  {
    const std::lock_guard lock(mutex_);
    forget_overdue(now);
    if (waiting_.size() >= bound_for(how)) return false;
    id = ++last_id_;
    waiting_.emplace_hint(waiting_.end(), id,
                          waiting{std::move(asker), std::move(render), now + limits_.forget_after});
  }
  // Outside the lock: the outcome may come before this returns.
  service.submit(id, std::move(command), std::move(key));
  return true;
}

void gateway::complete(actors::request_id id, actors::outcome outcome) {
  decltype(waiting_)::node_type found;
  {
    const std::lock_guard lock(mutex_);
    found = waiting_.extract(id);
  }
  if (!found) return; // forgotten
  try {
    auto& [asker, render, forget_at] = found.mapped();
    static_cast<void>(forget_at);
    asker.post(
        [render = std::move(render), outcome = std::move(outcome)] { return render(outcome); });
  } catch (...) {
    // Out of memory. The service's thread must not pay for it: the client hears of it from the
    // transport's deadline.
  }
}

std::size_t gateway::in_flight() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void gateway::bound(std::size_t max_in_flight) {
  const std::lock_guard guard(mutex_);
  limits_.max_in_flight = max_in_flight;
}

std::size_t gateway::max_in_flight() const {
  const std::lock_guard guard(mutex_);
  return limits_.max_in_flight;
}

} // namespace boxoffice::http
