// Seat maps of /v1.
#include "http/entity_tag.hpp"
#include "http/routes.hpp"
#include "http/seat_documents.hpp"
#include "http/uri.hpp"
#include "http/v1_request.hpp"

namespace boxoffice::http {

namespace {

struct wanted_seats {
  seat_documents::filter status;
  const char* word = "all";
};

domain::result<wanted_seats> read_status(const call& c) {
  auto query = query_parameters::parse(c.asked.query());
  if (auto* refusal = std::get_if<domain::rejection>(&query)) return std::move(*refusal);
  const auto* text = std::get<query_parameters>(query).find("status");
  if (!text) return wanted_seats{};
  if (*text == "free") return wanted_seats{domain::seat_status::free, "free"};
  if (*text == "held") return wanted_seats{domain::seat_status::held, "held"};
  if (*text == "sold") return wanted_seats{domain::seat_status::sold, "sold"};
  return domain::reject(domain::error_code::invalid_request,
                        "The parameter status is free, held or sold.");
}

// Whoever shows a tag has the document as it is: the store's name tells it from every other store,
// the number of the last commit that changed the map from every other state of it.
std::string tag_of(const handler_context& api, domain::option_id option, std::int64_t version,
                   const wanted_seats& wanted) {
  return '"' + api.options.incarnation + '-' + std::to_string(option.value) + '-' +
         std::to_string(version) + '-' + wanted.word + '"';
}

response tagged(response r, std::string tag) {
  for (auto& [name, value] : r.headers)
    if (name == "Cache-Control") value = "no-cache"; // keep it, and ask whether it is still so
  r.headers.emplace_back("ETag", std::move(tag));
  return r;
}

void show_seats(const handler_context& api, const call& c) {
  const auto id = read_path_id<domain::option_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  const auto status = read_status(c);
  if (const auto* refusal = domain::refused(status)) return c.refuse(*refusal);
  const auto& wanted = std::get<wanted_seats>(status);

  const auto catalogue = api.service.catalogue();
  const auto* option = catalogue->option(std::get<domain::option_id>(id));
  const auto map = option ? api.service.seats(option->id) : nullptr;
  if (!map) return c.refuse(domain::unknown_option());
  auto tag = tag_of(api, option->id, map->version(), wanted);
  if (has_already(c.asked, tag))
    return c.answer(tagged(bare_answer(c.context, 304), std::move(tag)));
  auto page = api.seat_maps.seats(*option, map, wanted.status);
  c.answer(tagged(json_answer(c.context, std::move(page.body)),
                  tag_of(api, option->id, page.version, wanted)));
}

} // namespace

void add_v1_seat_routes(route_table& table) {
  table.add("GET", "/v1/options/:optionId/seats", show_seats, audience::everybody);
}

} // namespace boxoffice::http
