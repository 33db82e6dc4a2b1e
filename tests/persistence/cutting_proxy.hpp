// Stands between a client and a server on the loopback, and cuts their connections where it is
// told.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace boxoffice::persistence::test {

class cutting_proxy {
public:
  // Passes on what it is sent to this port of the loopback.
  explicit cutting_proxy(int target);
  cutting_proxy(const cutting_proxy&) = delete;
  cutting_proxy& operator=(const cutting_proxy&) = delete;
  ~cutting_proxy();

  int port() const { return port_; }

  enum class towards { server, client };
  // From now on so many bytes still pass in this direction, whatever the connections; the one that
  // sends more is cut there, both ends at once, and nothing is cut after it.
  void cut_after(std::int64_t bytes, towards);
  // Until that has happened; false: not in this time.
  bool wait_until_cut(std::chrono::milliseconds at_most);

private:
  void accept_all();
  void pass_on(int client);
  // How much of this may pass; less than all: here it is to be cut.
  std::size_t let_pass(std::size_t bytes, towards);

  const int target_;
  int port_ = 0, listener_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t left_ = -1; // until the cut; -1: none is ordered
  towards direction_ = towards::server;
  std::vector<std::thread> passing_;
  std::atomic<bool> ends_{false};
  std::thread accepting_; // last: it uses the rest
};

} // namespace boxoffice::persistence::test
