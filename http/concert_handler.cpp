#include "http/concert_handler.hpp"

#include "http/uri.hpp"

#include <charconv>
#include <optional>

namespace boxoffice::http {

namespace {

std::optional<domain::concert_id> parse_concert_id(const std::string* text) {
  if (!text || text->empty()) return std::nullopt;
  domain::concert_id id;
  const auto end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, id.value);
  if (error != std::errc{} || stop != end || id.value < 1) return std::nullopt;
  return id;
}

} // namespace

void list_concerts(const handler_context& api, const call& c) {
  c.answer(json_answer(c.context, api.documents.concerts(api.service)));
}

void list_free_seats(const handler_context& api, const call& c) {
  const auto query = query_parameters::parse(c.asked.query());
  if (const auto* refusal = domain::refused(query)) return c.refuse(*refusal);
  const auto& given = std::get<query_parameters>(query);
  const auto concert = parse_concert_id(given.find("concertId"));
  const auto* date_text = given.find("date");
  const auto date = date_text ? domain::parse_date(*date_text) : std::nullopt;
  if (!concert || !date)
    return c.refuse(domain::reject(
        domain::error_code::invalid_request,
        std::string(concert ? "" : "The parameter concertId must be an integer from 1. ") +
            (date ? "" : "The parameter date must be a day, like 2024-07-10.")));

  if (api.service.catalogue()->concerts.count(*concert) == 0)
    return c.refuse(domain::unknown_concert());
  c.answer(json_answer(c.context, api.documents.free_seats(api.service, *concert, *date)));
}

} // namespace boxoffice::http
