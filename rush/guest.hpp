// What a guest of the crowd asks and hears. Guests decide, the crowd carries: no socket and no
// clock in any of them, so a scripted server can try them.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace boxoffice::rush {

enum class step { enter, poll, dates, seats, book, charge, pay, leave, bad, errand };
constexpr std::size_t steps = 10;
const char* to_word(step);

struct request {
  step what = step::errand;
  std::string method = "GET", target;
  std::string body{};  // JSON, or empty
  std::string token{}; // Queue-Token
  std::string key{};   // Idempotency-Key
  std::string if_none_match{};
  std::string bearer{}; // of an operator
};

struct answer {
  int status = 0;     // 0: the connection was lost, what was asked may have happened
  std::string code{}; // of a problem
  std::string body{};
  std::string etag{};
  std::optional<std::chrono::seconds> retry_after{};
  bool lost() const { return status == 0; }
  bool good() const { return (status >= 200 && status < 300) || status == 304; }
};

struct act {
  request what;
  std::chrono::milliseconds pause{}; // before it
};

class guest {
public:
  guest() = default;
  guest(const guest&) = delete;
  guest& operator=(const guest&) = delete;
  virtual ~guest() = default;

  // Nothing: the guest is done.
  virtual std::optional<act> begin() = 0;
  virtual std::optional<act> hear(const request& asked, const answer& told) = 0;
  // Whether this answer is one of those that a right server gives in such a sale.
  virtual bool expects(const request& asked, const answer& told) const = 0;
};

} // namespace boxoffice::rush
