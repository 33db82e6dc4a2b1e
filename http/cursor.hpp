// The opaque mark that says where in a list a page ends: base64url text of the list's kind and the
// last id told. Whoever shows a mark of another list, or one of his own making, is told so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::http {

// Which list a cursor is of. The values are part of cursors that clients hold: never change one.
enum class list_kind : unsigned char {
  concerts = 1,
  dates = 2,
  user_bookings = 3,
  option_bookings = 4,
  entries = 5,
  audit_log = 6,
};

std::string write_cursor(list_kind, std::int64_t last_id);
// Nothing when it is not a cursor of this list.
std::optional<std::int64_t> read_cursor(list_kind, std::string_view);

} // namespace boxoffice::http
