// Holding seats.
#pragma once

#include "http/handler_context.hpp"

namespace boxoffice::http {

void create_booking(const handler_context&, const call&); // POST /mock/booking

} // namespace boxoffice::http
