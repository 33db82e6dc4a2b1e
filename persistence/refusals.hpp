// How a writer says that an event contradicts the tables. Private to this room.
#pragma once

#include "actors/domain/ids.hpp"
#include "actors/domain/request_key.hpp"
#include "actors/domain/token_key.hpp"
#include "actors/domain/user.hpp"
#include "persistence/store.hpp"

#include <string>

namespace boxoffice::persistence {

[[noreturn]] inline void refuse(const std::string& what) {
  throw store_failed(store_failed::reason::refused, what);
}

// What the tables were found not to hold, told only when it is so: building the text is not cheap.
template <class Tag>
void require(bool held, const char* entity, domain::id<Tag> id, const char* fault) {
  if (!held) refuse(std::string(entity) + ' ' + std::to_string(id.value) + ' ' + fault);
}

inline void require(bool held, domain::token_key token, const char* fault) {
  if (!held) refuse("Token " + to_string(token) + ' ' + fault);
}

inline void require(bool held, const domain::user_id& user, const char* fault) {
  if (!held) refuse("User " + user.value + ' ' + fault);
}

inline void require(bool held, const domain::request_key& key, const char* fault) {
  if (!held) refuse("Request " + key.key + " of " + to_string(key.owner) + ' ' + fault);
}

} // namespace boxoffice::persistence
