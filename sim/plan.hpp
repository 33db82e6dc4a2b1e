// What one number fixes: the size of the sale, its rules, who comes and what goes wrong.
#pragma once

#include "actors/domain/events.hpp"
#include "actors/service.hpp"
#include "sim/agenda.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace boxoffice::sim {

// How the next to run is chosen among all that could.
enum class order { any, mostly_oldest, mostly_newest };

// What stands behind each node's store.
struct postgres_plan {
  bool exists = false;
  bool answers_wait = false;            // durability = postgres
  bool from_the_first = true;           // else it is put there when the store holds something
  std::int64_t max_backlog = 0;         // facts
  std::size_t batch = 2'000;            // facts, about
  moment latency_low{}, latency_high{}; // until it answers
};

struct plan {
  std::uint64_t seed = 0;
  unsigned nodes = 1;                 // each sells on its own, with its own store
  std::vector<std::string> workloads; // names; see workloads.hpp
  std::vector<std::string> faults;    // names; see faults.hpp
  unsigned users = 0;                 // a node
  unsigned acts = 0;                  // visits, in all
  moment open_for{};                  // people come and faults happen that long
  order chosen = order::any;
  moment step_takes_most{}; // a message takes its actor up to this long
  moment latency_low{}, latency_high{};

  // The sale.
  int concerts = 1;
  int options = 1; // a concert
  int seats = 0;   // an option
  actors::rules rules;
  actors::rules lowered; // after the operator lowered limits
  std::size_t max_group = 512;
  std::chrono::milliseconds idle_after{};
  postgres_plan postgres;
};

// What the command line fixes instead of the seed.
struct plan_overrides {
  std::optional<unsigned> nodes;
  std::optional<std::string> postgres; // none, local or postgres, as the plan's name_of
  std::optional<std::vector<std::string>> workloads;
  std::optional<std::vector<std::string>> faults;
  std::optional<unsigned> users;
  std::optional<unsigned> acts;
};

// "none", or what durability is: "local" or "postgres".
std::string name_of(const postgres_plan&);

plan make_plan(std::uint64_t seed, const plan_overrides& = {});

// The flags that replay the plan: "--seed 7 --users 3 …".
std::string replay_flags(const plan&);

// The day on which every simulated sale is held.
domain::time_point opening_day();

// The concerts, options and users that a node's store holds at first. Option 1 is on sale
// throughout; of a concert's later ones the second opens late and the third closes early.
domain::events first_facts(const plan&);
domain::user_id user_name(unsigned number); // from 1

} // namespace boxoffice::sim
