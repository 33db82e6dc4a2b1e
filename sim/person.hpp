// Somebody outside who asks the service for things: knows only what was answered, and hears nothing
// for ever when a packet is lost.
#pragma once

#include "actors/commands.hpp"
#include "sim/world.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace boxoffice::sim {

class person {
public:
  // Nothing: no answer came in time.
  using answer = std::optional<actors::outcome>;
  using hearing = std::function<void(const answer&)>;
  using seeing = std::function<void(std::shared_ptr<const domain::seat_map>)>;

  // `around` outlives the person; so does the person its world's last step.
  person(world& around, std::size_t site, domain::user_id name, host from, random chance,
         moment patience)
      : world_(around),
        site_(site),
        name_(std::move(name)),
        from_(from),
        chance_(chance),
        patience_(patience) {}

  const domain::user_id& name() const { return name_; }
  std::size_t site() const { return site_; }
  unsigned& keys_used() { return keys_used_; }
  world& around() { return world_; }
  random& chance() { return chance_; }
  // What a client's clock says of a deadline it was told: how long it is away, perhaps negative.
  moment until(domain::time_point) const;

  void ask(const actors::command&, hearing, const domain::request_key_ptr& key = nullptr);
  // The same, pressed so many times at once. Hears the first success, or else, when all have come
  // to an end, the last refusal, or nothing.
  void press(unsigned times, const actors::command&, hearing,
             const domain::request_key_ptr& key = nullptr);
  void look_at(domain::option_id, seeing);
  void later(moment wait, agenda::act what) { world_.later(wait, std::move(what)); }

private:
  void close(std::uint64_t attempt, const answer&);

  world& world_;
  std::size_t site_;
  domain::user_id name_;
  host from_;
  random chance_;
  moment patience_;
  std::uint64_t last_attempt_ = 0;
  unsigned keys_used_ = 0; // of Idempotency-Keys
  std::map<std::uint64_t, hearing> open_;
};

// The view that a success holds; nullptr for a refusal, another view, or silence.
template <class View>
const View* view_in(const person::answer& a) {
  return a ? std::get_if<View>(&*a) : nullptr;
}
// The code of a refusal.
std::optional<domain::error_code> refusal_in(const person::answer&);

} // namespace boxoffice::sim
