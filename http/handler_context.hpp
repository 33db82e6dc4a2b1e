// What the handlers work with. One for all calls; every part may be used from any thread.
#pragma once

#include "actors/domain/ids.hpp"
#include "http/access.hpp"
#include "http/answer_book.hpp"
#include "http/backend.hpp"
#include "http/call.hpp"
#include "http/concert_documents.hpp"
#include "http/gateway.hpp"
#include "http/json_writer.hpp"
#include "http/live_feed.hpp"
#include "http/request_limits.hpp"
#include "http/seat_documents.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace boxoffice::http {

struct api_options {
  domain::concert_id default_concert{1}; // of POST /mock/queue without one
  std::size_t max_seats = 10;            // in one request
  std::uint64_t trace_seed = 1;          // any number that differs from run to run
  // The page of GET /metrics; any thread.
  std::function<std::string()> scrape = [] { return std::string(); };
  access_options access;
  rates limits;
  std::vector<config::address_range> trusted_proxies;
  std::vector<std::string> cors_origins;
  live_feed_options live;
  // Tells this store from every other, and this start from the one before: what a backup was
  // restored to goes on from the same commit in another way.
  std::string incarnation = "none";
  // What PostgreSQL behind the store lacks, as a JSON object; nothing where there is none.
  std::function<std::optional<std::string>()> lag = [] { return std::nullopt; };
};

struct handler_context {
  const api_options& options;
  backend& service;
  gateway& commands;
  concert_documents& documents;
  const http::access& access;
  request_limits& limits;
  live_feed& live;
  seat_documents& seat_maps;
};

// What an outcome comes to; `answer(const answer_context&, const View&)` gives the response to a
// success. A refusal for the command's one amount, by a rule that does not know which field it came
// in, is laid at `amount_field` ("/balance"; nullptr: leave it).
template <class View, class Answer>
response answer_outcome(const answer_context& context, const actors::outcome& outcome,
                        const Answer& answer, const char* amount_field) {
  if (const auto* refusal = std::get_if<domain::rejection>(&outcome)) {
    const bool unplaced =
        refusal->code == domain::error_code::invalid_request && refusal->faults.empty();
    if (!unplaced || !amount_field) return problem(context, *refusal);
    auto placed = *refusal;
    placed.faults.push_back({amount_field, refusal->detail});
    return problem(context, placed);
  }
  if (const auto* kept = std::get_if<domain::written_answer>(&outcome))
    return kept_answer(context, *kept);
  if (const auto* again = std::get_if<actors::replayed_answer>(&outcome))
    return replayed_answer(context, again->first);
  const auto* view = std::get_if<View>(&outcome);
  if (!view) throw std::logic_error("the service answered another question");
  return answer(context, *view);
}

// Gives the service a command whose answer is a View, of which `answer` makes the response on a
// worker of the transport's. With a key see ask_keyed.
template <class View, class Answer>
void ask_for(const handler_context& api, const call& c, urgency how, actors::command command,
             Answer answer, const char* amount_field = nullptr,
             domain::request_key_ptr key = nullptr) {
  auto render = [context = c.context, answer = std::move(answer),
                 amount_field](const actors::outcome& outcome) {
    return answer_outcome<View>(context, outcome, answer, amount_field);
  };
  if (!api.commands.submit(api.service, std::move(command), how, c.reply, std::move(render),
                           std::move(key)))
    c.refuse(domain::reject(domain::error_code::overloaded,
                            "Too many requests are under way; nothing was done."));
}

// The same for an answer 200 whose document `write(json_writer&, const View&)` writes.
template <class View, class Write>
void ask(const handler_context& api, const call& c, urgency how, actors::command command,
         Write write, const char* amount_field = nullptr) {
  auto answer = [write = std::move(write)](const answer_context& context, const View& view) {
    std::string body;
    json_writer out(body);
    write(out, view);
    return json_answer(context, std::move(body));
  };
  ask_for<View>(api, c, how, std::move(command), std::move(answer), amount_field);
}

// Gives the service a command that may have come with an Idempotency-Key (nullptr: it came
// without). `tell` must be in the answer book, under the call's route.
template <class View>
void ask_keyed(const handler_context& api, const call& c, urgency how, actors::command command,
               domain::request_key_ptr key, teller<View> tell, std::string detail = {},
               const char* amount_field = nullptr) {
  auto answer = [tell, detail = std::move(detail),
                 &service = api.service](const answer_context& context, const View& view) {
    return tell(context, view, {*service.catalogue(), detail, service.now()});
  };
  ask_for<View>(api, c, how, std::move(command), std::move(answer), amount_field, std::move(key));
}

// Refuses a call that may have come with a key. A replay comes before every other check, so a keyed
// one is refused only when it was not answered before.
inline void refuse_keyed(const handler_context& api, const call& c, urgency how,
                         const domain::request_key_ptr& key, domain::rejection why) {
  if (!key) return c.refuse(why);
  const auto no_view = [](const answer_context&, const actors::wallet_view&) -> response {
    throw std::logic_error("a refusal came to nothing");
  };
  ask_for<actors::wallet_view>(api, c, how, actors::recall_answer{std::move(why)}, no_view, nullptr,
                               key);
}

} // namespace boxoffice::http
