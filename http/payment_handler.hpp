// Paying for held seats.
#pragma once

#include "http/handler_context.hpp"

#include <cstddef>

namespace boxoffice::http {

constexpr std::size_t max_payment_method = 64; // characters; it is repeated to the client as sent

void pay_booking(const handler_context&, const call&); // POST /mock/payment
void pay_pending(const handler_context&, const call&); // PATCH /payments/payment

} // namespace boxoffice::http
