// A scene under the simulator's clock: one node, people by name, and a test that says what happens
// when. The checker judges every fact and every answer meanwhile, so a scene need only say what is
// special about it. Time passes when the scene says so, and costs nothing.
//
//   stage s(seed);
//   s.enter("user1");                                 // asks, and waits for the answer
//   auto booked = s.asks("user1", s.booking("user1", "A_1,A_2"));
//   s.run_until([&] { return s.in_store("A_1") == domain::seat_status::held; });
//   s.crash();                                        // before the answer has left, perhaps
//   s.start();
//   s.finish();                                       // all is answered, freed and drained
#pragma once

#include "sim/person.hpp"
#include "sim/world.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace boxoffice::test {

class stage {
public:
  // What a request came to, once it has.
  using answer = std::shared_ptr<std::optional<actors::outcome>>;

  // Users user1 to user8; concerts 1 and 2 with options 1 and 2: seats A_1 to A_10 at 100 points
  // and B_1 to B_10 at 75.50, all on sale. The seed decides the order of all that happens at once.
  explicit stage(std::uint64_t seed, const std::function<void(actors::rules&)>& change = nullptr);

  // --- asking
  answer asks(const std::string& user, const actors::command&);
  actors::command entry(const std::string& user, std::int64_t concert = 1) const;
  actors::command booking(const std::string& user, const std::string& seats) const;
  // Of the user's last booking.
  actors::command payment(const std::string& user) const;
  actors::command charging(const std::string& user, std::int64_t points) const;
  // The same, waiting for the answer, which must be a success; the stage remembers tokens and
  // bookings by user.
  domain::token_view enter(const std::string& user);
  actors::booking_view book(const std::string& user, const std::string& seats);
  void pay(const std::string& user);
  void charge(const std::string& user, std::int64_t points);

  // --- what happens
  // Fails the test when it doesn't come about within a simulated minute.
  void run_until(const std::function<bool()>& holds);
  void run_for(sim::moment);
  const actors::outcome& wait_for(const answer&);
  // Refused with what? Nothing for a success.
  std::optional<domain::error_code> refusal(const answer&);
  // So many things happen, whatever they are.
  void run_steps(int count);
  void crash() { site().crash(); }
  void start();
  sim::site_faults& trouble() { return site().trouble(); }
  // Nothing more is asked: what is left comes to its end, and the checker looks at all of it.
  void finish();

  // --- looking
  domain::seat_status in_store(const std::string& seat);
  domain::money balance_in_store(const std::string& user);
  domain::booking_status status_in_store(domain::booking_id);
  sim::site& site() { return world_.at(0); }

private:
  sim::person& of(const std::string& user);
  template <class Look>
  auto read(Look);

  sim::coverage reached_;
  sim::world world_;
  std::map<std::string, std::unique_ptr<sim::person>> people_;
  std::map<std::string, domain::token_key> tokens_;
  std::map<std::string, domain::booking> bookings_;
};

// The scene under so many seeds, each another order of events.
void under_seeds(int count, const std::function<void(std::uint64_t)>& scene);

} // namespace boxoffice::test
