#include "http/live_feed.hpp"

#include <cstdio>
#include <utility>
#include <vector>

namespace boxoffice::http {

namespace {

std::string hexadecimal(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

domain::rejection too_many() {
  return domain::reject(domain::error_code::overloaded, "Too many streams are open.");
}

// One message for each worker, whatever the number of topics.
class announcements {
public:
  template <class Topic>
  void add(const Topic& topic) {
    for (const auto& sink : topic.where_to_announce()) news_[sink].push_back(topic.id());
  }
  void send() {
    for (auto& [sink, topics] : news_) sink->announce(std::move(topics));
  }

private:
  std::map<std::shared_ptr<reply_sink>, std::vector<topic_id>> news_;
};

} // namespace

live_feed::live_feed(const live_feed_options& options, backend& service, gateway& commands)
    : options_(options),
      service_(service),
      incarnation_(hexadecimal(options.incarnation)),
      open_(std::make_shared<open_streams>(options.max_streams)),
      tokens_(incarnation_, service, commands, [this] {
        const std::lock_guard guard(mutex_);
        answered_ = true;
        changed_.notify_all();
      }) {}

live_feed::~live_feed() {
  {
    const std::lock_guard guard(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

domain::result<stream_start> live_feed::follow_seats(domain::option_id option,
                                                     const std::string* last_event_id,
                                                     const exchange& asker) {
  const auto topic = seats_of(option);
  if (!topic) return domain::unknown_option();
  auto place = open_streams::place::take(open_);
  if (!place) return too_many();
  if (!topic->listened_to()) topic->follow(service_); // what happened while nobody listened
  stream_start begun;
  begun.topic = topic->id();
  begun.hears = topic->join(last_event_id, ++clients_, asker.sink(), std::move(place));
  wake();
  return begun;
}

domain::result<stream_start> live_feed::follow_token(const domain::token_view& now,
                                                     const exchange& asker) {
  auto place = open_streams::place::take(open_);
  if (!place) return too_many();
  const auto topic = tokens_.topic_of(now, ++topics_);
  stream_start begun;
  begun.topic = topic->id();
  begun.hears = topic->join(++clients_, asker.sink(), std::move(place));
  wake();
  return begun;
}

// nullptr when there is no such performance.
std::shared_ptr<seat_topic> live_feed::seats_of(domain::option_id option) {
  const std::lock_guard guard(seats_mutex_);
  const auto known = seats_.find(option);
  if (known != seats_.end()) return known->second;
  const auto catalogue = service_.catalogue();
  const auto found = catalogue->options.find(option);
  auto map = service_.seats(option);
  if (found == catalogue->options.end() || !map) return nullptr;
  auto topic = std::make_shared<seat_topic>(++topics_, incarnation_, found->second, std::move(map));
  seats_.emplace(option, topic);
  return topic;
}

void live_feed::gather() {
  std::vector<std::shared_ptr<seat_topic>> topics;
  {
    const std::lock_guard guard(seats_mutex_);
    for (const auto& [option, topic] : seats_) topics.push_back(topic);
  }
  announcements news;
  for (const auto& topic : topics)
    if (topic->listened_to() && topic->follow(service_)) news.add(*topic);
  news.send();
  tokens_.ask();
}

void live_feed::take_in_answers() {
  announcements news;
  for (const auto& topic : tokens_.take_in()) news.add(*topic);
  news.send();
}

// There is a listener: the thread must not sleep.
void live_feed::wake() {
  const std::lock_guard guard(mutex_);
  if (options_.by_itself && !thread_.joinable() && !ending_)
    thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

void live_feed::run() {
  using clock = std::chrono::steady_clock;
  std::unique_lock guard(mutex_);
  auto next = clock::now() + options_.gather_every;
  while (!ending_) {
    if (open_->count() == 0) {
      changed_.wait(guard, [this] { return ending_ || open_->count() > 0; });
      next = clock::now() + options_.gather_every;
    }
    changed_.wait_until(guard, next, [this] { return ending_ || answered_; });
    if (ending_) return;
    const bool answered = std::exchange(answered_, false);
    guard.unlock();
    try {
      if (answered) take_in_answers();
      if (clock::now() >= next) {
        next = clock::now() + options_.gather_every;
        gather();
      }
    } catch (...) { // out of memory; the next time tells what this one would have
    }
    guard.lock();
  }
}

} // namespace boxoffice::http
