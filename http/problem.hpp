// Refusals as RFC 9457 problem details: type, title, status, detail, code, traceId, and `errors`
// for a bad body; on the seed's routes also "responseResult":"FAIL".
//
// `type` is the reference "/problems/" and the code in lower case with dashes, as in
// "/problems/seat-already-reserved". It names the kind of problem and never changes; `code` says
// the same in a word. `title` belongs to the kind, `detail` to the case.
#pragma once

#include "actors/domain/error.hpp"
#include "http/answer.hpp"
#include "http/message.hpp"

#include <string_view>

namespace boxoffice::http {

int status_of(domain::error_code);

// A 503 or QUEUE_TOKEN_WAITING always says when to ask again, a 401 what to show.
response problem(const answer_context&, const domain::rejection&);

// What is wrong below the API, in HTTP itself or in the transport: 400, 408, 413, 414, 417, 431,
// 500, 501, 503, 505. `unanswered`: the request was taken, but its answer did not come in time.
response protocol_problem(const answer_context&, int status, std::string_view detail,
                          bool unanswered);

} // namespace boxoffice::http
