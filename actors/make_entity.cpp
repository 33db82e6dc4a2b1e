#include "actors/booking_entity.hpp"
#include "actors/caretaker_entity.hpp"
#include "actors/catalogue_entity.hpp"
#include "actors/option_entity.hpp"
#include "actors/queue_entity.hpp"
#include "actors/seat_entity.hpp"
#include "actors/wallet_entity.hpp"

namespace boxoffice::actors {

namespace {

template <class T>
std::shared_ptr<T> take(loaded_state& state) {
  return std::get<std::shared_ptr<T>>(std::move(state));
}

} // namespace

std::unique_ptr<entity> make_entity(const entity_ref& who, loaded_state state, node& n,
                                    entity_exits& exits) {
  switch (who.kind) {
  case entity_kind::catalogue:
    return std::make_unique<catalogue_entity>(std::move(*take<option_drafts>(state)), n, exits);
  case entity_kind::queue:
    return std::make_unique<queue_entity>(take<domain::queue>(state), n, exits);
  case entity_kind::wallet: {
    const domain::user_id user{who.user};
    if (std::holds_alternative<std::monostate>(state))
      return std::make_unique<wallet_entity>(user, std::nullopt, n, exits);
    return std::make_unique<wallet_entity>(user, std::move(*take<domain::wallet>(state)), n, exits);
  }
  case entity_kind::option:
    return std::make_unique<option_entity>(domain::option_id{who.number},
                                           std::move(*take<domain::option_desk>(state)), n, exits);
  case entity_kind::booking: {
    const auto id = domain::booking_id{who.number};
    if (std::holds_alternative<std::monostate>(state))
      return std::make_unique<booking_entity>(id, nullptr, n, exits);
    return std::make_unique<booking_entity>(id, take<domain::booking>(state), n, exits);
  }
  case entity_kind::seat:
    return std::make_unique<seat_entity>(domain::seat_id{who.number},
                                         std::move(*take<domain::seat>(state)), n, exits);
  case entity_kind::caretaker: return std::make_unique<caretaker_entity>(n, exits);
  }
  return nullptr;
}

} // namespace boxoffice::actors
