// Server-sent events as text (HTML, 9.2).
#pragma once

#include "http/event_stream.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace boxoffice::http {

// `data` is one line, as JSON is that json_writer wrote. An empty id leaves the client's as it is.
std::string event_text(std::string_view name, std::string_view id, std::string_view data);

// How long a client whose stream was cut waits before it comes back: one to five seconds, another
// for each `client`, so that not all of them come back at once.
event_piece retry_piece(std::uint64_t client);

} // namespace boxoffice::http
