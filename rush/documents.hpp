// The server's JSON, as far as rush reads it. What can't be read is nothing, never an exception.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace boxoffice::rush {

struct token_document {
  std::string token, status;
};
std::optional<token_document> read_token(const std::string& body);

struct booking_document {
  std::int64_t id = 0, amount = 0;
  std::string status;
  std::vector<std::string> seats; // their names
};
std::optional<booking_document> read_booking(const std::string& body);
// A payment holds the booking it paid.
std::optional<booking_document> read_paid(const std::string& body);
std::optional<std::vector<booking_document>> read_bookings(const std::string& body);

std::optional<std::int64_t> read_balance(const std::string& body);

struct entry_document {
  std::string kind;
  std::int64_t amount = 0; // below zero when it takes
};
std::optional<std::vector<entry_document>> read_entries(const std::string& body);

// Names of the seats in a map with their status.
std::optional<std::map<std::string, std::string>> read_seat_map(const std::string& body);
// At most so many names, from `place` (0 to 1) of the map on; from the front when there are none
// behind. Reads no more than that: a large hall's map would keep the generator busy, not the
// server.
std::vector<std::string> read_seat_names(const std::string& body, double place, std::size_t most);

struct offer {
  std::int64_t concert = 0, option = 0, seats = 0, free_seats = 0;
};
// The performances on sale with a free seat, the one with the most of them first.
std::vector<offer> read_offers(const std::string& concerts);
// "concertId" or "concertOptionId" of one document.
std::optional<std::int64_t> read_id(const std::string& body, const char* name);
// The option among those of the dates that still have free seats.
bool has_free_date(const std::string& dates, std::int64_t option);
// "nextCursor", unless it was the last page.
std::optional<std::string> read_cursor(const std::string& body);

} // namespace boxoffice::rush
