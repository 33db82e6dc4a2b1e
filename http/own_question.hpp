// A question of our own, whose answer no client waits for.
#pragma once

#include "http/gateway.hpp"

#include <functional>

namespace boxoffice::http {

// Gives the service a command; `hear` is called with the outcome, on a thread of the service's, and
// must not block. It counts as a request in flight. False when too much is under way: nothing was
// done, and nothing will be heard.
[[nodiscard]] bool ask_for_ourselves(gateway&, backend&, actors::command, urgency,
                                     std::function<void(const actors::outcome&)> hear);

} // namespace boxoffice::http
