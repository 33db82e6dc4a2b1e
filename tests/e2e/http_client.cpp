#include "tests/e2e/http_client.hpp"

#include <arpa/inet.h>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace boxoffice::e2e {

namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";

fields read_fields(std::string_view head) {
  fields result;
  auto at = head.find("\r\n");
  while (at != head.npos) {
    const auto end = head.find("\r\n", at + 2);
    const auto line = head.substr(at + 2, end == head.npos ? head.npos : end - at - 2);
    const auto colon = line.find(": ");
    if (colon == line.npos) throw std::runtime_error("no field: " + std::string(line));
    std::string name(line.substr(0, colon));
    for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    result[name] = std::string(line.substr(colon + 2));
    at = end;
  }
  return result;
}

} // namespace

std::string answer::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string() : found->second;
}

std::string answer::code() const {
  const auto parsed = json::parse(body, nullptr, false);
  return parsed.is_object() ? parsed.value("code", "") : "";
}

http_client::http_client(std::uint16_t port, int receive_buffer) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const int one = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd_);
    throw connection_lost(std::string("connect: ") + std::strerror(errno));
  }
}

http_client::~http_client() { ::close(fd_); }

std::string request_text(std::string_view method, std::string_view target, const fields& headers,
                         std::string_view body) {
  std::string text =
      std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

answer http_client::ask(std::string_view method, std::string_view target, const fields& headers,
                        std::string_view body) {
  send(request_text(method, target, headers, body));
  return receive(method == "HEAD");
}

answer http_client::send_json(std::string_view method, std::string_view target, const json& body,
                              fields headers) {
  headers.emplace("Content-Type", "application/json");
  return ask(method, target, headers, body.dump());
}

void http_client::send(std::string_view bytes) {
  sent_at_ = clock::time_point::max();
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw connection_lost("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  sent_at_ = clock::now();
}

answer http_client::receive(bool of_head) {
  std::size_t end = 0;
  while ((end = input_.find(end_of_head)) == std::string::npos)
    if (!take()) throw connection_lost("closed without an answer");
  answer result;
  const auto head = std::string_view(input_).substr(0, end);
  result.status = std::stoi(std::string(head.substr(9, 3)));
  result.headers = read_fields(head);
  const auto length = result.header("content-length");
  const auto size = of_head || length.empty() ? 0 : std::stoul(length);
  while (input_.size() < end + end_of_head.size() + size)
    if (!take()) throw connection_lost("closed within an answer");
  result.body = input_.substr(end + end_of_head.size(), size);
  input_.erase(0, end + end_of_head.size() + size);
  return result;
}

void http_client::finish_sending() { ::shutdown(fd_, SHUT_WR); }

bool http_client::is_closed() {
  while (take()) {
  }
  return input_.empty();
}

bool http_client::take() {
  pollfd one{fd_, POLLIN, 0};
  if (::poll(&one, 1, static_cast<int>(patience.count())) <= 0)
    throw std::runtime_error("no answer in time");
  char buffer[64 * 1024];
  const auto got = ::recv(fd_, buffer, sizeof buffer, 0);
  if (got > 0) input_.append(buffer, static_cast<std::size_t>(got));
  return got > 0;
}

} // namespace boxoffice::e2e
