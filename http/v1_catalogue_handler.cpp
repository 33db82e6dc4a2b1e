// Concerts and their options of /v1.
#include "actors/domain/sale_hours.hpp"
#include "actors/time_zones.hpp"
#include "http/answer_book.hpp"
#include "http/request_key.hpp"
#include "http/routes.hpp"
#include "http/v1_catalogue_documents.hpp"
#include "http/v1_documents.hpp"
#include "http/v1_request.hpp"

#include <algorithm>
#include <cctype>
#include <map>

namespace boxoffice::http {

namespace {

constexpr std::size_t max_title = 200, max_venue = 200, max_zone = 64;

int free_seats_of(const backend& service, domain::option_id option) {
  const auto map = service.seats(option);
  return map ? map->free_seats() : 0;
}

std::vector<offered_option> options_of(const backend& service, const domain::catalogue& all,
                                       domain::concert_id concert) {
  std::vector<offered_option> options;
  for (const auto& [id, option] : all.options)
    if (option->concert == concert) options.push_back({option, free_seats_of(service, id)});
  return options;
}

template <class Write>
response document(const call& c, const Write& write) {
  std::string body;
  json_writer out(body);
  write(out);
  return json_answer(c.context, std::move(body));
}

// --- reading

void list_concerts(const handler_context& api, const call& c) {
  const auto asked = read_page(c, list_kind::concerts);
  if (const auto* refusal = domain::refused(asked)) return c.refuse(*refusal);
  const auto& page = std::get<domain::page_bounds>(asked);
  const auto last_seen = page.before.value_or(0); // these lists ascend
  const auto all = api.service.catalogue();
  std::vector<const domain::concert*> items;
  std::optional<std::int64_t> next;
  for (auto it = all->concerts.upper_bound(domain::concert_id{last_seen});
       it != all->concerts.end(); ++it) {
    if (items.size() == page.limit) {
      next = items.back()->id.value;
      break;
    }
    items.push_back(&it->second);
  }
  const auto now = api.service.now();
  c.answer(document(c, [&](json_writer& out) {
    write_list(out, items, list_kind::concerts, next,
               [&](json_writer& item, const domain::concert* concert) {
                 write_concert(item, *concert, options_of(api.service, *all, concert->id), now);
               });
  }));
}

void show_concert(const handler_context& api, const call& c) {
  const auto id = read_path_id<domain::concert_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  const auto all = api.service.catalogue();
  const auto found = all->concerts.find(std::get<domain::concert_id>(id));
  if (found == all->concerts.end()) return c.refuse(domain::unknown_concert());
  c.answer(document(c, [&](json_writer& out) {
    write_concert(out, found->second, options_of(api.service, *all, found->first),
                  api.service.now());
  }));
}

void show_option(const handler_context& api, const call& c) {
  const auto id = read_path_id<domain::option_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  const auto all = api.service.catalogue();
  const auto* option = all->option(std::get<domain::option_id>(id));
  if (!option) return c.refuse(domain::unknown_option());
  c.answer(document(c, [&](json_writer& out) {
    write_option(out, *option, free_seats_of(api.service, option->id), api.service.now());
  }));
}

// A day as one number, in the order of days: what a cursor of dates holds.
std::int64_t number_of(domain::calendar_date day) {
  return std::int64_t{day.year} * 10'000 + day.month * 100 + day.day;
}

struct day_on_offer {
  domain::calendar_date date;
  int free_seats = 0;
  std::vector<domain::option_id> options;
};

void write_day(json_writer& out, const day_on_offer& day) {
  out.begin_object();
  out.key("date");
  out.string(domain::to_string(day.date));
  out.key("freeSeats");
  out.integer(day.free_seats);
  out.key("concertOptionIds");
  out.begin_array();
  for (const auto id : day.options) out.integer(id.value);
  out.end_array();
  out.end_object();
}

void list_dates(const handler_context& api, const call& c) {
  const auto id = read_path_id<domain::concert_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  const auto asked = read_page(c, list_kind::dates);
  if (const auto* refusal = domain::refused(asked)) return c.refuse(*refusal);
  const auto& page = std::get<domain::page_bounds>(asked);
  const auto last_seen = page.before.value_or(0); // these lists ascend
  const auto concert = std::get<domain::concert_id>(id);
  const auto all = api.service.catalogue();
  if (all->concerts.count(concert) == 0) return c.refuse(domain::unknown_concert());

  const auto now = api.service.now();
  std::map<std::int64_t, day_on_offer> days;
  for (const auto& [option_id, option] : all->options) {
    const auto number = number_of(option->local_date);
    if (option->concert != concert || option->starts_at <= now ||
        domain::status_of(*option, now) == domain::option_status::cancelled || number <= last_seen)
      continue;
    const int free = free_seats_of(api.service, option_id);
    if (free == 0) continue;
    auto& day = days[number];
    day.date = option->local_date;
    day.free_seats += free;
    day.options.push_back(option_id);
  }
  std::vector<day_on_offer> items;
  std::optional<std::int64_t> next;
  for (auto& [number, day] : days) {
    if (items.size() == page.limit) {
      next = number_of(items.back().date);
      break;
    }
    items.push_back(std::move(day));
  }
  c.answer(document(
      c, [&](json_writer& out) { write_list(out, items, list_kind::dates, next, write_day); }));
}

// --- adding

// RFC 3339: a day, "T", a time with seconds, and "Z" or an offset.
bool is_rfc3339(const std::string& text) {
  constexpr std::size_t shortest = 20, seconds_end = 19;
  const auto is_digit = [&text](std::size_t at) {
    return std::isdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  if (text.size() < shortest || text[10] != 'T' || !is_digit(17) || !is_digit(18)) return false;
  auto at = seconds_end;
  if (text[at] == '.')
    for (++at; at < text.size() && is_digit(at);) ++at;
  if (at == text.size()) return false;
  if (text[at] == 'Z') return at + 1 == text.size();
  return (text[at] == '+' || text[at] == '-') && at + 6 == text.size() && text[at + 3] == ':';
}

std::optional<domain::time_point> read_time(body_fields& fields, const char* name) {
  const auto* value = fields.value(name);
  if (!value) return std::nullopt;
  if (value->kind == json_kind::string && is_rfc3339(value->text))
    if (auto time = domain::parse_iso_time(value->text)) return time;
  fields.fault(name, "A time is written as in RFC 3339, like 2026-11-28T19:00:00Z.");
  return std::nullopt;
}

domain::wanted_section read_section(const json_value& value, const std::string& place,
                                    body_fields& fields) {
  domain::wanted_section s;
  if (value.kind != json_kind::object) {
    fields.fault(place, "A section is an object with name, seats and price.");
    return s;
  }
  const auto integer = [&](const char* name) -> std::int64_t {
    const auto* given = value.find(name);
    if (given && given->kind == json_kind::integer) return given->integer;
    fields.fault(place + '/' + name, "This is an integer, and required.");
    return 1; // which is well-formed
  };
  const auto* name = value.find("name");
  if (name && name->kind == json_kind::string)
    s.name = name->text;
  else
    fields.fault(place + "/name", "This is a string, and required.");
  s.seats = integer("seats");
  s.price = {integer("price")};
  for (const auto& known : value.names)
    if (known != "name" && known != "seats" && known != "price")
      fields.fault(place + json_pointer(known), "There is no such field here.");
  return s;
}

std::vector<domain::wanted_section> read_sections(body_fields& fields) {
  std::vector<domain::wanted_section> sections;
  const auto* value = fields.value("sections");
  if (!value || value->kind != json_kind::array || value->length == 0) {
    fields.fault("sections", "This is an array of at least one section, and required.");
  } else if (value->items.size() < value->length) {
    fields.fault("sections", "This is an array of objects, at most " +
                                 std::to_string(kept_json_items) + " of them.");
  } else {
    for (std::size_t i = 0; i < value->items.size(); ++i)
      sections.push_back(read_section(value->items[i], "sections/" + std::to_string(i), fields));
  }
  return sections;
}

response tell_concert(const answer_context& context, const domain::concert& made, const telling&) {
  std::string text;
  json_writer out(text);
  write_concert(out, made, {}, made.created_at);
  return created_answer(context, std::move(text), "/v1/concerts/" + std::to_string(made.id.value));
}

response tell_option(const answer_context& context, const actors::option_view& made,
                     const telling&) {
  std::string text;
  json_writer out(text);
  write_option(out, made.what, made.what.seat_count(), made.at);
  return created_answer(context, std::move(text),
                        "/v1/options/" + std::to_string(made.what.id.value));
}

void create_concert(const handler_context& api, const call& c) {
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::create_concert command{fields.words("name", max_title)};
  auto key = read_request_key(c, domain::whole_catalogue{}, acting_operator);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::change, keyed, *std::move(faults));
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_concert);
}

void create_option(const handler_context& api, const call& c) {
  const auto id = read_path_id<domain::concert_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::create_option command;
  auto& wanted = command.wanted;
  wanted.concert = std::get<domain::concert_id>(id);
  const auto starts_at = read_time(fields, "startsAt");
  if (!fields.value("startsAt")) fields.fault("startsAt", "This field is required.");
  wanted.starts_at = starts_at.value_or(domain::time_point{});
  wanted.venue = fields.words("venue", max_venue);
  wanted.time_zone = fields.words("timeZone", max_zone);
  wanted.sales_open_at = read_time(fields, "salesOpenAt");
  wanted.sales_close_at = read_time(fields, "salesCloseAt");
  wanted.sections = read_sections(fields);
  // What is changed is the concert, of which the catalogue as a whole keeps the keys.
  auto key =
      read_request_key(c, domain::whole_catalogue{},
                       acting_operator + (" of concert " + std::to_string(wanted.concert.value)));
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::change, keyed, *std::move(faults));
  wanted.zone_offset = actors::zone_offset(wanted.time_zone, wanted.starts_at);
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_option);
}

} // namespace

void add_v1_catalogue_answers(answer_book& book) {
  book.add("POST /v1/concerts", tell_concert);
  book.add("POST /v1/concerts/:concertId/options", tell_option);
}

void add_v1_catalogue_routes(route_table& table) {
  table.add("POST", "/v1/concerts", create_concert, audience::operators);
  table.add("GET", "/v1/concerts", list_concerts, audience::everybody);
  table.add("GET", "/v1/concerts/:concertId", show_concert, audience::everybody);
  table.add("POST", "/v1/concerts/:concertId/options", create_option, audience::operators);
  table.add("GET", "/v1/concerts/:concertId/dates", list_dates, audience::everybody);
  table.add("GET", "/v1/options/:optionId", show_option, audience::everybody);
}

} // namespace boxoffice::http
