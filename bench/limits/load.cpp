// Asks the service as fast as it answers, or at a fixed rate whether it keeps up or not; in the
// second case each call is timed from when it was due, so that a slow service can't hide what it
// made others wait.
//
// usage: limits_load PORT WHAT SOURCE FIRST CONNECTIONS THREADS SECONDS RATE [MOST]
// WHAT and its SOURCE: "get", a path; "same", a path whose ETag is shown with each request;
// "balance", "charge", "position" and "booking": a file of lines "user token seat" as
// prepare_store writes it, from line FIRST (from 0) on; the first two and "position" begin anew
// behind the last line. RATE: calls a second; 0: as fast as the answers come.
// MOST: ends after so many calls, if the time is not over before.
// Prints one line of JSON. An answer that is not the expected one counts as refused.
#include "bench/limits/answer_reader.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace boxoffice::bench {
namespace {

using clock = std::chrono::steady_clock;
using std::string_view_literals::operator""sv;

enum class what { get, same, balance, charge, position, booking };

struct wish {
  std::uint16_t port = 0;
  what kind = what::get;
  std::string source;
  std::size_t first = 0;
  int connections = 1, threads = 1;
  std::chrono::seconds time{};
  double rate = 0;
  std::size_t most = SIZE_MAX;
};

// All that is asked, made ready before the clock starts.
class script {
public:
  script(const wish& w, std::string etag) : kind_(w.kind), path_(w.source), etag_(std::move(etag)) {
    if (kind_ == what::get || kind_ == what::same) return;
    std::ifstream in(w.source, std::ios::binary);
    text_.assign(std::istreambuf_iterator<char>(in), {});
    for (std::size_t at = 0, end; (end = text_.find('\n', at)) != std::string::npos; at = end + 1)
      lines_.push_back(at);
    if (lines_.empty()) throw std::runtime_error("no lines in " + w.source);
  }

  bool has(std::size_t number) const { return kind_ != what::booking || number < lines_.size(); }

  void write(std::size_t number, std::string& out) const {
    out.clear();
    if (kind_ == what::get || kind_ == what::same) {
      out.append("GET ").append(path_).append(" HTTP/1.1\r\nHost: bench\r\n");
      if (!etag_.empty()) out.append("If-None-Match: ").append(etag_).append("\r\n");
      out.append("\r\n");
      return;
    }
    const auto line = line_at(number % lines_.size());
    const auto user = line.substr(0, line.find(' '));
    const auto token =
        line.substr(user.size() + 1, line.find(' ', user.size() + 1) - user.size() - 1);
    const auto seat = line.substr(user.size() + token.size() + 2);
    if (kind_ == what::balance || kind_ == what::position) {
      out.append(kind_ == what::balance ? "GET /mock/balance/"sv : "GET /v1/queue/tokens/"sv);
      out.append(kind_ == what::balance ? user : token).append(" HTTP/1.1\r\nHost: bench\r\n\r\n");
      return;
    }
    body(user, seat, number, out);
    const auto length = std::to_string(out.size());
    std::string head = kind_ == what::charge ? "POST /mock/balance" : "POST /mock/booking";
    head.append(" HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n");
    if (kind_ == what::booking) head.append("Queue-Token: ").append(token).append("\r\n");
    out.insert(0, head.append("Content-Length: ").append(length).append("\r\n\r\n"));
  }

private:
  std::string_view line_at(std::size_t number) const {
    const auto begin = lines_[number];
    return std::string_view(text_).substr(begin, text_.find('\n', begin) - begin);
  }

  void body(std::string_view user, std::string_view seat, std::size_t number,
            std::string& out) const {
    out.append("{\"userId\":\"").append(user);
    if (kind_ == what::charge)
      // Another amount each time: the same one within a second is refused as sent twice.
      out.append("\",\"balance\":").append(std::to_string(1 + number % 9)).append("}");
    else
      out.append("\",\"concertOptionId\":1,\"seats\":\"").append(seat).append("\"}");
  }

