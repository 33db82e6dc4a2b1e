// The table of calls. Each handler file adds its own rows; api.cpp puts them together.
#pragma once

#include "http/handler_context.hpp"
#include "http/router.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace boxoffice::http {

class route_table {
public:
  using handler_function = void (*)(const handler_context&, const call&);

  // The context must outlive the routes.
  explicit route_table(const handler_context& context) : context_(context) {}

  // A pattern as the router takes it. What one place names is named alike in all patterns:
  // :userId, :concertId, :optionId, :bookingId, :token, :entryId.
  // Whoever must not call is refused before the handler looks at anything; a handler for `users`
  // still has to ask whose the thing is (access::require_user, access::acting_for).
  void add(std::string method, std::string pattern, handler_function answer,
           audience whom = audience::users) {
    routes_.push_back(
        {std::move(method), std::move(pattern), [&context = context_, answer, whom](call&& c) {
           if (const auto no = let_in(context, c, whom)) return c.refuse(*no);
           answer(context, c);
         }});
  }

  const std::vector<route>& routes() const { return routes_; }

private:
  static std::optional<domain::rejection> let_in(const handler_context& context, call& c,
                                                 audience whom) {
    if (whom == audience::everybody) return std::nullopt;
    const auto now = context.service.now();
    c.who = context.access.identify(c.asked, now);
    if (c.who.user)
      if (auto no = context.limits.admit_user(c.asked, *c.who.user, now, c.context.also)) return no;
    return context.access.admit(c, whom);
  }

  const handler_context& context_;
  std::vector<route> routes_;
};

// The rows, by the file that answers them.
void add_mock_routes(route_table&);          // api.cpp: the seed's API (CONTRACT 3)
void add_operation_routes(route_table&);     // health_handler.cpp
void add_documentation_routes(route_table&); // documentation_handler.cpp
void add_v1_user_routes(route_table&);       // v1_user_handler.cpp
void add_v1_catalogue_routes(route_table&);  // v1_catalogue_handler.cpp
void add_v1_seat_routes(route_table&);       // v1_seat_handler.cpp
void add_v1_queue_routes(route_table&);      // v1_queue_handler.cpp
void add_v1_booking_routes(route_table&);    // v1_booking_handler.cpp
void add_v1_history_routes(route_table&); // v1_history_handler.cpp: bookings, payments, audit log
void add_v1_wallet_routes(route_table&);  // v1_wallet_handler.cpp
void add_v1_stream_routes(route_table&);  // v1_stream_handler.cpp

} // namespace boxoffice::http
