// Which shard an entity is in.
#pragma once

#include "actors/domain/shard.hpp"
#include "actors/entity_ref.hpp"

#include <stdexcept>

namespace boxoffice::actors {

// What there is one of.
constexpr int shard_of_the_catalogue = 0;
constexpr int shard_of_the_caretaker = 0;

// A seat's name says nothing of its performance, whose shard it is in; but a letter to a seat never
// leaves its node, so nobody has to ask. Throws std::logic_error when somebody does.
inline int shard_of(const entity_ref& who) {
  switch (who.kind) {
  case entity_kind::catalogue: return shard_of_the_catalogue;
  case entity_kind::caretaker: return shard_of_the_caretaker;
  case entity_kind::queue: return domain::shard_of(domain::concert_id{who.number});
  case entity_kind::wallet: return domain::shard_of(domain::user_id{who.user});
  case entity_kind::option: return domain::shard_of(domain::option_id{who.number});
  case entity_kind::booking: return domain::shard_of(domain::booking_id{who.number});
  case entity_kind::seat: break;
  }
  throw std::logic_error("a seat was asked for its shard");
}

} // namespace boxoffice::actors
