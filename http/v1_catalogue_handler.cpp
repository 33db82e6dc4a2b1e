// Concerts and their options of /v1.
#include "http/routes.hpp"

namespace boxoffice::http {

void add_v1_catalogue_routes(route_table&) {}

} // namespace boxoffice::http
