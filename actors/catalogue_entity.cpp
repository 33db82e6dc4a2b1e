#include "actors/catalogue_entity.hpp"

#include "actors/domain/demo.hpp"

namespace boxoffice::actors {

void catalogue_entity::abandon() {
  for (const auto request : waiting_) refuse_unavailable(request);
}

void catalogue_entity::on(stock_demo& m) {
  if (durable())
    stock(m.request);
  else
    waiting_.push_back(m.request);
}

void catalogue_entity::on_durable() {
  // One that changes something makes the rest wait again.
  while (durable() && !waiting_.empty()) {
    stock(waiting_.front());
    waiting_.erase(waiting_.begin());
  }
}

void catalogue_entity::stock(request_id request) {
  const auto present = context().published.catalogue();
  const bool empty = context().published.empty();
  auto plan = domain::plan_demo(*present, empty, context().ids, now());
  if (plan.empty()) return answer(request, wallet_view{});
  append(std::move(plan), {client_answer{request, wallet_view{}}});
}

} // namespace boxoffice::actors
