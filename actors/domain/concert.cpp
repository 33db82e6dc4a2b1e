#include "actors/domain/concert.hpp"

#include <algorithm>
#include <charconv>

namespace boxoffice::domain {

std::string to_string(const seat_name& name) {
  return name.section + '_' + std::to_string(name.number);
}

std::string to_string(const std::vector<seat_name>& names) {
  std::string text;
  for (const auto& name : names) {
    if (!text.empty()) text += ',';
    text += to_string(name);
  }
  return text;
}

bool is_section_name(std::string_view text) {
  constexpr std::size_t max_length = 16;
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && text.size() <= max_length &&
         std::all_of(text.begin(), text.end(), alphanumeric);
}

std::optional<seat_name> parse_seat_name(std::string_view text) {
  const auto split = text.find('_');
  if (split == text.npos) return std::nullopt;
  const auto section_text = text.substr(0, split);
  const auto number_text = text.substr(split + 1);
  if (!is_section_name(section_text)) return std::nullopt;
  if (number_text.empty() || number_text.front() < '1' || number_text.front() > '9')
    return std::nullopt;

  seat_name name{std::string(section_text), 0};
  const auto end = number_text.data() + number_text.size();
  const auto [stop, error] = std::from_chars(number_text.data(), end, name.number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return name;
}

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

} // namespace

result<std::vector<seat_name>> parse_seat_names(std::string_view text, std::size_t max_seats,
                                                const std::string& pointer) {
  std::vector<seat_name> names;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    auto name = parse_seat_name(trim(text.substr(0, comma)));
    if (!name)
      return reject_body(pointer, "Seats are written as section and number, like A_10,A_11.");
    if (std::find(names.begin(), names.end(), *name) != names.end())
      return reject_body(pointer, "The seat " + to_string(*name) + " is named twice.");
    if (names.size() == max_seats)
      return reject_body(pointer, "At most " + std::to_string(max_seats) + " seats a booking.");
    names.push_back(std::move(*name));
    more = comma != text.npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return names;
}

int concert_option::seat_count() const {
  int count = 0;
  for (const auto& s : sections) count += s.seats;
  return count;
}

std::optional<seat_place> find_seat(const concert_option& option, const seat_name& name) {
  for (const auto& s : option.sections)
    if (s.name == name.section && name.number >= 1 && name.number <= s.seats)
      return seat_place{seat_id{s.first_seat.value + name.number - 1}, s.price};
  return std::nullopt;
}

std::optional<rejection> check_sale_hours(const concert_option& option, time_point now) {
  if (option.cancelled) return reject(error_code::sale_closed, "The performance is cancelled.");
  if (now < option.sales_open_at)
    return reject(error_code::sale_not_open, "The sale of this performance has not opened yet.");
  if (now >= option.sales_close_at || now >= option.starts_at)
    return reject(error_code::sale_closed, "The sale of this performance is closed.");
  return std::nullopt;
}

const concert_option* catalogue::option(option_id id) const {
  const auto found = options.find(id);
  return found == options.end() ? nullptr : found->second.get();
}

} // namespace boxoffice::domain
