// A socket that closes itself, and the two ways ours come to be: listening and accepted.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace boxoffice::http {

// Owns a file descriptor.
class socket_handle {
public:
  socket_handle() = default;
  explicit socket_handle(int fd) : fd_(fd) {}
  socket_handle(socket_handle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  socket_handle& operator=(socket_handle&& other) noexcept;
  ~socket_handle() { close(); }

  int fd() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void close();
  void reset_on_close(); // close() will send RST and drop what is unsent, instead of trying on for
                         // minutes

private:
  int fd_ = -1;
};

// Listens on an IPv4 or IPv6 literal (brackets allowed) or "localhost" (127.0.0.1); "::" takes IPv4
// too. port 0 means any free one. Non-blocking. Throws std::system_error naming address, port and
// reason.
socket_handle listen_on(const std::string& address, std::uint16_t port);
std::uint16_t port_of(const socket_handle& listening);

// One waiting client, non-blocking, TCP_NODELAY; not open when there is none or on error, and errno
// then tells. remote becomes its address without the port.
socket_handle accept_from(const socket_handle& listening, std::string& remote);

} // namespace boxoffice::http
