// Reads the JSON of a request body, and trusts nothing in it: depth, members and length are
// bounded, a key named twice is refused, and a number keeps its own text so that amounts stay
// exact.
#pragma once

#include "actors/domain/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::http {

enum class json_kind {
  null,
  boolean,
  integer, // written without fraction or exponent, and an int64
  number,  // any other
  string,
  array,
  object,
};

struct json_value {
  json_kind kind = json_kind::null;
  std::int64_t integer = 0;       // of a boolean: 1 is true
  std::string text;               // a string's characters; a number as it was written
  std::vector<json_value> items;  // the first of an array; an object's values
  std::size_t length = 0;         // how many the array has
  std::vector<std::string> names; // of an object in an array: its members', in order of `items`

  // A member of an object; nullptr when there is none.
  const json_value* find(std::string_view name) const;
};

// The members of the body's object. What lies deeper than an array of scalars, or of objects of
// scalars, is checked, not kept.
class json_object {
public:
  // nullptr when there is no such member.
  const json_value* find(std::string_view name) const;
  template <class Visit>
  void each_name(Visit visit) const {
    for (const auto& m : members_) visit(m.name);
  }

  void add(std::string name) { members_.push_back({std::move(name), {}}); }
  bool empty() const { return members_.empty(); }
  std::string_view last_name() const { return members_.back().name; }
  json_value& last() { return members_.back().value; }
  const json_value& last() const { return members_.back().value; }

private:
  struct member {
    std::string name;
    json_value value;
  };
  std::vector<member> members_;
};

constexpr std::size_t max_json_depth = 16;
constexpr std::size_t max_json_members = 64;  // of one object
constexpr std::size_t kept_json_items = 1000; // of one array: a booking's seats, a hall's sections

// The RFC 6901 pointer to a member of the body's object; "" for a name too long to repeat.
std::string json_pointer(std::string_view name);

// INVALID_REQUEST when the text is not one JSON object in UTF-8 within these bounds.
domain::result<json_object> read_json_object(std::string_view text);

} // namespace boxoffice::http
