// What every locking strategy has to do, and how it is asked: requests that arrive at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace boxoffice::bench {

enum class operation {
  charge,  // adds to a wallet
  booking, // takes a seat: the first wins, the others are told that it is taken
  payment, // of one booking, however often it is asked for: debit, confirmation, a row of history
};

struct load {
  operation what = operation::charge;
  int at_once = 1;  // requests of one burst
  int entities = 1; // that they are spread over
  int bursts = 1;   // one after the other, each when the one before is answered

  // Wallets last for all bursts; each burst has seats and bookings of its own.
  int targets() const { return what == operation::charge ? entities : bursts * entities; }
};

constexpr std::int64_t charged = 100;
constexpr std::int64_t price = 10'000;
constexpr std::int64_t first_balance = 100'000;

// One request: the target is a wallet, a seat, or a booking to be paid.
struct request {
  int target = 0; // from 0
  int user = 0;   // from 0, of who asks
};

enum class verdict {
  done,
  refused, // rightly: the seat is taken, the booking paid
  gave_up, // the lock or the retries ran out; the client must ask again
};

struct answer {
  verdict what = verdict::gave_up;
  std::chrono::steady_clock::duration after{}; // the burst's arrival
};

class contestant {
public:
  virtual ~contestant() = default;
  // All requests arrive now; returns when all are answered, in the same order.
  virtual std::vector<answer> burst(const std::vector<request>&) = 0;
  // Locks that were not free, versions that had changed, commits that failed; until now.
  virtual std::int64_t conflicts() const = 0;
  // How often the books say each target was charged, booked or paid; -1: what they say makes no
  // sense. Ends the contest.
  virtual std::vector<std::int64_t> books() = 0;
};

// Where the servers are.
struct servers {
  std::string postgres; // URL of an empty database
  int redis_port = 0;
  std::string directory; // of the embedded store, which must not exist
  int connections = 64;  // to each server: the workers of a service without actors
};

} // namespace boxoffice::bench
