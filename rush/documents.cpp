#include "rush/documents.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace boxoffice::rush {
namespace {

using nlohmann::json;

json parsed(const std::string& body) { return json::parse(body, nullptr, false); }

const json* member(const json& of, const char* name) {
  if (!of.is_object()) return nullptr;
  const auto found = of.find(name);
  return found == of.end() ? nullptr : &*found;
}

std::optional<std::int64_t> integer(const json& of, const char* name) {
  const auto* value = member(of, name);
  if (!value || !value->is_number_integer()) return std::nullopt;
  return value->get<std::int64_t>();
}

std::string text(const json& of, const char* name) {
  const auto* value = member(of, name);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<booking_document> booking_of(const json& of) {
  const auto id = integer(of, "bookingId");
  const auto amount = integer(of, "amount");
  const auto* seats = member(of, "seats");
  if (!id || !amount || !seats || !seats->is_array()) return std::nullopt;
  booking_document result{*id, *amount, text(of, "status"), {}};
  for (const auto& seat : *seats) result.seats.push_back(text(seat, "name"));
  return result;
}

std::optional<entry_document> entry_of(const json& of) {
  const auto amount = integer(of, "amount");
  if (!amount) return std::nullopt;
  return entry_document{text(of, "kind"), *amount};
}

template <class Item, class Read>
std::optional<std::vector<Item>> list_of(const std::string& body, const Read& read) {
  const auto document = parsed(body);
  const auto* items = member(document, "items");
  if (!items || !items->is_array()) return std::nullopt;
  std::vector<Item> result;
  for (const auto& each : *items) {
    auto item = read(each);
    if (!item) return std::nullopt;
    result.push_back(*std::move(item));
  }
  return result;
}

} // namespace

std::optional<token_document> read_token(const std::string& body) {
  const auto document = parsed(body);
  token_document result{text(document, "token"), text(document, "status")};
  if (result.token.empty()) return std::nullopt;
  return result;
}

std::optional<booking_document> read_booking(const std::string& body) {
  return booking_of(parsed(body));
}

std::optional<booking_document> read_paid(const std::string& body) {
  const auto document = parsed(body);
  const auto* booking = member(document, "booking");
  return booking ? booking_of(*booking) : std::nullopt;
}

std::optional<std::vector<booking_document>> read_bookings(const std::string& body) {
  return list_of<booking_document>(body, booking_of);
}

std::optional<std::int64_t> read_balance(const std::string& body) {
  return integer(parsed(body), "balance");
}

std::optional<std::vector<entry_document>> read_entries(const std::string& body) {
  return list_of<entry_document>(body, entry_of);
}

std::optional<std::map<std::string, std::string>> read_seat_map(const std::string& body) {
  const auto document = parsed(body);
  const auto* items = member(document, "items");
  if (!items || !items->is_array()) return std::nullopt;
  std::map<std::string, std::string> result;
  for (const auto& each : *items) result.emplace(text(each, "name"), text(each, "status"));
  return result;
}

std::vector<std::string> read_seat_names(const std::string& body, double place, std::size_t most) {
  constexpr std::string_view mark = "\"name\":\"";
  const auto begin = static_cast<std::size_t>(place * static_cast<double>(body.size()));
  std::vector<std::string> names;
  auto at = body.find(mark, begin);
  if (at == body.npos) at = body.find(mark);
  for (; at != body.npos && names.size() < most; at = body.find(mark, at)) {
    at += mark.size();
    names.push_back(body.substr(at, body.find('"', at) - at));
  }
  return names;
}

std::vector<offer> read_offers(const std::string& concerts) {
  std::vector<offer> all;
  const auto document = parsed(concerts);
  const auto* items = member(document, "items");
  if (!items || !items->is_array()) return all;
  for (const auto& concert : *items) {
    const auto* options = member(concert, "options");
    if (!options || !options->is_array()) continue;
    for (const auto& option : *options) {
      const offer found{
          integer(concert, "concertId").value_or(0), integer(option, "concertOptionId").value_or(0),
          integer(option, "seats").value_or(0), integer(option, "freeSeats").value_or(0)};
      if (text(option, "status") == "ON_SALE" && found.free_seats > 0) all.push_back(found);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const offer& left, const offer& right) {
    return left.free_seats > right.free_seats;
  });
  return all;
}

std::optional<std::int64_t> read_id(const std::string& body, const char* name) {
  return integer(parsed(body), name);
}

bool has_free_date(const std::string& dates, std::int64_t option) {
  const auto document = parsed(dates);
  const auto* items = member(document, "items");
  if (!items || !items->is_array()) return false;
  return std::any_of(items->begin(), items->end(), [option](const json& day) {
    const auto* ids = member(day, "concertOptionIds");
    return ids && std::find(ids->begin(), ids->end(), option) != ids->end();
  });
}

std::optional<std::string> read_cursor(const std::string& body) {
  const auto cursor = text(parsed(body), "nextCursor");
  if (cursor.empty()) return std::nullopt;
  return cursor;
}

} // namespace boxoffice::rush
