// Write-behind: ships the embedded store's commits to PostgreSQL, in order, each exactly once.
//
// A thread of its own reads the log of events behind the store and writes it in batches. While
// PostgreSQL is away the log grows; when it is back the shipping goes on where it stopped, by what
// PostgreSQL itself says it has. A database that lacks more than the log reaches back to, an empty
// one first of all, gets everything in one shipment, while the store goes on committing.
//
// Nothing is ever skipped. What PostgreSQL does not take, for its content, a full disk, a lock, a
// missing permission, halts the shipping: it says so once, and tries the same batch again now and
// then, for when somebody has mended it.
#pragma once

#include "persistence/shipper.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace boxoffice::persistence {

struct shipping_options {
  std::filesystem::path directory; // of the embedded store
  std::string url;
  std::shared_ptr<log_window> log; // the store's
  bool synced = true;              // false only for durability = none
  std::size_t batch = 2'000;       // events, about; at least one commit
  // (is_error, text) for an operator. On the shipping's thread, as the next.
  std::function<void(bool, const std::string&)> report = [](bool, const std::string&) {};
  // PostgreSQL has all commits up to this one.
  std::function<void(commit_number)> on_shipped = [](commit_number) {};
};

class shipping {
public:
  // The store must be open. Says at once what can't mend itself: throws open_failed when
  // PostgreSQL answers and can't be used (a wrong password, an unknown database, a read-only
  // standby, a newer schema, another store's tables), or has more than this store does. When it
  // does not answer, that is reported, and tried again and again.
  explicit shipping(shipping_options);
  // As stop(), however long it takes.
  ~shipping();

  // Ends the thread after what it is at. False when PostgreSQL keeps it longer than that: then the
  // process should end without destroying this.
  bool stop(std::chrono::milliseconds within);

  // Any thread. `cause`: what keeps it from following, in a word for machines ("disk_full"); ""
  // when nothing does.
  struct view {
    shipping_state state = shipping_state::connecting;
    std::string cause;
  };
  view now() const;
  shipping_state state() const { return now().state; }
  std::string cause() const { return now().cause; }
  // PostgreSQL was reached and has what this store lacks, or another store's commits: what is sold
  // here may have been sold there.
  bool bars_selling() const;
  // When the oldest commit that PostgreSQL lacks was made; nothing when it lacks none.
  std::optional<domain::time_point> lacks_since() const;

  // Until PostgreSQL has this commit; false when the time is over before. Any thread.
  bool wait_for(commit_number, std::chrono::milliseconds at_most) const;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace boxoffice::persistence
