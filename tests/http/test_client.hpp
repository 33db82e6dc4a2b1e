// A blocking HTTP client that does what it is told, wrong things too, and helpers for the
// transport's suites. Every wait is bounded by `patience`; running into it is a failure, never a
// way to synchronise.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace boxoffice::http::test {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds patience = 20s;

inline bool long_run() {
  const char* set = std::getenv("BOXOFFICE_TEST_LONG");
  return set != nullptr && std::string_view(set) == "1";
}

// The seed of this run, printed once so that a failure can be repeated with BOXOFFICE_SEED.
inline std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* set = std::getenv("BOXOFFICE_SEED");
    const auto chosen = set != nullptr ? std::strtoull(set, nullptr, 10) : std::random_device{}();
    std::cout << "BOXOFFICE_SEED=" << chosen << std::endl;
    return chosen;
  }();
  return value;
}

// Resident memory of this process, in bytes.
inline std::size_t resident_bytes() {
  std::size_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

struct answer {
  int status = 0;
  std::string head; // status line and fields, without the empty line
  std::string body;
  std::string field(std::string_view name) const { // exact case; empty when absent
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  bool closes() const { return field("Connection") == "close"; }
};

class client {
public:
  // receive_buffer: of the kernel, in bytes; 0 leaves it alone.
  explicit client(std::uint16_t port, int receive_buffer = 0) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0) throw std::runtime_error("socket");
    if (receive_buffer > 0)
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      const int error = errno;
      close();
      throw std::system_error(error, std::generic_category(), "connect");
    }
  }
  client(client&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), input_(std::move(other.input_)) {}
  client& operator=(client&&) = delete;
  ~client() { close(); }

  int fd() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  void close_sending() { ::shutdown(fd_, SHUT_WR); }
  void abort() { // RST
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

  // Sends all of it, reading along so that a server which answers early is not blocked. False when
  // the server closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      pollfd both{fd_, POLLIN | POLLOUT, 0};
      if (::poll(&both, 1, static_cast<int>(patience.count())) <= 0)
        throw std::runtime_error("send: no patience left");
      if ((both.revents & POLLIN) != 0 && !ended_) take();
      if ((both.revents & (POLLERR | POLLHUP)) != 0) return false;
      if ((both.revents & POLLOUT) == 0) continue;
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && errno != EAGAIN) return false;
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // The next answer; nothing when the server closed instead. for_head: the answer to HEAD has no
  // body.
  std::optional<answer> receive(bool for_head = false) {
    const auto deadline = clock::now() + patience;
    std::size_t end;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos)
      if (!take_until(deadline)) return std::nullopt;
    answer result;
    result.head = input_.substr(0, end);
    result.status = std::atoi(input_.c_str() + 9);
    const auto length =
        for_head ? 0 : std::strtoul(result.field("Content-Length").c_str(), nullptr, 10);
    while (input_.size() < end + 4 + length)
      if (!take_until(deadline)) return std::nullopt;
    result.body = input_.substr(end + 4, length);
    input_.erase(0, end + 4 + length);
    return result;
  }

  // What comes up to and with the mark; nothing when the server closes before it.
  std::optional<std::string> receive_through(std::string_view mark) {
    const auto deadline = clock::now() + patience;
    std::size_t at;
    while ((at = input_.find(mark)) == std::string::npos)
      if (!take_until(deadline)) return std::nullopt;
    auto result = input_.substr(0, at + mark.size());
    input_.erase(0, result.size());
    return result;
  }

  // All that still comes until the server closes.
  std::string receive_rest() {
    const auto deadline = clock::now() + patience;
    while (take_until(deadline)) {
    }
    return std::exchange(input_, {});
  }

  std::optional<answer> get(std::string_view target) {
    if (!send("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n")) return std::nullopt;
    return receive();
  }

  // True when the server closes (or resets) and sends nothing more before it.
  bool is_closed() {
    const auto deadline = clock::now() + patience;
    while (take_until(deadline)) {
    }
    return input_.empty();
  }

  // Reads what is there now, without waiting, up to so many bytes; 0 when nothing is.
  std::size_t read_available(std::size_t most = 64 * 1024) {
    pollfd one{fd_, POLLIN, 0};
    const auto before = input_.size();
    if (::poll(&one, 1, 0) > 0) take(most);
    return input_.size() - before;
  }

private:
  bool take(std::size_t most = 64 * 1024) {
    char buffer[64 * 1024];
    const auto got = ::recv(fd_, buffer, std::min(most, sizeof buffer), 0);
    if (got > 0) input_.append(buffer, static_cast<std::size_t>(got));
    ended_ = got <= 0;
    return got > 0;
  }
  bool take_until(clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now());
    pollfd one{fd_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&one, 1, static_cast<int>(left.count())) <= 0)
      throw std::runtime_error("receive: no patience left");
    return take();
  }

  int fd_ = -1;
  bool ended_ = false;
  std::string input_;
};

} // namespace boxoffice::http::test
