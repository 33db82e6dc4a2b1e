// The API's own description.
#include "http/routes.hpp"

namespace boxoffice::http {

void add_documentation_routes(route_table&) {}

} // namespace boxoffice::http
