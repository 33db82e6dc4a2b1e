// The summary, for people and for machines.
#pragma once

#include "rush/books.hpp"
#include "rush/crowd.hpp"

#include <optional>
#include <string>

namespace boxoffice::rush {

struct rush_report {
  std::string scenario, where;
  std::uint64_t seed = 0;
  unsigned users = 0, threads = 0, connections = 0;
  double offered = 0; // arrivals a second
  crowd_result crowd;
  std::optional<std::chrono::milliseconds> sold_out_after;
  std::optional<books_report> books;
  std::string no_books; // why they couldn't be read
};

// Whether the generator rather than the server set the pace.
bool was_the_limit(const crowd_result& crowd);

std::string to_text(const rush_report& report);
std::string to_json(const rush_report& report);
std::string to_line(const crowd_view& now, unsigned users, std::uint64_t answers_before);

} // namespace boxoffice::rush
