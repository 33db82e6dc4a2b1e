// Booking, paying, cancelling on /v1.
#include "http/routes.hpp"

namespace boxoffice::http {

void add_v1_booking_routes(route_table&) {}

} // namespace boxoffice::http
