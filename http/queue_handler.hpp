// A place in a concert's queue.
#pragma once

#include "http/handler_context.hpp"

namespace boxoffice::http {

void enter_queue(const handler_context&, const call&); // POST /mock/queue

} // namespace boxoffice::http
