// The books, checked in the tables themselves: no seat sold twice, money conserved, every paid
// booking paid once.
//
// Reads one state, in one read transaction, beside a running server or without one; it changes
// nothing. PAYING and REFUNDING are legal states: a payment or a refund may be under way, or wait
// for a start to finish it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace boxoffice::persistence {

struct audit_finding {
  std::string rule;   // by name: "one_holder_per_seat"
  std::string detail; // a sentence that names the rows
};

struct audit_report {
  std::int64_t users = 0;
  std::int64_t seats = 0;
  std::int64_t seats_held = 0;
  std::int64_t seats_sold = 0;
  std::int64_t bookings = 0;
  std::int64_t bookings_paying = 0;
  std::int64_t bookings_refunding = 0;
  std::int64_t payments = 0;       // debited
  std::int64_t charged_minor = 0;  // minor units put into wallets, ever
  std::int64_t paid_minor = 0;     // taken off for bookings
  std::int64_t refunded_minor = 0; // put back for cancelled ones
  std::int64_t balance_minor = 0;  // in the wallets now
  std::int64_t last_commit = 0;
  std::vector<audit_finding> findings; // none: the books are right
};

// Throws open_failed when there is no store in `directory` that this binary can read.
audit_report audit_sqlite(const std::filesystem::path& directory);

// The same of the tables in PostgreSQL. Throws open_failed when they can't be read.
audit_report audit_postgres(const std::string& url);

} // namespace boxoffice::persistence
