// The fields of a request's body. Reading one that is missing or wrong gives a harmless value and
// is remembered, so that the client hears of all its mistakes at once.
//
// Fields that nobody reads are ignored on the seed's routes and refused on /v1; null counts as
// absent.
#pragma once

#include "actors/domain/concert.hpp"
#include "actors/domain/error.hpp"
#include "actors/domain/money.hpp"
#include "actors/domain/user.hpp"
#include "http/json_reader.hpp"
#include "http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::http {

class body_fields {
public:
  explicit body_fields(json_object object) : object_(std::move(object)) {}

  // A string or an integer, which are the same user: "1" and 1.
  domain::user_id user(std::string_view name);

  // An integer from 1.
  template <class Id>
  Id id(std::string_view name) {
    return Id{positive(require(name), name)};
  }
  template <class Id>
  std::optional<Id> optional_id(std::string_view name) {
    const auto* value = find(name);
    return value ? std::optional(Id{positive(value, name)}) : std::nullopt;
  }

  // Points above 0, as a number with at most two decimals.
  domain::money amount(std::string_view name);
  // "A_10,A_11"
  std::vector<domain::seat_name> seats(std::string_view name, std::size_t max_seats);
  // 1 to `max_characters`, none of them a control character.
  std::string words(std::string_view name, std::size_t max_characters);
  std::optional<std::int32_t> optional_small_integer(std::string_view name);

  // Checked for form and otherwise of no interest.
  void optional_integer(std::string_view name);
  // ISO 8601 text, or [year,month,day,hour,minute] with second and nanosecond behind it or not.
  void optional_time(std::string_view name);

  // As /v1 has them: a user's id is a string only; amounts are integers of minor units, the first
  // above 0, the second of either sign and not 0.
  domain::user_id v1_user(std::string_view name);
  std::optional<domain::user_id> optional_v1_user(std::string_view name);
  domain::money minor_amount(std::string_view name);
  domain::money signed_minor_amount(std::string_view name);
  // As words, but may be absent.
  std::optional<std::string> optional_words(std::string_view name, std::size_t max_characters);

  // For what no reader here knows: the value as it came, nullptr when absent. Counts as read.
  const json_value* value(std::string_view name) { return find(name); }
  // Whether the member is there at all, be it null. Counts as read.
  bool has(std::string_view name);

  // A fault found elsewhere. A name may be a path below the body: "sections/0/name".
  void fault(std::string_view name, std::string detail);

  // From now on faults() names the fields that nobody read.
  void refuse_unknown() { refuse_unknown_ = true; }

  // INVALID_REQUEST with all that was wrong; nothing when all was well.
  std::optional<domain::rejection> faults() const;

private:
  // nullptr when absent.
  const json_value* find(std::string_view name);
  const json_value* require(std::string_view name);
  domain::money whole_minor(const json_value*, std::string_view name, bool negative_too);
  std::int64_t positive(const json_value*, std::string_view name);

  json_object object_;
  std::vector<domain::body_fault> faults_;
  std::vector<std::string> read_; // the names asked for
  bool refuse_unknown_ = false;
};

// UNSUPPORTED_MEDIA_TYPE or INVALID_REQUEST when the body is no JSON object. A body without
// Content-Type is taken for JSON: the seed's clients need not say it.
domain::result<body_fields> read_body(const request&);

} // namespace boxoffice::http
