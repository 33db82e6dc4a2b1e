// What the calls of /v1 read from a request alike: strict bodies, ids in paths, pages.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/history.hpp"
#include "actors/domain/user.hpp"
#include "http/access.hpp"
#include "http/body.hpp"
#include "http/call.hpp"
#include "http/cursor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace boxoffice::http {

// The body's fields. UNSUPPORTED_MEDIA_TYPE without `Content-Type: application/json`,
// INVALID_REQUEST when it is no JSON object; faults() then also names every field nobody read.
domain::result<body_fields> read_v1_body(const call&);
// The same, but no body at all is a body without fields.
domain::result<body_fields> read_optional_v1_body(const call&);

// The path's parameter `index` as an integer from 1, else INVALID_REQUEST.
domain::result<std::int64_t> read_path_number(const call&, std::size_t index = 0);
template <class Id>
domain::result<Id> read_path_id(const call& c, std::size_t index = 0) {
  auto number = read_path_number(c, index);
  if (auto* refusal = std::get_if<domain::rejection>(&number)) return std::move(*refusal);
  return Id{std::get<std::int64_t>(number)};
}
domain::result<domain::user_id> read_path_user(const call&);
// The same, when the caller may act for that user; else what access::require_user says.
domain::result<domain::user_id> read_own_user(const call&, const access&);

constexpr std::size_t default_page = 100;
constexpr std::size_t max_page = 1000;

// ?limit=&cursor= of a list that goes from the newest to the oldest. INVALID_REQUEST for a limit
// out of range and for what is no cursor of this list.
domain::result<domain::page_bounds> read_page(const call&, list_kind);

} // namespace boxoffice::http
