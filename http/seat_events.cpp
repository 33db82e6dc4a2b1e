#include "http/seat_events.hpp"

#include "http/event_text.hpp"
#include "http/json_writer.hpp"

namespace boxoffice::http {

namespace {

using domain::seat_status;

char letter_of(seat_status status) {
  switch (status) {
  case seat_status::free: return 'F';
  case seat_status::held: return 'H';
  case seat_status::sold: return 'S';
  }
  return '?';
}

void write_version(json_writer& out, std::uint64_t version) {
  out.key("version");
  out.integer(static_cast<std::int64_t>(version));
}

void write_seats_of(json_writer& out, seat_status status, const domain::concert_option& option,
                    const std::vector<domain::seat_change>& changes) {
  auto section = option.sections.begin();
  for (const auto& change : changes) {
    while (change.seat.value >= section->first_seat.value + section->seats) ++section;
    if (change.status != status) continue;
    const auto number = change.seat.value - section->first_seat.value + 1;
    out.string(section->name + "_" + std::to_string(number));
  }
}

bool any_of(seat_status status, const std::vector<domain::seat_change>& changes) {
  for (const auto& change : changes)
    if (change.status == status) return true;
  return false;
}

} // namespace

std::string seat_state_event(std::string_view name, std::string_view id, std::uint64_t version,
                             const domain::concert_option& option, const domain::seat_map& map) {
  std::string data;
  json_writer out(data);
  out.begin_object();
  write_version(out, version);
  out.key("sections");
  out.begin_array();
  for (const auto& section : option.sections) {
    std::string letters;
    letters.reserve(static_cast<std::size_t>(section.seats));
    for (int n = 0; n < section.seats; ++n)
      letters += letter_of(map.status({section.first_seat.value + n}));
    out.begin_object();
    out.key("section");
    out.string(section.name);
    out.key("firstSeatId");
    out.integer(section.first_seat.value);
    out.key("seats");
    out.string(letters);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return event_text(name, id, data);
}

std::string seat_changes_event(std::string_view id, std::uint64_t version,
                               const domain::concert_option& option,
                               const std::vector<domain::seat_change>& changes) {
  std::string data;
  json_writer out(data);
  out.begin_object();
  write_version(out, version);
  out.key("changes");
  out.begin_array();
  for (const auto status : {seat_status::free, seat_status::held, seat_status::sold}) {
    if (!any_of(status, changes)) continue;
    out.begin_object();
    out.key("seats");
    out.begin_array();
    write_seats_of(out, status, option, changes);
    out.end_array();
    out.key("status");
    out.string(domain::to_string(status));
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return event_text("seats", id, data);
}

} // namespace boxoffice::http
