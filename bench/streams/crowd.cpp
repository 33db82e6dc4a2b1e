#include "bench/streams/crowd.hpp"

#include "bench/streams/connect.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace boxoffice::bench {

namespace {

std::size_t count(std::string_view text, std::string_view words) {
  std::size_t found = 0;
  for (auto at = text.find(words); at != text.npos; at = text.find(words, at + words.size()))
    ++found;
  return found;
}

} // namespace

crowd::crowd(std::uint16_t port, const std::string& path, int listeners)
    : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  const auto request = "GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n";
  for (int n = 0; n < listeners; ++n) {
    fds_.push_back(connect_to(port));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = static_cast<std::uint64_t>(n) << 32 | static_cast<std::uint32_t>(fds_.back());
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, fds_.back(), &event);
    ++listening_;
    if (::send(fds_.back(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
      throw std::runtime_error("the service hung up");
  }
  thread_ = std::thread([this] { listen(); });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (greeted_ < fds_.size()) {
    if (std::chrono::steady_clock::now() > deadline) {
      ending_ = true;
      thread_.join();
      throw std::runtime_error("only " + std::to_string(greeted_) + " hear anything");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

crowd::~crowd() {
  ending_ = true;
  thread_.join();
  for (const int fd : fds_) ::close(fd);
  ::close(poll_);
}

// Events are counted by their first line. One that is cut in two by the reads is not counted; there
// are few of them, and none must be kept.
void crowd::listen() {
  std::vector<bool> greeted;
  std::vector<char> buffer(256 * 1024);
  std::array<epoll_event, 256> ready;
  while (!ending_) {
    const auto some = ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), 50);
    for (int n = 0; n < some; ++n) {
      const auto tag = ready[static_cast<std::size_t>(n)].data.u64;
      const auto fd = static_cast<int>(tag & 0xffffffffu);
      const auto index = static_cast<std::size_t>(tag >> 32);
      const auto got = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got <= 0) {
        ::epoll_ctl(poll_, EPOLL_CTL_DEL, fd, nullptr);
        --listening_;
        continue;
      }
      const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
      bytes_ += text.size();
      events_ += count(text, "event: seats");
      resets_ += count(text, "event: reset");
      if (greeted.size() <= index) greeted.resize(index + 1);
      if (!greeted[index] && text.find("event: snapshot") != text.npos) {
        greeted[index] = true;
        ++greeted_;
      }
    }
  }
}

crowd_figures crowd::heard() const {
  return {listening_, events_, resets_, static_cast<double>(bytes_) / 1e6};
}

} // namespace boxoffice::bench