  what kind_;
  std::string path_, etag_, text_;
  std::vector<std::size_t> lines_; // where each begins
};

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error("can't connect");
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

struct tally {
  std::vector<float> took; // milliseconds
  std::size_t refused = 0, bytes = 0;
  bool ran_out = false;
  double seconds = 0;
};

// One thread's connections. It asks every `stride`th line, from its own.
class caller {
public:
  caller(const wish& w, const script& lines, int number)
      : wish_(w),
        lines_(lines),
        next_(w.first + static_cast<std::size_t>(number)),
        links_(static_cast<std::size_t>(w.connections / w.threads)),
        buffer_(256 * 1024),
        poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    tally_.took.reserve(4'000'000);
    for (std::size_t n = 0; n < links_.size(); ++n) {
      links_[n].fd = connect_to(w.port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = n;
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, links_[n].fd, &event);
    }
  }
  caller(const caller&) = delete;
  caller& operator=(const caller&) = delete;
  ~caller() {
    for (const auto& one : links_) ::close(one.fd);
    ::close(poll_);
  }

  tally run() {
    const auto begin = clock::now();
    end_ = begin + wish_.time;
    wish_.rate > 0 ? offer(begin) : chase(begin);
    tally_.seconds = std::chrono::duration<double>(last_answer_ - begin).count();
    return std::move(tally_);
  }

private:
  struct link {
    int fd = -1;
    clock::time_point due;
    answer_reader answer;
  };

  bool ask(std::size_t index, clock::time_point due) {
    if (next_ - wish_.first >= wish_.most) return false;
    if (!lines_.has(next_)) {
      tally_.ran_out = true;
      return false;
    }
    lines_.write(next_, text_);
    next_ += static_cast<std::size_t>(wish_.threads);
    links_[index].due = due;
    if (::send(links_[index].fd, text_.data(), text_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(text_.size()))
      throw std::runtime_error("the service hung up");
    return true;
  }

  // The links whose answer is whole.
  template <class Then>
  void hear(int wait_ms, Then then) {
    std::array<epoll_event, 128> events;
    const auto count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), wait_ms);
    for (int n = 0; n < count; ++n) {
      const auto index = events[static_cast<std::size_t>(n)].data.u64;
      auto& one = links_[index];
      const auto got = ::recv(one.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
      if (got <= 0) throw std::runtime_error("the service hung up");
      tally_.bytes += static_cast<std::size_t>(got);
      if (!one.answer.take({buffer_.data(), static_cast<std::size_t>(got)})) continue;
      last_answer_ = clock::now();
      tally_.took.push_back(
          std::chrono::duration<float, std::milli>(last_answer_ - one.due).count());
      if (one.answer.status() != (wish_.kind == what::same ? 304 : 200)) ++tally_.refused;
      then(index);
    }
  }

  void chase(clock::time_point begin) {
    std::size_t under_way = 0;
    for (std::size_t n = 0; n < links_.size(); ++n) under_way += ask(n, begin);
    while (under_way > 0)
      hear(100, [&](std::size_t index) {
        --under_way;
        if (last_answer_ < end_) under_way += ask(index, last_answer_);
      });
  }

  void offer(clock::time_point begin) {
    const std::chrono::nanoseconds interval(
        static_cast<std::int64_t>(1e9 * wish_.threads / wish_.rate));
    std::vector<std::size_t> idle;
    for (std::size_t n = 0; n < links_.size(); ++n) idle.push_back(n);
    std::deque<clock::time_point> waiting; // due, and no connection free
    const auto patience = end_ + std::chrono::seconds(20);
    for (auto due = begin;;) {
      const auto now = clock::now();
      for (; due <= now && due < end_; due += interval) waiting.push_back(due);
      while (!waiting.empty() && !idle.empty() && ask(idle.back(), waiting.front())) {
        idle.pop_back();
        waiting.pop_front();
      }
      if (due >= end_ && waiting.empty() && idle.size() == links_.size()) return;
      if (now > patience || tally_.ran_out) throw std::runtime_error("the service fell behind");
      hear(1, [&](std::size_t index) { idle.push_back(index); });
    }
  }

