// The name of an entity: what the directory finds actors by.
#pragma once

#include "actors/domain/ids.hpp"
#include "actors/domain/request_key.hpp"
#include "actors/domain/user.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace boxoffice::actors {

enum class entity_kind : unsigned char {
  catalogue,
  queue,
  wallet,
  option,
  booking,
  seat,
  caretaker
};

struct entity_ref {
  entity_kind kind = entity_kind::catalogue;
  std::int64_t number = 0;
  std::string user; // a wallet's, else empty

  entity_ref() = default;
  entity_ref(entity_kind k, std::int64_t n, std::string u = {})
      : kind(k), number(n), user(std::move(u)) {}

  friend bool operator==(const entity_ref& a, const entity_ref& b) {
    return a.kind == b.kind && a.number == b.number && a.user == b.user;
  }
};

inline entity_ref ref(domain::concert_id c) { return {entity_kind::queue, c.value}; }
inline entity_ref ref(const domain::user_id& u) { return {entity_kind::wallet, 0, u.value}; }
inline entity_ref ref(domain::option_id o) { return {entity_kind::option, o.value}; }
inline entity_ref ref(domain::booking_id b) { return {entity_kind::booking, b.value}; }
inline entity_ref ref(domain::seat_id s) { return {entity_kind::seat, s.value}; }

inline entity_ref ref(domain::whole_catalogue) { return {entity_kind::catalogue, 0}; }

inline entity_ref the_caretaker() { return {entity_kind::caretaker, 0}; }

// Who remembers a keyed request.
inline entity_ref ref(const domain::request_owner& owner) {
  return std::visit([](const auto& each) { return ref(each); }, owner);
}

} // namespace boxoffice::actors

template <>
struct std::hash<boxoffice::actors::entity_ref> {
  std::size_t operator()(const boxoffice::actors::entity_ref& r) const noexcept {
    const auto number = static_cast<std::size_t>(r.number) * 0x9E3779B97F4A7C15ull;
    return number ^ static_cast<std::size_t>(r.kind) ^
           (r.user.empty() ? 0 : std::hash<std::string>{}(r.user));
  }
};
