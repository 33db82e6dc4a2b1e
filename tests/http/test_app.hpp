// The application the transport's suites serve: each path makes the transport do one thing.
//
//   /echo        method, path, query and body back
//   /async       the query back, from another thread      /post   the same, rendered on the worker
//   /twice       two answers; the first must win          /throw  the handler throws
//   /keep        no answer; kept for the test             /inject a field with a line break
//   /big?N       N bytes                                  /shared?N  N bytes that are not copied
//   /label       labels itself for the access log         /status?N  that status, with a body
//   /stream      what the test's `streams` does
#pragma once

#include "http/server.hpp"
#include "tests/http/test_client.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace boxoffice::http::test {

// A thread that does what it is given, in order, until it is destroyed; stands for the actors.
class other_thread {
public:
  other_thread() : thread_([this] { run(); }) {}
  ~other_thread() {
    {
      const std::lock_guard guard(lock_);
      ended_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  void run_soon(std::function<void()> work) {
    {
      const std::lock_guard guard(lock_);
      work_.push_back(std::move(work));
    }
    wake_.notify_one();
  }

private:
  void run() {
    std::unique_lock guard(lock_);
    while (true) {
      wake_.wait(guard, [this] { return ended_ || !work_.empty(); });
      if (work_.empty()) return;
      auto batch = std::exchange(work_, {});
      guard.unlock();
      for (auto& one : batch) one();
      batch.clear();
      guard.lock();
    }
  }

  std::mutex lock_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> work_;
  bool ended_ = false;
  std::thread thread_;
};

class test_app {
public:
  explicit test_app(limits bounds = {}, unsigned workers = 2,
                    const std::string& address = "127.0.0.1")
      : serving_(std::make_unique<server>(address, 0, workers, bounds, make_hooks())) {}

  handler streams; // of /stream; to be set before the first such request

  std::uint16_t port() const { return serving_->port(); }
  server& serving() { return *serving_; }
  void end_server() { serving_.reset(); }
  client connect(int receive_buffer = 0) const { return client(port(), receive_buffer); }

  std::size_t handled() const { return handled_; } // requests that reached the handler

  // Waits until that many have reached it.
  void await_handled(std::size_t count) {
    std::unique_lock guard(lock_);
    if (!changed_.wait_for(guard, patience, [&] { return handled_ >= count; }))
      throw std::runtime_error("await_handled: no patience left");
  }
  // The kept exchanges of /keep, by query.
  exchange kept(const std::string& query) {
    std::unique_lock guard(lock_);
    if (!changed_.wait_for(guard, patience, [&] { return kept_.count(query) > 0; }))
      throw std::runtime_error("kept: no patience left");
    return kept_.at(query);
  }
  // The access log, once it has that many lines.
  std::vector<served> log(std::size_t lines) {
    std::unique_lock guard(lock_);
    if (!changed_.wait_for(guard, patience, [&] { return log_.size() >= lines; }))
      throw std::runtime_error("log: no patience left");
    return log_;
  }
  std::size_t faults() const { return faults_; }

private:
  static response text(std::string body, int status = 200) {
    response answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
  }

  hooks make_hooks() {
    hooks supplied;
    supplied.handle = [this](request&& got, const exchange& to) { handle(std::move(got), to); };
    supplied.fault = [this](int status, std::string_view detail, const request* partial) {
      ++faults_;
      return text("fault " + std::to_string(status) + " " + std::string(detail) + " " +
                      (partial != nullptr ? partial->target : "?"),
                  status);
    };
    supplied.finished = [this](const served& line) {
      const std::lock_guard guard(lock_);
      log_.push_back(line);
      changed_.notify_all();
    };
    return supplied;
  }

  // A large document that many are sent at once.
  std::shared_ptr<const std::string> document(std::size_t size) {
    const std::lock_guard guard(lock_);
    auto& cached = documents_[size];
    if (!cached) cached = std::make_shared<const std::string>(size, 's');
    return cached;
  }

  void count() {
    const std::lock_guard guard(lock_);
    ++handled_;
    changed_.notify_all();
  }

  void handle(request&& got, const exchange& to) {
    count();
    const std::string path(got.path()), query(got.query());
    if (path == "/async") {
      others_.run_soon([to, query] { to.send(text(query)); });
    } else if (path == "/post") {
      others_.run_soon([to, query] { to.post([query] { return text(query); }); });
    } else if (path == "/stream") {
      streams(std::move(got), to);
    } else if (path == "/post-throw") {
      to.post([]() -> response { throw std::runtime_error("secret"); });
    } else if (path == "/twice") {
      to.send(text("first"));
      to.send(text("second"));
    } else if (path == "/throw") {
      throw std::runtime_error("secret");
    } else if (path == "/keep") {
      const std::lock_guard guard(lock_);
      kept_.emplace(query, to);
      changed_.notify_all();
    } else if (path == "/inject") {
      auto answer = text("hello");
      answer.headers.emplace_back("X-Evil", "a\r\nSet-Cookie: b");
      to.send(std::move(answer));
    } else if (path == "/big") {
      to.send(text(std::string(std::stoul(query), 'b')));
    } else if (path == "/shared") {
      auto answer = text("ignored");
      answer.shared_body = document(std::stoul(query));
      to.send(std::move(answer));
    } else if (path == "/label") {
      to.label("/label", "trace-1");
      others_.run_soon([to] { to.send(text("labelled")); });
    } else if (path == "/status") {
      auto answer = text("body", std::stoi(query));
      answer.headers.emplace_back("Content-Length", "999");
      answer.headers.emplace_back("X-Own", "kept");
      to.send(std::move(answer));
    } else {
      to.send(
          text(got.method + " " + path + " " + query + " " + got.remote_address + " " + got.body));
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::atomic<std::size_t> handled_{0}, faults_{0};
  std::map<std::string, exchange> kept_;
  std::map<std::size_t, std::shared_ptr<const std::string>> documents_;
  std::vector<served> log_;
  other_thread others_;             // ends after the server, which it may still answer
  std::unique_ptr<server> serving_; // ends first
};

} // namespace boxoffice::http::test
