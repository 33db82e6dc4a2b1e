// A user's points.
#pragma once

#include "http/handler_context.hpp"

namespace boxoffice::http {

void read_balance(const handler_context&, const call&);   // GET /mock/balance/:userId
void charge_balance(const handler_context&, const call&); // POST /mock/balance
void charge_points(const handler_context&, const call&);  // PATCH /users/points/charge

} // namespace boxoffice::http
