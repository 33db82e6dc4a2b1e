// Event streams of /v1. Whatever Accept says, these addresses have nothing else to serve.
#include "http/live_feed.hpp"
#include "http/routes.hpp"
#include "http/v1_request.hpp"

namespace boxoffice::http {

namespace {

response stream_head(const answer_context& context) {
  auto head = bare_answer(context, 200);
  head.headers.emplace_back("Content-Type", "text/event-stream");
  head.headers.emplace_back("X-Accel-Buffering", "no"); // nginx passes events on as they come
  return head;
}

void begin(const call& c, domain::result<stream_start> stream) {
  if (const auto* refusal = domain::refused(stream)) return c.refuse(*refusal);
  auto& begun = std::get<stream_start>(stream);
  begun.head = stream_head(c.context);
  c.reply.stream(std::move(begun));
}

void follow_seats(const handler_context& api, const call& c) {
  const auto option = read_path_id<domain::option_id>(c);
  if (const auto* refusal = domain::refused(option)) return c.refuse(*refusal);
  begin(c, api.live.follow_seats(std::get<domain::option_id>(option),
                                 c.asked.header("Last-Event-ID"), c.reply));
}

} // namespace

void add_v1_stream_routes(route_table& table) {
  table.add("GET", "/v1/options/:optionId/seats/events", follow_seats, audience::everybody);
}

} // namespace boxoffice::http
