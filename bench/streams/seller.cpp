#include "bench/streams/seller.hpp"

#include "bench/streams/connect.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace boxoffice::bench {

using clock = std::chrono::steady_clock;

namespace {

std::string request_of(const std::string& line) {
  std::istringstream words(line);
  std::string user, token, seat;
  words >> user >> token >> seat;
  const auto body =
      "{\"userId\":\"" + user + "\",\"concertOptionId\":1,\"seats\":\"" + seat + "\"}";
  return "POST /mock/booking HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
         "Queue-Token: " +
         token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

double milliseconds(clock::duration d) {
  return std::chrono::duration<double, std::milli>(d).count();
}

} // namespace

seller::seller(std::uint16_t port, const std::string& bookings_file, int connections)
    : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  std::ifstream in(bookings_file);
  for (std::string line; std::getline(in, line);) requests_.push_back(request_of(line));
  if (requests_.empty()) throw std::runtime_error("no bookings in " + bookings_file);
  for (int n = 0; n < connections; ++n) {
    links_.push_back({connect_to(port), {}, {}});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = static_cast<std::uint64_t>(n);
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, links_.back().fd, &event);
    idle_.push_back(static_cast<std::size_t>(n));
  }
}

seller::~seller() {
  for (const auto& one : links_) ::close(one.fd);
  ::close(poll_);
}

void seller::ask(link& with, clock::time_point due) {
  if (next_ == requests_.size()) throw std::runtime_error("nothing is left to book");
  const auto& text = requests_[next_++];
  with.due = due;
  const auto sent = ::send(with.fd, text.data(), text.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(text.size())) throw std::runtime_error("the service hung up");
}

// Whether a whole answer has come.
bool seller::take_answer(link& with, bool& well) {
  std::array<char, 16 * 1024> buffer;
  const auto got = ::recv(with.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got <= 0) throw std::runtime_error("the service hung up");
  with.input.append(buffer.data(), static_cast<std::size_t>(got));
  const auto end = with.input.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const auto length_at = with.input.find("Content-Length: ");
  const auto length = std::stoul(with.input.substr(length_at + 16));
  if (with.input.size() < end + 4 + length) return false;
  well = with.input.compare(9, 3, "200") == 0;
  with.input.clear();
  return true;
}

sale_figures seller::offer(int bookings_a_second, std::chrono::seconds for_so_long) {
  sale_figures figures;
  std::vector<double> took;
  std::deque<clock::time_point> waiting; // due, and no connection free
  const auto begin = clock::now(), end = begin + for_so_long;
  const auto patience = end + std::chrono::seconds(10);
  const auto interval = std::chrono::nanoseconds(1'000'000'000) / bookings_a_second;
  auto due = begin;
  std::size_t offered = 0;
  auto last_answer = begin;
  while (clock::now() < patience) {
    for (const auto now = clock::now(); due <= now && due < end; due += interval) {
      waiting.push_back(due);
      ++offered;
    }
    while (!waiting.empty() && !idle_.empty()) {
      ask(links_[idle_.back()], waiting.front());
      idle_.pop_back();
      waiting.pop_front();
    }
    if (due >= end && waiting.empty() && idle_.size() == links_.size()) break;
    std::array<epoll_event, 64> events;
    const auto count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 1);
    const auto now = clock::now();
    for (int n = 0; n < count; ++n) {
      const auto index = events[static_cast<std::size_t>(n)].data.u64;
      bool well = false;
      if (!take_answer(links_[index], well)) continue;
      took.push_back(milliseconds(now - links_[index].due));
      well ? ++figures.answered : ++figures.refused;
      idle_.push_back(index);
      last_answer = now;
    }
  }
  std::sort(took.begin(), took.end());
  const auto at = [&](double share) {
    return took.empty()
               ? 0
               : took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))];
  };
  const auto seconds = milliseconds(last_answer - begin) / 1000;
  figures.offered_a_second =
      static_cast<double>(offered) / static_cast<double>(for_so_long.count());
  figures.answered_a_second = static_cast<double>(figures.answered) /
                              std::max(seconds, static_cast<double>(for_so_long.count()));
  figures.p50_ms = at(0.5);
  figures.p99_ms = at(0.99);
  figures.worst_ms = at(1);
  return figures;
}

} // namespace boxoffice::bench
