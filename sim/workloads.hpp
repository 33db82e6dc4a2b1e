// What people do: each workload starts visits of one kind. A run switches on a random part of them.
//
// A workload knows nothing of faults or of the checker. To add one, write its function and give it
// a line in the table (docs/SIMULATOR.md).
#pragma once

#include "sim/visit.hpp"

#include <deque>
#include <string>
#include <vector>

namespace boxoffice::sim {

// All people of a world, and what they have heard of each other.
class crowd {
public:
  explicit crowd(world&);

  // Starts the plan's visits, spread over the time that the sale is open.
  void come();

  world& around() { return world_; }
  random& chance() { return chance_; }
  random& side_chance() { return side_chance_; }
  hearsay& heard(std::size_t site) { return heard_[site]; }
  person& anybody_beside();
  person& anybody();
  person& anybody(std::size_t site);
  void start(person&, const manner&);

private:
  world& world_;
  void come_beside();

  random chance_;
  random side_chance_;
  std::deque<person> people_; // those of the first site first
  std::vector<hearsay> heard_;
};

struct workload {
  const char* name;
  const char* what; // one line, for people
  // Somebody does it, once.
  void (*begin)(crowd&, person&);
};

const std::vector<workload>& all_workloads();

// Done beside those, a few times in a run, by chances of their own, so that a run without them goes
// as it went before they were thought of.
const std::vector<workload>& side_workloads();  // operators.cpp
constexpr char sale_opening[] = "sale-opening"; // its plan opens every sale late

void make_mistake(crowd&, person&);        // mistakes.cpp
void look_after_accounts(crowd&, person&); // accounts.cpp
void put_on_offer(crowd&, person&);        // offers.cpp
void change_minds(crowd&, person&);        // endings.cpp
void call_off(crowd&, person&);            // endings.cpp

} // namespace boxoffice::sim
