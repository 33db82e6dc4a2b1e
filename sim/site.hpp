// One machine of the simulated world: its disk, its clock, the node that runs on it while it is up,
// and the checker that judges it.
#pragma once

#include "actors/stepped_node.hpp"
#include "sim/agenda.hpp"
#include "sim/answer_ledger.hpp"
#include "sim/behind.hpp"
#include "sim/checker.hpp"
#include "sim/disk.hpp"
#include "sim/plan.hpp"
#include "sim/random.hpp"
#include "sim/site_faults.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

namespace boxoffice::sim {

// What a site needs of the world around it.
class surroundings {
public:
  virtual ~surroundings() = default;
  virtual moment now() const = 0;
  virtual coverage& reached() = 0;
  // Makes it part of what the trace's hash is of.
  virtual void mix_in(const std::string& text) = 0;
  // For the trace; `text` is only called when somebody looks.
  virtual void tell(int site, const std::function<std::string()>& text) = 0;
};

class site final : private actors::client_port,
                   private actors::clock,
                   private actors::random_source,
                   private disk_listener {
public:
  // The store holds `facts` at first. `around` and `what` outlive the site.
  site(int number, const plan& what, surroundings& around, random chance,
       const domain::events& facts);
  ~site() override;

  // --- up and down
  void start(const actors::rules&); // requires !up()
  void crash();                     // power off: the node and what isn't synced are gone
  void begin_stop();                // SIGTERM; down by itself when all is done
  // The disk is lost with the next crash, or while it is down; it is made anew of what PostgreSQL
  // has. Only where nothing is told that PostgreSQL lacks.
  void lose_disk();
  bool up() const { return node_ != nullptr; }
  // Its process runs: it is up, or waits for PostgreSQL.
  bool runs() const { return node_ != nullptr || store_ != nullptr; }
  bool stopping() const { return stopping_; }
  void pause_until(moment m) { paused_until_ = m; } // SIGSTOP
  bool paused() const { return around_.now() < paused_until_; }
  moment paused_until() const { return paused_until_; }

  // --- at its door
  using reply = std::function<void(const actors::outcome&)>;
  // Nobody answers while it is down.
  void ask(const actors::command&, reply, const domain::request_key_ptr& key = nullptr);
  std::shared_ptr<const domain::seat_map> look_at(domain::option_id);
  std::size_t open_requests() const { return open_.size(); }

  // --- run by the world
  actors::stepped_node& node() { return *node_; }
  const actors::stepped_node& node() const { return *node_; }
  // After each step: takes up what the step led to. Throws broken_invariant.
  void settle();
  // Nothing troubles the machine, and nothing will: it must be on time, and refuse nobody.
  void be_calm();
  // Faults have stopped and all has had its time. Throws broken_invariant.
  void finish();

  int number() const { return number_; }
  site_faults& trouble() { return trouble_; }
  // What the store holds; its troubles meet this reader too. Requires up().
  persistence::reader& stored() { return *stored_; }
  domain::time_point now() const override;
  const actors::rules& rules() const { return rules_; }
  // What follows its store; nullptr: nothing does.
  behind* postgres() { return behind_ ? &*behind_ : nullptr; }
  const behind* postgres() const { return behind_ ? &*behind_ : nullptr; }
  std::uint64_t commits() const { return commits_; }
  unsigned crashes() const { return crashes_; }

private:
  struct waiting {
    reply to;
    bool asked_when_ready = false;
    moment at{};
  };

  void complete(actors::request_id, actors::outcome) override;
  std::uint64_t next() override { return chance_.next(); }
  void durable(persistence::commit_number, const domain::events&) override;
  void told(persistence::commit_number) override;
  void refused(const domain::events&, const std::string& why) override;

  // Keeps the first broken invariant for settle(): it must not pass through actors.
  template <class Judgement>
  void judge(Judgement);
  template <class Judgement>
  void judge_store(Judgement);
  domain::time_point time_of_day() const;
  void judge_unavailable(const waiting&, const actors::outcome&) const;
  void look_at_all();
  void leave(bool in_order);
  std::unique_ptr<behind> make_behind(random chance);
  void serve();
  void make_disk_anew();
  void settle_postgres();
  bool waits_for_postgres() const { return behind_ && behind_->answers_wait(); }
  void judge_bound(const waiting&, const actors::outcome&) const;

  const int number_;
  const plan& plan_;
  surroundings& around_;
  random chance_;
  mutable site_faults trouble_; // reading the clock may use up a fault
  checker checker_;
  disk disk_;
  std::unique_ptr<persistence::reader> stored_; // what the checker reads by
  std::shared_ptr<answer_ledger> ledger_ = std::make_shared<answer_ledger>();
  std::unique_ptr<behind> behind_;            // nullptr: there is no PostgreSQL
  std::unique_ptr<persistence::store> store_; // until the node has it
  std::unique_ptr<actors::stepped_node> node_;
  actors::rules rules_;

  persistence::commit_number shown_ = 0; // what the node's readers are shown has all up to this one
  bool disk_lost_ = false;
  bool stopping_ = false;
  moment paused_until_{};
  moment booted_at_{};
  domain::time_point clock_at_boot_;
  unsigned crashes_ = 0;
  bool was_ready_ = false;
  bool calm_ = false;
  std::uint64_t commits_ = 0;

  actors::request_id last_request_ = 0;
  std::unordered_map<actors::request_id, waiting> open_;
  std::optional<broken_invariant> broken_;
};

template <class Judgement>
void site::judge(Judgement judgement) {
  if (broken_) return;
  try {
    judgement();
  } catch (const broken_invariant& b) {
    broken_ = b;
  } catch (const std::exception& e) {
    // Seen by an actor it would be taken for a failing entity.
    broken_ = broken_invariant("the checker understands what it hears", e.what());
  }
}

} // namespace boxoffice::sim
