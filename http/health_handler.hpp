// What operators look at: whether the process lives, whether it takes commands, its metrics.
#pragma once

#include "http/handler_context.hpp"

namespace boxoffice::http {

void say_alive(const handler_context&, const call&);    // GET /livez
void say_ready(const handler_context&, const call&);    // GET /readyz
void show_metrics(const handler_context&, const call&); // GET /metrics

} // namespace boxoffice::http
