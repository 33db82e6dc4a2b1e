// What was booked, paid and done, read from the store, on /v1.
#include "http/routes.hpp"

namespace boxoffice::http {

void add_v1_history_routes(route_table&) {}

} // namespace boxoffice::http
