// What write-behind does, step by step: what is shipped next, and what follows from PostgreSQL's
// answer, its silence or its refusal. It knows no thread, no clock and no SQL: shipping runs it on
// a thread between the embedded store and PostgreSQL, a simulator between its own.
#pragma once

#include "persistence/log_window.hpp"
#include "persistence/store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace boxoffice::persistence {

enum class shipping_state {
  connecting,  // PostgreSQL was not reached yet, or is away
  copying,     // everything is on its way
  catching_up, // PostgreSQL has less than the store had when it was reached
  following,   // it has all, but for what is just being committed
  halted,      // it answers, and does not take what it is given
};

const char* to_string(shipping_state);

// Commits that follow one another.
struct logged_commits {
  commit_number first = 0;
  commit_number last = 0;
  domain::time_point since; // of the first one
  domain::time_point at;    // of the last one
  domain::events facts;
};

// What PostgreSQL has.
struct standing {
  commit_number last = 0;
  std::optional<domain::time_point> at; // of that commit, where it is known
};

// The log of events behind the store. Every function throws store_failed.
class commit_log {
public:
  virtual ~commit_log() = default;

  // The commits after this one, in order: at least one where there is one, then as many as have no
  // more than so many events together. Throws store_failed, damaged, when one is missing.
  virtual std::optional<logged_commits> read_after(commit_number, std::size_t most_events) = 0;
  // Whether the log has every commit after this one.
  virtual bool reaches_back_to(commit_number) = 0;
  // Of the commits after the one, up to the other.
  virtual std::int64_t count_changes(commit_number after, commit_number up_to) = 0;
  // When the first commit after this one was made; nothing when there is none.
  virtual std::optional<domain::time_point> find_oldest_after(commit_number) = 0;
  // When this commit was made; nothing when that is not kept.
  virtual std::optional<domain::time_point> find_time_of(commit_number) = 0;
  // What PostgreSQL had when a commit here last noted it; it may have more by now.
  virtual standing last_known_there() = 0;
  // Of the store itself: when the oldest thing that is kept was made, and how much is kept.
  virtual std::optional<domain::time_point> find_beginning() { return std::nullopt; }
  virtual std::int64_t count_rows() { return 0; }
  // The store's.
  virtual commit_number last_commit() = 0;
};

// Rows shipped, and rows to ship in all.
using shipment_progress = std::function<void(std::int64_t done, std::int64_t all)>;

// A failure of which more is known.
struct hindrance : store_failed {
  enum class ends { soon, by_itself, by_somebody };
  hindrance(const store_failed& what, std::string name, ends when)
      : store_failed(what), cause(std::move(name)), how(when) {}
  std::string cause; // for machines: "disk_full"
  ends how;          // soon: PostgreSQL is away; else it answers and can't, or may not
};

// PostgreSQL. Every function connects anew if need be, and throws store_failed, where it can a
// hindrance, or postgres_unfit.
class shipping_target {
public:
  virtual ~shipping_target() = default;

  // Waits for what a lost connection may still be doing, and says what is there.
  virtual standing settle() = 0;
  // Makes the events durable, which are the commits after `before` up to `after`, all or nothing,
  // and only where `before` is what is there. When it throws it is unknown whether they are durable
  // until settle() has returned.
  virtual void commit(const domain::events&, commit_number before, commit_number after,
                      domain::time_point now) = 0;
  // Puts what the store holds in the place of all that is there, and gives its last commit.
  virtual commit_number replace_all(const shipment_progress&) = 0;
  virtual void ping() = 0;
};

// Who runs a shipper, and hears of it. All calls come from within its steps.
class shipping_host {
public:
  virtual ~shipping_host() = default;

  // Throws store_failed, where it can a hindrance, or unreachable when PostgreSQL is away; another
  // open_failed when it can't be used.
  virtual std::unique_ptr<shipping_target> connect() = 0;
  // `cause`: what keeps PostgreSQL from following, in a word for machines; "" for nothing.
  virtual void entered(shipping_state, const std::string& cause) = 0;
  // Whether it has what this store lacks: then what is sold here may have been sold there.
  virtual void bars_selling(bool) {}
  // PostgreSQL has all commits up to this one.
  virtual void shipped(commit_number) = 0;
  // When the oldest commit that PostgreSQL lacks was made; nothing when it lacks none.
  virtual void lacks_since(std::optional<domain::time_point>) = 0;
  // (is_error, text) for an operator.
  virtual void report(bool, const std::string&) = 0;
  // Whether nothing more is to be begun.
  virtual bool ends() const = 0;
};

class shipper {
public:
  // All of them outlive it. `batch`: events, about; at least one commit.
  shipper(commit_log&, log_window&, shipping_host&, std::size_t batch);

  // Once, before the first step: throws open_failed where no waiting mends what is wrong.
  void connect_at_start();

  // What is to pass before the next step.
  struct rest {
    std::chrono::milliseconds at_most{};
    bool ends_with_a_commit = false; // of one after last(); if none comes, ping() is the next step
  };
  rest step();
  // Asks whether PostgreSQL is there, so that who waits for it hears soon that it is away.
  rest ping();

  // PostgreSQL has this much, as far as is known.
  commit_number last() const { return last_; }
  // Whether what it has is known for certain.
  bool is_settled() const { return settled_; }
  // Lets the connection go.
  void release() { target_.reset(); }

private:
  struct setback;
  template <class Work>
  rest attempt(Work);
  rest on_failure(const setback&);
  void suppose();
  bool was_ours(const standing& there);
  void take_stock();
  void note_lacking(bool all, std::optional<domain::time_point> at);
  void settle();
  void note_recovered();
  void copy_everything();
  bool ship_batch();
  void enter(shipping_state s) { host_.entered(s, cause_); }
  void report_once(const setback&);
  std::chrono::milliseconds pause_after(const setback&);

  commit_log& log_;
  log_window& window_;
  shipping_host& host_;
  const std::size_t batch_;
  std::unique_ptr<shipping_target> target_;
  bool settled_ = false; // what PostgreSQL has is known
  bool is_old_copy_ = false;
  bool lacks_all_ = false; // what was before the log
  commit_number last_ = 0;
  // Until it has taken something, or lacks nothing, it has not recovered, whatever it answers.
  std::chrono::milliseconds wait_; // for PostgreSQL to come back
  std::string cause_;              // of the last setback
  std::string said_;               // the one that was reported last, where it halts
  bool away_ = false;              // that PostgreSQL is, was reported
  // Of everything at once:
  std::chrono::milliseconds copy_wait_; // when it has failed
  bool copies_ = false;                 // it is on its way
  bool copy_told_ = false;              // that it begins, was reported
  int tenths_told_ = 0;
};

// The state as whoever waits for PostgreSQL should see it, when it owes an answer for so long:
// whoever is silent is away, though its connection stands, unless more is known of it.
bool is_silent(shipping_state, std::chrono::nanoseconds owes_an_answer_for);
shipping_state as_seen(shipping_state, std::chrono::nanoseconds owes_an_answer_for);

// When commands that change something are taken: not while PostgreSQL lacks too much, nor, where
// answers wait for it, while it is away.
struct backlog_bound {
  bool answers_wait = false;
  std::int64_t most_changes = 0;

  bool takes_changes(const log_window::extent& reach, shipping_state seen) const {
    if (reach.changes > most_changes) return false;
    return !answers_wait || seen == shipping_state::following;
  }
};

} // namespace boxoffice::persistence
