// The simulated world: machines, people and the network between them, under one clock, with one
// seeded order of all that happens.
//
// Each step is one message taken by one actor, or one packet, act or fault from the agenda; which
// of all that could happen comes next is drawn. Time goes on a little with every step, and jumps
// when nothing can happen before the next deadline.
#pragma once

#include "sim/agenda.hpp"
#include "sim/coverage.hpp"
#include "sim/network.hpp"
#include "sim/plan.hpp"
#include "sim/random.hpp"
#include "sim/site.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boxoffice::sim {

class world final : public surroundings {
public:
  // Hears each thing that happens, in words; without one, nothing is put into words.
  using listener = std::function<void(const std::string&)>;

  // The sites are down. `reached` outlives the world.
  world(plan what, coverage& reached, listener trace = nullptr);
  ~world() override;

  const plan& the_plan() const { return plan_; }
  moment now() const override { return now_; }
  coverage& reached() override { return reached_; }
  void mix_in(const std::string& text) override;
  void tell(int site, const std::function<std::string()>& text) override;

  std::size_t sites() const { return berths_.size(); }
  site& at(std::size_t number) { return *berths_[number].machine; }
  // A machine that goes down comes up again after this long, counted from then, with the sale's
  // rules or the lowered ones; until told otherwise it stays down.
  void keep_up(std::size_t number, moment down_for) { berths_[number].down_for = down_for; }
  void lower_limits(std::size_t number) { berths_[number].lowered = true; }
  void start(std::size_t number);
  network& net() { return network_; }
  // What is on offer, the same at every site; nullptr when there is no such performance.
  const domain::concert_option* option(domain::option_id) const;
  void later(moment wait, agenda::act what) { agenda_.at(now_ + wait, std::move(what)); }
  bool anything_planned() const { return agenda_.next().has_value(); }
  // A stream of chance of its own for whoever asks, by a number of its choosing.
  random chance(std::uint64_t number) const { return origin_.stream(number); }

  // One step. False when nothing is left to happen before `end`: then it is `end`.
  // Throws broken_invariant.
  bool step(moment end);
  void run_until(moment end);
  // Machines that stand still go on now.
  void end_pauses();
  // The machine was busy with something else: time passes, and nothing is done meanwhile.
  void lose_time(moment length);

  std::uint64_t messages() const { return messages_; }
  // Of all that happened, in order: equal for equal plans, in any process and build.
  std::uint64_t trace_hash() const { return hash_; }

private:
  struct berth {
    std::unique_ptr<site> machine;
    std::optional<moment> down_for;
    bool start_planned = false;
    bool lowered = false;
  };

  void settle();
  std::size_t draw(std::size_t candidates);
  bool jump(moment end);
  void advance(moment to);
  void run_actor(site&, std::size_t which);
  bool awake(const site& s) const { return s.up() && !s.paused(); }
  // Whether what ships to PostgreSQL could take its next step there.
  bool ships(const site& s) const {
    return s.postgres() != nullptr && !s.paused() && s.postgres()->is_due();
  }
  void mix(std::uint64_t x) { hash_ = (hash_ ^ x) * 0x100000001B3ull; }

  const plan plan_;
  coverage& reached_;
  listener trace_;
  random origin_;
  random chance_;
  moment now_{};
  agenda agenda_;
  network network_;
  std::map<domain::option_id, domain::concert_option> options_;
  std::vector<berth> berths_;
  std::uint64_t messages_ = 0;
  std::uint64_t hash_ = 0xCBF29CE484222325ull;
};

} // namespace boxoffice::sim
