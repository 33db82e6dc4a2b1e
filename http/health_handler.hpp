// Whether the process lives, and whether it takes commands.
#pragma once

#include "http/handler_context.hpp"

namespace boxoffice::http {

void say_alive(const handler_context&, const call&); // GET /livez
void say_ready(const handler_context&, const call&); // GET /readyz

} // namespace boxoffice::http
