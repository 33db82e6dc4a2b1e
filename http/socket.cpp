#include "http/socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

namespace boxoffice::http {

namespace {

constexpr int backlog = 4096; // clients the kernel keeps for us while all workers are busy

[[noreturn]] void fail(int error, const std::string& address, std::uint16_t port) {
  throw std::system_error(error, std::generic_category(),
                          "cannot listen on address " + address + ", port " + std::to_string(port));
}

std::string bare_host(const std::string& address) {
  if (address == "localhost") return "127.0.0.1";
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    return address.substr(1, address.size() - 2);
  return address;
}

std::string text_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  } else {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  }
  constexpr std::string_view mapped = "::ffff:"; // an IPv4 client of a dual-stack socket
  std::string_view result = text;
  if (result.substr(0, mapped.size()) == mapped && result.find('.') != std::string_view::npos)
    result.remove_prefix(mapped.size());
  return std::string(result);
}

void set_option(const socket_handle& socket, int level, int option, int value) {
  ::setsockopt(socket.fd(), level, option, &value, sizeof value);
}

} // namespace

socket_handle& socket_handle::operator=(socket_handle&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void socket_handle::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void socket_handle::reset_on_close() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

socket_handle listen_on(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(bare_host(address).c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    fail(EADDRNOTAVAIL, address, port);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, ::freeaddrinfo);

  socket_handle listening(
      ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listening.open()) fail(errno, address, port);
  set_option(listening, SOL_SOCKET, SO_REUSEADDR, 1);
  if (found->ai_family == AF_INET6) set_option(listening, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(listening.fd(), found->ai_addr, found->ai_addrlen) != 0) fail(errno, address, port);
  if (::listen(listening.fd(), backlog) != 0) fail(errno, address, port);
  return listening;
}

std::uint16_t port_of(const socket_handle& listening) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(listening.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

socket_handle accept_from(const socket_handle& listening, std::string& remote) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  socket_handle client(::accept4(listening.fd(), reinterpret_cast<sockaddr*>(&address), &size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (client.open()) {
    set_option(client, IPPROTO_TCP, TCP_NODELAY, 1);
    remote = text_of(address);
  }
  return client;
}

} // namespace boxoffice::http
