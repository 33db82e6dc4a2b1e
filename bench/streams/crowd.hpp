// Thousands of clients that follow one performance's seats, read as one thread can, and count.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace boxoffice::bench {

struct crowd_figures {
  std::size_t listening = 0; // still, at the end
  std::size_t events = 0, resets = 0;
  double megabytes = 0;
};

class crowd {
public:
  // Returns when each of them has heard something.
  crowd(std::uint16_t port, const std::string& path, int listeners);
  ~crowd(); // hangs up

  crowd_figures heard() const;

private:
  void listen();

  std::vector<int> fds_;
  int poll_ = -1;
  std::atomic<bool> ending_{false};
  std::atomic<std::size_t> listening_{0}, greeted_{0}, events_{0}, resets_{0}, bytes_{0};
  std::thread thread_;
};

} // namespace boxoffice::bench
