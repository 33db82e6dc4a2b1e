#include "tests/persistence/cutting_proxy.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

namespace boxoffice::persistence::test {

namespace {

constexpr int look_around_ms = 50; // how long an end may take to be seen

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// Closes as a broken network does: what is under way is lost, and the peer is told by a reset.
void reset_connection(int socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(socket);
}

bool send_all(int to, const char* bytes, std::size_t size) {
  while (size > 0) {
    const auto sent = ::send(to, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

} // namespace

cutting_proxy::cutting_proxy(int target) : target_(target) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, any, &size) != 0)
    throw std::runtime_error("the proxy can't listen");
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

cutting_proxy::~cutting_proxy() {
  ends_ = true;
  accepting_.join();
  for (auto& one : passing_) one.join();
  ::close(listener_);
}

void cutting_proxy::cut_after(std::int64_t bytes, towards direction) {
  std::lock_guard hold(mutex_);
  left_ = bytes;
  direction_ = direction;
}

bool cutting_proxy::wait_until_cut(std::chrono::milliseconds at_most) {
  std::unique_lock hold(mutex_);
  return changed_.wait_for(hold, at_most, [this] { return left_ < 0; });
}

std::size_t cutting_proxy::let_pass(std::size_t bytes, towards direction) {
  std::lock_guard hold(mutex_);
  if (left_ < 0 || direction != direction_) return bytes;
  const auto passes = std::min(left_, static_cast<std::int64_t>(bytes));
  left_ -= passes;
  if (passes == static_cast<std::int64_t>(bytes)) return bytes;
  left_ = -1;
  changed_.notify_all();
  return static_cast<std::size_t>(passes);
}

void cutting_proxy::accept_all() {
  while (!ends_) {
    pollfd one{listener_, POLLIN, 0};
    if (::poll(&one, 1, look_around_ms) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) passing_.emplace_back([this, client] { pass_on(client); });
  }
}

void cutting_proxy::pass_on(int client) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(target_);
  bool stands = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  std::array<char, 16 * 1024> part{};
  while (stands && !ends_) {
    std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (::poll(ends.data(), ends.size(), look_around_ms) <= 0) continue;
    for (std::size_t i = 0; i < ends.size() && stands; ++i) {
      if (ends[i].revents == 0) continue;
      const auto got = ::recv(ends[i].fd, part.data(), part.size(), 0);
      const auto size = got > 0 ? static_cast<std::size_t>(got) : 0;
      const auto passes = let_pass(size, i == 0 ? towards::server : towards::client);
      stands = got > 0 && send_all(ends[1 - i].fd, part.data(), passes) && passes == size;
    }
  }
  reset_connection(client);
  reset_connection(server);
}

} // namespace boxoffice::persistence::test
