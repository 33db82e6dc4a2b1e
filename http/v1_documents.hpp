// How /v1 writes: RFC 3339 times, integers of minor units, lists with a cursor. Each resource is
// written in one place, whoever answers with it.
#pragma once

#include "actors/commands.hpp"
#include "actors/domain/history.hpp"
#include "actors/domain/money.hpp"
#include "actors/domain/time.hpp"
#include "actors/domain/user.hpp"
#include "http/answer.hpp"
#include "http/cursor.hpp"
#include "http/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace boxoffice::http {

// "2026-11-28T19:00:00Z"; six digits of fraction at most, none that end in 0, and no fraction when
// it is 0.
std::string to_rfc3339(domain::time_point);

// One value each; nothing is null.
void write_time(json_writer&, domain::time_point);
void write_time(json_writer&, const std::optional<domain::time_point>&);
void write_minor(json_writer&, domain::money);
void write_v1_user_id(json_writer&, const domain::user_id&); // always a string
void write_null(json_writer&);

// "/v1/users/spring123"; a user's id needs no escaping but for '@', which may stand in a path.
std::string user_path(const domain::user_id&);

// Each one object, as docs/API.md and the OpenAPI file describe it.
void write_account(json_writer&, const domain::user_account&);
void write_wallet(json_writer&, const actors::wallet_view&);
void write_entry(json_writer&, const domain::wallet_entry&);
void write_v1_booking(json_writer&, const domain::booking&);
void write_payment(json_writer&, const domain::payment_record&);
void write_act(json_writer&, const domain::audit_record&);

// An id that may be missing.
template <class Id>
void write_id(json_writer& out, const std::optional<Id>& id) {
  if (id)
    out.integer(id->value);
  else
    write_null(out);
}

// {"items":[…],"nextCursor":"…"|null}. `write(json_writer&, const Item&)` writes one item; `next`
// is the id that the next page begins after, if there is one.
template <class Items, class Write>
void write_list(json_writer& out, const Items& items, list_kind kind,
                const std::optional<std::int64_t>& next, const Write& write) {
  out.begin_object();
  out.key("items");
  out.begin_array();
  for (const auto& item : items) write(out, item);
  out.end_array();
  out.key("nextCursor");
  if (next)
    out.string(write_cursor(kind, *next));
  else
    write_null(out);
  out.end_object();
}

} // namespace boxoffice::http
