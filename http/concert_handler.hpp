// What is on, and which seats are free.
#pragma once

#include "http/handler_context.hpp"

namespace boxoffice::http {

void list_concerts(const handler_context&, const call&);   // GET /mock/concerts
void list_free_seats(const handler_context&, const call&); // GET /mock/available-seats

} // namespace boxoffice::http
