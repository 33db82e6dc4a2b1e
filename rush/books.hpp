// Whether what the server shows at the end agrees with what it told: judged from the API alone.
#pragma once

#include "rush/documents.hpp"
#include "rush/visitor.hpp"

#include <map>
#include <string>
#include <vector>

namespace boxoffice::rush {

// What the API shows of one user at the end.
struct shown_account {
  std::int64_t balance = 0;
  std::vector<booking_document> bookings; // all of them, also of other performances
  std::vector<entry_document> entries;
};

struct shown_books {
  std::map<std::string, shown_account> users;
  std::map<std::string, std::string> seats; // of the performance: name, status
  bool only_ours = false; // the performance was made for this run, so nobody else bought there
};

struct books_report {
  std::size_t users = 0, paid = 0, seats_sold = 0, unsure = 0;
  std::int64_t charged = 0, paid_amount = 0, balance = 0;
  std::vector<std::string> wrong; // a row for each thing that is
};

books_report check_books(const std::vector<const account*>& told, const shown_books& shown);

} // namespace boxoffice::rush
