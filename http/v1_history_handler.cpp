// What was booked, paid and done, read from the store, on /v1.
#include "http/routes.hpp"
#include "http/v1_documents.hpp"
#include "http/v1_request.hpp"

namespace boxoffice::http {

namespace {

using bookings = domain::page<domain::booking>;

void read_booking(const handler_context& api, const call& c) {
  const auto booking = read_path_id<domain::booking_id>(c);
  if (const auto* refusal = domain::refused(booking)) return c.refuse(*refusal);
  const actors::read_booking wanted{std::get<domain::booking_id>(booking),
                                    api.access.acting_for(c)};
  ask<domain::booking>(api, c, urgency::poll, actors::query(wanted), write_v1_booking);
}

void read_payment(const handler_context& api, const call& c) {
  const auto booking = read_path_id<domain::booking_id>(c);
  if (const auto* refusal = domain::refused(booking)) return c.refuse(*refusal);
  const actors::read_payment wanted{std::get<domain::booking_id>(booking),
                                    api.access.acting_for(c)};
  ask<domain::payment_record>(api, c, urgency::poll, actors::query(wanted), write_payment);
}

void list_user_bookings(const handler_context& api, const call& c) {
  const auto user = read_own_user(c, api.access);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  const auto& id = std::get<domain::user_id>(user);
  const auto bounds = read_page(c, list_kind::user_bookings);
  if (const auto* refusal = domain::refused(bounds)) return c.refuse(*refusal);
  const auto write = [](json_writer& out, const bookings& page) {
    write_list(out, page.items, list_kind::user_bookings, page.next, write_v1_booking);
  };
  const actors::list_user_bookings wanted{id, std::get<domain::page_bounds>(bounds)};
  ask<bookings>(api, c, urgency::poll, actors::query(wanted), write);
}

void list_option_bookings(const handler_context& api, const call& c) {
  const auto option = read_path_id<domain::option_id>(c);
  if (const auto* refusal = domain::refused(option)) return c.refuse(*refusal);
  const auto& id = std::get<domain::option_id>(option);
  const auto bounds = read_page(c, list_kind::option_bookings);
  if (const auto* refusal = domain::refused(bounds)) return c.refuse(*refusal);
  if (!api.service.catalogue()->option(id)) return c.refuse(domain::unknown_option());
  const auto write = [](json_writer& out, const bookings& page) {
    write_list(out, page.items, list_kind::option_bookings, page.next, write_v1_booking);
  };
  const actors::list_option_bookings wanted{id, std::get<domain::page_bounds>(bounds)};
  ask<bookings>(api, c, urgency::poll, actors::query(wanted), write);
}

void list_audit_log(const handler_context& api, const call& c) {
  const auto bounds = read_page(c, list_kind::audit_log);
  if (const auto* refusal = domain::refused(bounds)) return c.refuse(*refusal);
  using acts = domain::page<domain::audit_record>;
  const auto write = [](json_writer& out, const acts& page) {
    write_list(out, page.items, list_kind::audit_log, page.next, write_act);
  };
  const actors::list_audit wanted{std::get<domain::page_bounds>(bounds)};
  ask<acts>(api, c, urgency::poll, actors::query(wanted), write);
}

} // namespace

void add_v1_history_routes(route_table& table) {
  table.add("GET", "/v1/bookings/:bookingId", read_booking);
  table.add("GET", "/v1/bookings/:bookingId/payment", read_payment);
  table.add("GET", "/v1/users/:userId/bookings", list_user_bookings);
  table.add("GET", "/v1/options/:optionId/bookings", list_option_bookings, audience::operators);
  table.add("GET", "/v1/audit-log", list_audit_log, audience::operators);
}

} // namespace boxoffice::http
