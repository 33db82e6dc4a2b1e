// A PostgreSQL of the test's own: a cluster in a scratch directory, on a port of loopback that
// nobody gets while it is stopped. It speaks Korean, where Debian's translations are installed:
// nothing may hang on its words. A test that is killed leaves neither it nor the directory behind.
#pragma once

#include "tests/persistence/support.hpp"

#include <atomic>
#include <cstdio>
#include <string>

namespace boxoffice::persistence::test {

class private_postgres {
public:
  // Makes the cluster and starts it.
  private_postgres();
  private_postgres(const private_postgres&) = delete;
  private_postgres& operator=(const private_postgres&) = delete;
  ~private_postgres();

  // One for all tests of the process; made when it is first asked for.
  static private_postgres& shared();

  void start();
  enum class how { politely, at_once }; // shutting down cleanly; as in a crash
  void stop(how);
  bool answers(); // it may be recovering from a crash
  // Stops, and comes back as a standby that follows nobody: it can be read. And back again.
  void demote();
  void promote();

  // An empty database; gives its URL.
  std::string make_database();
  // Moves a database, which nobody uses yet, into this empty directory; one of them at most. The
  // way there must be the server's to go: give().
  void move(const std::string& url, const std::filesystem::path& directory);
  // Makes it the server's own, where that runs as another user than this process.
  static void give(const std::filesystem::path&);
  // Runs statements in that database as its owner, and gives what psql prints, without headings.
  std::string run(const std::string& url, const std::string& sql);

  // As URL of a user that exists only when a test makes it.
  std::string url_of(const std::string& database, const std::string& user = "boxoffice",
                     const std::string& password = "secret") const;
  // The same address behind another port of the loopback.
  static std::string by_port(std::string url, int port);
  // How often it has logged a failure of this SQLSTATE.
  int times_logged(const std::string& sqlstate) const;
  const std::filesystem::path& directory() const { return directory_.path(); }
  int port() const { return port_; }

private:
  std::string ctl(const std::string& arguments) const;
  std::string ctl_command(const std::string& arguments) const;
  void hold_a_port();
  void start_guard();

  scratch_directory directory_;
  int port_ = 0;
  int holds_port_ = -1;
  std::FILE* guard_ = nullptr; // ends it all when this process is gone
  int databases_ = 0;
  std::atomic<int> runs_of_psql_{0};
  bool runs_ = false;
};

} // namespace boxoffice::persistence::test
