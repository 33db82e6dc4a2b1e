// A topic that tells numbered events, for the suites of streaming answers: "data: <topic> <n>".
#pragma once

#include "http/message.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace boxoffice::http::test {

class told_topic : public std::enable_shared_from_this<told_topic> {
public:
  explicit told_topic(topic_id id, std::size_t padding = 0) : id_(id), padding_(padding) {}

  // Answers with this topic from its first event on. Any thread.
  void tell(const exchange& to) {
    {
      const std::lock_guard guard(lock_);
      sinks_.insert(to.sink());
    }
    stream_start begun;
    begun.head.headers.emplace_back("Content-Type", "text/event-stream");
    begun.topic = id_;
    begun.hears = std::make_unique<place>(shared_from_this());
    to.stream(std::move(begun));
  }

  void publish() {
    std::set<std::shared_ptr<reply_sink>> to;
    {
      const std::lock_guard guard(lock_);
      events_.emplace_back(text(events_.size() + 1));
      to = sinks_;
    }
    for (const auto& one : to) one->announce({id_});
  }
  void end() {
    std::set<std::shared_ptr<reply_sink>> to;
    {
      const std::lock_guard guard(lock_);
      ended_ = true;
      to = sinks_;
    }
    for (const auto& one : to) one->announce({id_});
  }

  std::string text(std::size_t number) const {
    return "data: " + std::to_string(id_) + " " + std::to_string(number) +
           std::string(padding_, '.') + "\n\n";
  }
  std::size_t listening() const { return listening_; }
  std::size_t asked() const { return asked_; } // how often a listener was asked for more

private:
  class place final : public listener {
  public:
    explicit place(std::shared_ptr<told_topic> topic) : topic_(std::move(topic)) {
      ++topic_->listening_;
    }
    ~place() override { --topic_->listening_; }
    told next() override {
      ++topic_->asked_;
      const std::lock_guard guard(topic_->lock_);
      if (heard_ < topic_->events_.size()) return {topic_->events_[heard_++], false};
      return {{}, topic_->ended_};
    }

  private:
    const std::shared_ptr<told_topic> topic_;
    std::size_t heard_ = 0;
  };

  const topic_id id_;
  const std::size_t padding_;
  std::mutex lock_;
  std::vector<event_piece> events_;
  std::set<std::shared_ptr<reply_sink>> sinks_;
  bool ended_ = false;
  std::atomic<std::size_t> listening_{0}, asked_{0};
};

} // namespace boxoffice::http::test
