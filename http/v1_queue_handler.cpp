// Queues and their tokens of /v1.
#include "http/routes.hpp"

namespace boxoffice::http {

void add_v1_queue_routes(route_table&) {}

} // namespace boxoffice::http
