// The store as SQLite alone sees it, read beside the running server.
#pragma once

#include "tests/e2e/support.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

struct sqlite3;

namespace boxoffice::e2e {

struct stored_booking {
  std::string user, status;
  int option = 0;
  std::int64_t total = 0;
  bool settled = false;
  std::set<std::string> seats;
};

struct stored_token {
  std::string user, concert, status;
};

struct books {
  std::map<std::int64_t, stored_booking> bookings;
  std::map<std::string, std::int64_t> balances; // minor units, by user
  std::map<std::string, stored_token> tokens;
  std::vector<std::int64_t> seats_with_two_holders;
  std::int64_t kept_requests = 0; // with an Idempotency-Key

  // No payment and no refund is on its way any more.
  bool at_rest() const;
};

std::filesystem::path database_in(const std::filesystem::path& store);

// All of one moment.
books read_books(const std::filesystem::path& store);

// Tells when the store's content changes beside the running server. What numbers are handed out and
// how far the journal is does not count.
class store_watch {
public:
  explicit store_watch(const std::filesystem::path& store);
  ~store_watch();

  // Whether the content is another than when it was last asked.
  bool changed();
  // Until nothing changes any more: what follows an act by itself is done.
  void wait_until_quiet();

private:
  std::int64_t commits() const; // a number that changes with each commit
  std::uint64_t content() const;

  sqlite3* db_ = nullptr;
  std::int64_t commits_ = 0;
  std::uint64_t content_ = 0;
};

// Runs statements against a store that nobody serves.
void change_store(const std::filesystem::path& store, const std::string& sql);

// Two performances too big to sell out, 7 of concert 1 and 8 of concert 2, in a store with the demo
// data that nobody serves: 26 sections A to Z of 1,000 seats at 1 point.
constexpr int hall_of_concert_1 = 7, hall_of_concert_2 = 8;
constexpr int hall_sections = 26, hall_section_seats = 1000;
void build_halls(const std::filesystem::path& store);

} // namespace boxoffice::e2e
