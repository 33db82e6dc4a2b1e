// Who buys. A user is named by a string of the client's choosing (CONTRACT 1).
#pragma once

#include "actors/domain/error.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::domain {

struct user_id {
  std::string value;

  friend bool operator==(const user_id& a, const user_id& b) { return a.value == b.value; }
  friend bool operator!=(const user_id& a, const user_id& b) { return a.value != b.value; }
  friend bool operator<(const user_id& a, const user_id& b) { return a.value < b.value; }
};

struct user {
  user_id id;
  std::string name;
  std::string email;
};

// Whether a caller may act on what is `owner`'s. `acting_for` is the user that the caller has shown
// to be; nothing = the operator, or a service that believes everybody: anybody's is theirs.
inline bool may_act_on(const std::optional<user_id>& acting_for, const user_id& owner) {
  return !acting_for || *acting_for == owner;
}

// 1 to 64 letters, digits and "-_.@".
bool is_valid_user_id(std::string_view);

// INVALID_REQUEST that names what is wrong: a name is 1 to 100 characters, an email 3 to 254 with
// one '@' between others and no blank; neither has control characters.
std::optional<rejection> check_person(const user&);

// Whether the seed's API writes this id as a number: canonical decimal up to 2^53-1, so "1" but
// not "007" (CONTRACT 3).
bool is_numeric_user_id(std::string_view);

} // namespace boxoffice::domain

template <>
struct std::hash<boxoffice::domain::user_id> {
  std::size_t operator()(const boxoffice::domain::user_id& u) const noexcept {
    return std::hash<std::string>{}(u.value);
  }
};
