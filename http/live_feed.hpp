// What clients follow live instead of asking again and again: the topics there are, and the thread
// that gathers their news.
//
// While nobody listens the thread sleeps, and nothing is compared, asked or written.
#pragma once

#include "http/backend.hpp"
#include "http/followed_tokens.hpp"
#include "http/gateway.hpp"
#include "http/message.hpp"
#include "http/open_streams.hpp"
#include "http/seat_topic.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace boxoffice::http {

struct live_feed_options {
  std::size_t max_streams = 6000;
  std::uint64_t incarnation = 1; // any number that differs from run to run
  std::chrono::milliseconds gather_every{500};
  bool by_itself = true; // else no thread: the owner calls gather and take_in_answers
};

class live_feed {
public:
  // The references must outlive it. Streams may live on, and hear nothing more.
  live_feed(const live_feed_options&, backend& service, gateway& commands);
  ~live_feed();
  live_feed(const live_feed&) = delete;
  live_feed& operator=(const live_feed&) = delete;

  // A stream for whoever asked by `asker`; its head is the caller's to write. Refused with
  // OVERLOADED when there are too many streams, with CONCERT_OPTION_NOT_FOUND where there are no
  // such seats. Any thread.
  domain::result<stream_start> follow_seats(domain::option_id, const std::string* last_event_id,
                                            const exchange& asker);
  // `now` is where the token stands; an expired one is told so, and that is all.
  domain::result<stream_start> follow_token(const domain::token_view& now, const exchange& asker);

  // Streams that are open. Any thread.
  std::size_t streams() const { return open_->count(); }

  // What the thread does twice a second while anybody listens: announces what is new of seats, and
  // asks about tokens. And what it does when an answer is there.
  void gather();
  void take_in_answers();

private:
  std::shared_ptr<seat_topic> seats_of(domain::option_id);
  void wake();
  void run();

  const live_feed_options options_;
  backend& service_;
  const std::string incarnation_;
  const std::shared_ptr<open_streams> open_;
  std::atomic<std::uint64_t> clients_{0}; // that ever came
  std::atomic<topic_id> topics_{0};       // that there ever were

  std::mutex seats_mutex_;
  std::map<domain::option_id, std::shared_ptr<seat_topic>> seats_; // that were ever listened to

  std::mutex mutex_; // guards what the thread waits for
  std::condition_variable changed_;
  bool ending_ = false, answered_ = false;
  followed_tokens tokens_;
  std::thread thread_; // from the first stream on
};

} // namespace boxoffice::http
