// A crowd that buys, and remembers every answer it got: what the service may never go back on.
#pragma once

#include "tests/e2e/server.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace boxoffice::e2e {

// A booking as its user was told of it.
struct bought {
  std::int64_t id = 0; // 0: nobody was told
  int concert = 0, option = 0;
  std::vector<std::string> seats;
  std::int64_t total = 0; // minor units
  std::string token;
  bool paid = false, expired = false, cancelled = false;
};

// A request without an answer, or with 503: it happened in full, or not at all.
struct doubt {
  enum class act { charge, book, pay, cancel } what;
  std::int64_t amount = 0; // of a charge
  bought booking;
  std::string paid_with;
};

struct customer {
  std::string id;
  std::int64_t balance = 0;
  std::int64_t last_charge = 0;
  std::map<int, std::string> live_tokens; // by concert
  std::map<std::string, int> all_tokens;  // their concerts
  std::map<std::int64_t, bought> bookings;
  std::optional<doubt> open;

  std::vector<bought*> pending();
  // The tokens that end with the payment of a booking end here as well.
  void note_paid(bought&, const std::string& paid_with);
  // What was paid is back.
  void note_cancelled(bought&);
};

struct lost_request {
  clock::time_point sent_at;
  std::string what;
};

class sale {
public:
  // holds_expire: an unpaid booking may be gone.
  sale(int threads, int customers_a_thread, bool holds_expire = false);
  ~sale() { end(); }

  // Each thread buys over one connection until it is lost or the sale ends.
  void begin(const server&);
  // Waits for this many answers to changes since the beginning.
  bool wait_for_answers(int count);
  void end();

  std::vector<customer>& customers() { return customers_; }
  // Answers that should not have been, and requests whose connection was lost; both are taken away.
  std::vector<std::string> take_faults();
  std::vector<lost_request> take_lost();
  int answers() const { return answers_; }
  int unavailable() const { return unavailable_; }
  bool may_be_unavailable = false; // else a 503 is a fault
  bool cancels = false;            // bookings, paid ones too, now and then

private:
  struct shopper;
  void run(int thread, std::uint16_t port);
  void fault(const std::string& text);
  void note_answer();

  const int threads_wanted_, customers_a_thread_;
  const bool holds_expire_;
  std::vector<customer> customers_;
  std::vector<std::thread> threads_;
  std::atomic<bool> ending_{false};
  std::atomic<int> answers_{0}, unavailable_{0}, running_{0};
  std::atomic<int> front_{0}; // where in the halls the crowd is buying now
  int begun_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> faults_;
  std::vector<lost_request> lost_;
};

} // namespace boxoffice::e2e
