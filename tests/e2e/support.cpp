#include "tests/e2e/support.hpp"

#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace boxoffice::e2e {

int times(int by_default, int when_long) {
  const char* set = std::getenv("BOXOFFICE_TEST_LONG");
  return set != nullptr && std::string_view(set) == "1" ? when_long : by_default;
}

std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* set = std::getenv("BOXOFFICE_SEED");
    const auto chosen =
        set != nullptr ? std::strtoull(set, nullptr, 10) : std::uint64_t{std::random_device{}()};
    std::cout << "BOXOFFICE_SEED=" << chosen << std::endl;
    return std::uint64_t{chosen};
  }();
  return value;
}

bool eventually(const std::function<bool()>& is_so, milliseconds within) {
  const auto deadline = clock::now() + within;
  while (!is_so()) {
    if (clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms); // between two looks; nothing depends on how long it is
  }
  return true;
}

void at_once(int count, const std::function<void(int)>& act) {
  std::mutex mutex;
  std::condition_variable changed;
  int ready = 0;
  std::exception_ptr failed;
  const auto run = [&](int index) {
    {
      std::unique_lock hold(mutex);
      ++ready;
      changed.notify_all();
      changed.wait(hold, [&] { return ready == count; });
    }
    try {
      act(index);
    } catch (...) {
      const std::lock_guard hold(mutex);
      if (!failed) failed = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (int index = 0; index < count; ++index) threads.emplace_back(run, index);
  for (auto& thread : threads) thread.join();
  if (failed) std::rethrow_exception(failed);
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool taken = ::bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  ::close(fd);
  if (!taken) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

void write_file(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

} // namespace boxoffice::e2e
