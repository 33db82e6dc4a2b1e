#include "bench/locking/release_news.hpp"

#include <algorithm>
#include <hiredis/hiredis.h>
#include <stdexcept>
#include <sys/socket.h>

namespace boxoffice::bench {

release_news::release_news(int redis_port) : connection_(connect_to_redis(redis_port)) {
  auto* const confirmed =
      static_cast<redisReply*>(redisCommand(connection_.get(), "SUBSCRIBE %s", channel));
  if (confirmed == nullptr) throw std::runtime_error("Redis: no subscription");
  freeReplyObject(confirmed);
  thread_ = std::thread([this] { listen(); });
}

release_news::~release_news() {
  ::shutdown(connection_->fd, SHUT_RDWR); // ends the thread's read
  thread_.join();
}

void release_news::listen() {
  for (;;) {
    void* read = nullptr;
    if (redisGetReply(connection_.get(), &read) != REDIS_OK) return;
    auto* const message = static_cast<redisReply*>(read);
    constexpr std::size_t parts = 3; // "message", the channel, the key
    if (message->type == REDIS_REPLY_ARRAY && message->elements == parts)
      tell({message->element[2]->str, message->element[2]->len});
    freeReplyObject(message);
  }
}

void release_news::tell(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return;
  auto& line = found->second;
  const auto next = std::find_if(line.begin(), line.end(), [](auto* l) { return !l->told_; });
  if (next == line.end()) return;
  (*next)->told_ = true;
  (*next)->changed_.notify_one();
}

release_news::listener::listener(release_news& news, std::string key)
    : news_(news), key_(std::move(key)) {
  const std::lock_guard lock(news_.mutex_);
  news_.waiting_[key_].push_back(this);
}

release_news::listener::~listener() {
  const std::lock_guard lock(news_.mutex_);
  const auto found = news_.waiting_.find(key_);
  auto& line = found->second;
  line.erase(std::find(line.begin(), line.end(), this));
  if (line.empty()) news_.waiting_.erase(found);
}

void release_news::listener::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(news_.mutex_);
  changed_.wait_for(lock, at_most, [this] { return told_; });
  told_ = false;
}

} // namespace boxoffice::bench