  const wish& wish_;
  const script& lines_;
  std::size_t next_;
  std::vector<link> links_;
  std::vector<char> buffer_;
  std::string text_;
  int poll_ = -1;
  clock::time_point end_, last_answer_;
  tally tally_;
};

std::string fetch_etag(const wish& w) {
  const int fd = connect_to(w.port);
  const auto asked = "GET " + w.source + " HTTP/1.1\r\nHost: bench\r\n\r\n";
  if (::send(fd, asked.data(), asked.size(), MSG_NOSIGNAL) < 0)
    throw std::runtime_error("the service hung up");
  answer_reader answer;
  std::vector<char> buffer(256 * 1024);
  for (;;) {
    const auto got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) throw std::runtime_error("the service hung up");
    if (answer.take({buffer.data(), static_cast<std::size_t>(got)})) break;
  }
  ::close(fd);
  const auto etag = answer_reader::value_in(answer.last_head(), "etag");
  if (etag.empty()) throw std::runtime_error("there is no ETag");
  return etag;
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void print(std::vector<tally>& parts, double cpu) {
  tally all;
  for (auto& part : parts) {
    all.took.insert(all.took.end(), part.took.begin(), part.took.end());
    all.refused += part.refused;
    all.bytes += part.bytes;
    all.ran_out = all.ran_out || part.ran_out;
    all.seconds = std::max(all.seconds, part.seconds);
  }
  std::sort(all.took.begin(), all.took.end());
  const auto at = [&](double share) {
    if (all.took.empty()) return 0.0;
    const auto index = share * static_cast<double>(all.took.size() - 1);
    return static_cast<double>(all.took[static_cast<std::size_t>(index)]);
  };
  const auto answers = static_cast<double>(all.took.size());
  std::printf("{\"answers\":%zu,\"refused\":%zu,\"ran_out\":%s,\"seconds\":%.4f,\"rate\":%.1f,"
              "\"p50\":%.3f,\"p99\":%.3f,\"worst\":%.3f,\"megabytes\":%.1f,\"load_cpu\":%.3f}\n",
              all.took.size(), all.refused, all.ran_out ? "true" : "false", all.seconds,
              answers / all.seconds, at(0.5), at(0.99), at(1), static_cast<double>(all.bytes) / 1e6,
              cpu);
}

void run(const wish& w) {
  const script lines(w, w.kind == what::same ? fetch_etag(w) : "");
  std::deque<caller> callers;
  for (int n = 0; n < w.threads; ++n) callers.emplace_back(w, lines, n);
  std::vector<tally> parts(callers.size());
  std::vector<std::exception_ptr> failures(callers.size());
  std::vector<std::thread> threads;
  const auto before = cpu_seconds();
  for (std::size_t n = 0; n < callers.size(); ++n)
    threads.emplace_back([&, n] {
      try {
        parts[n] = callers[n].run();
      } catch (...) {
        failures[n] = std::current_exception();
      }
    });
  for (auto& one : threads) one.join();
  const auto cpu = cpu_seconds() - before;
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  print(parts, cpu);
}

what to_what(std::string_view word) {
  constexpr std::array words{"get"sv, "same"sv, "balance"sv, "charge"sv, "position"sv, "booking"sv};
  const auto* found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) throw std::runtime_error("unknown: " + std::string(word));
  return static_cast<what>(found - words.begin());
}

} // namespace
} // namespace boxoffice::bench

int main(int argc, char** argv) {
  using namespace boxoffice::bench;
  if (argc < 9 || argc > 10) {
    std::fputs(
        "usage: limits_load PORT WHAT SOURCE FIRST CONNECTIONS THREADS SECONDS RATE [MOST]\n",
        stderr);
    return 2;
  }
  try {
    run({static_cast<std::uint16_t>(std::atoi(argv[1])), to_what(argv[2]), argv[3],
         static_cast<std::size_t>(std::atoll(argv[4])), std::atoi(argv[5]), std::atoi(argv[6]),
         std::chrono::seconds(std::atoi(argv[7])), std::atof(argv[8]),
         argc == 10 ? static_cast<std::size_t>(std::atoll(argv[9])) : SIZE_MAX});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "limits_load: %s\n", e.what());
    return 1;
  }
  return 0;
}
