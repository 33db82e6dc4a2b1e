// PostgreSQL behind one site's store: the database, and what ships to it while the site's process
// runs. The shipper, its window on the log and the bound of the backlog are the real ones; the
// world says when it takes its next step.
#pragma once

#include "sim/agenda.hpp"
#include "sim/closed_time.hpp"
#include "sim/coverage.hpp"
#include "sim/plan.hpp"
#include "sim/postgres.hpp"
#include "sim/postgres_trouble.hpp"
#include "sim/random.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace boxoffice::sim {

class behind final : private persistence::shipping_host, private postgres_listener {
public:
  // What the site is told. Judgements may throw broken_invariant, which judge() must keep.
  struct hearers {
    // PostgreSQL has these commits now, and had those before `first`.
    std::function<void(persistence::commit_number first, persistence::commit_number last)> arrived;
    // The process is told that PostgreSQL has all up to this one.
    std::function<void(persistence::commit_number)> shipped;
    std::function<void(const std::function<void()>&)> judge;
    std::function<void(const std::function<std::string()>&)> tell;
    std::function<moment()> now;
  };

  // All of them outlive it.
  behind(const postgres_plan&, disk& store, random chance, coverage&, hearers);
  ~behind() override;

  postgres_trouble& trouble() { return trouble_; }
  bool answers_wait() const { return plan_.answers_wait; }

  // --- the process
  // It starts: what it keeps for PostgreSQL is in this window. Then the store is opened, then
  // begin().
  std::shared_ptr<persistence::log_window> open_window();
  void begin();
  // It ends, in order or not; what it had under way may arrive all the same.
  void end(bool in_order);
  bool runs() const { return shipper_ != nullptr; }
  // PostgreSQL has all that the store holds, and the shipper keeps up.
  bool has_all() const;
  // And the shipper has seen that there is no more.
  bool is_at_rest() const { return has_all() && !lacks_since_; }
  bool takes_changes() const;
  persistence::commit_number has_shipped() const { return window_->now().shipped; }

  // --- run by the world
  // Whether its next step could be taken now.
  bool is_due() const;
  // When it will be, if nothing is committed before.
  moment next_due() const { return due_; }
  void step();

  // --- the machine
  void cut() { postgres_.cut(); }
  void empty();
  // The disk is lost while the process is down: what PostgreSQL has is all there is. False when it
  // has less than it once had.
  bool can_rebuild() const { return postgres_.last_commit() == arrived_; }
  persistence::commit_number rebuild();

  // --- for whoever judges
  // A commit of the store returned to the node.
  void committed(persistence::commit_number);
  // Whether nothing could be taken from before the one moment until after the other: PostgreSQL
  // lacked too much or, where answers wait for it, was known to be away, or silent for too long.
  bool was_closed(moment from, moment until) const;
  void judge_log() const;
  void judge_end() const; // all is well, and everything has had its time
  std::unique_ptr<persistence::reader> open_reader() const { return postgres_.open_reader(); }
  persistence::commit_number arrived_up_to() const { return arrived_; }

private:
  // --- shipping_host
  std::unique_ptr<persistence::shipping_target> connect() override { return postgres_.connect(); }
  void entered(persistence::shipping_state, const std::string& cause) override;
  void shipped(persistence::commit_number) override;
  void lacks_since(std::optional<domain::time_point> since) override { lacks_since_ = since; }
  void report(bool, const std::string&) override;
  bool ends() const override { return false; }
  // --- postgres_listener
  void arrived(persistence::commit_number before, persistence::commit_number after,
               const domain::events&) override;
  void copied(persistence::commit_number) override;
  void refused(persistence::commit_number before, const std::string& why) override;
  void sent_astray(persistence::commit_number before, persistence::commit_number has) override;

  bool has_news() const;
  void note_arrived(persistence::commit_number);
  void judge_window() const;
  persistence::shipping_state seen() const;

  const postgres_plan plan_;
  disk& store_;
  random chance_;
  coverage& reached_;
  hearers told_;
  postgres_trouble trouble_;
  postgres postgres_;
  persistence::commit_number arrived_ = 0;       // the last that PostgreSQL ever had
  persistence::commit_number kept_at_first_ = 1; // before that nothing was kept for it

  // Of the process.
  std::shared_ptr<persistence::log_window> window_;
  std::unique_ptr<persistence::commit_log> log_;
  std::unique_ptr<persistence::shipper> shipper_;
  persistence::shipping_state state_ = persistence::shipping_state::connecting;
  std::optional<domain::time_point> lacks_since_;
  moment due_{};
  bool waits_for_commit_ = false;
  bool has_heard_ = false; // what PostgreSQL has; until then it is supposed
  bool asks_ = false;      // PostgreSQL is asked, and its answer is due
  bool pings_ = false;
  moment asked_at_{};

  // What PostgreSQL lacks of what the node was told is committed: numbers and facts.
  std::deque<std::pair<persistence::commit_number, std::int64_t>> lacking_;
  std::int64_t lacking_facts_ = 0;
  closed_time full_, away_, silent_;
};

} // namespace boxoffice::sim
