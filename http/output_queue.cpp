#include "http/output_queue.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <utility>

namespace boxoffice::http {

void output_queue::push(std::string bytes) {
  if (bytes.empty()) return;
  const auto size = bytes.size();
  segments_.push_back({std::move(bytes), nullptr, 0, size});
  bytes_ += size;
}

void output_queue::push(std::shared_ptr<const std::string> bytes) {
  const auto size = bytes->size();
  push(std::move(bytes), 0, size);
}

void output_queue::push(std::shared_ptr<const std::string> bytes, std::size_t begin,
                        std::size_t end) {
  if (begin == end) return;
  segments_.push_back({{}, std::move(bytes), begin, end});
  bytes_ += end - begin;
}

output_queue::result output_queue::flush(int fd) {
  constexpr std::size_t at_once = 16;
  while (!segments_.empty()) {
    std::array<iovec, at_once> parts{};
    msghdr message{};
    message.msg_iov = parts.data();
    for (const auto& one : segments_) {
      const auto rest = one.rest();
      parts[message.msg_iovlen++] = {const_cast<char*>(rest.data()), rest.size()};
      if (message.msg_iovlen == at_once) break;
    }
    const auto sent = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? result::blocked : result::broken;
    }
    drop(static_cast<std::size_t>(sent));
  }
  return result::drained;
}

void output_queue::drop(std::size_t sent) {
  bytes_ -= sent;
  sent_ += sent;
  while (sent > 0) {
    auto& front = segments_.front();
    const auto rest = front.rest().size();
    if (sent < rest) {
      front.done += sent;
      return;
    }
    sent -= rest;
    segments_.pop_front();
  }
}

} // namespace boxoffice::http
