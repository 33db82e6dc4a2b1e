// How everybody else reaches a worker: answers from any thread, clients handed over by another
// worker, the order to drain. One per worker; it outlives the worker as long as somebody holds an
// exchange.
#pragma once

#include "http/message.hpp"
#include "http/socket.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace boxoffice::http {

struct sent_answer {
  ticket to;
  response answer;
};
struct posted_answer {
  ticket to;
  std::function<response()> render;
};
struct begun_stream {
  ticket to;
  stream_start start;
};
struct news {
  std::vector<topic_id> topics;
};
struct adopted_client {
  socket_handle socket;
  std::string remote_address;
};
struct drain_order {};
using mail =
    std::variant<sent_answer, posted_answer, begun_stream, news, adopted_client, drain_order>;

class mailbox final : public reply_sink {
public:
  mailbox(); // throws std::system_error when there is no eventfd to be had
  ~mailbox() override;
  mailbox(const mailbox&) = delete;
  mailbox& operator=(const mailbox&) = delete;

  void send(ticket to, response&& answer) override;
  void post(ticket to, std::function<response()>&& render) override;
  void stream(ticket to, stream_start&& begun) override;
  void label(ticket of, std::string&& route, std::string&& trace) override;
  void announce(std::vector<topic_id>&& topics) override;

  // Any thread. Dropped once the mailbox is closed.
  void put(mail&& item);

  // --- the owning worker's side ---

  int event_fd() const { return event_fd_.fd(); } // readable while mail from other threads waits
  void rouse(); // makes it readable, so that the worker comes back
  void claim(); // the calling thread is the worker from now on
  void close(); // once the worker's thread has ended: drops what waits, and all that comes

  // Mail from other threads. Reads the eventfd first and takes the queue then: the other way round
  // a put() between the two would never be announced.
  std::vector<mail> take();

  // Mail that the worker's own thread sent, without a lock or an eventfd. The second form takes
  // only the first answer to that ticket: what a handler that answers at once has just sent.
  std::vector<mail> take_own();
  bool take_own(ticket wanted, mail& into);

  struct labels {
    std::string route, trace_id;
  };
  // The labels given since the last call, if for that ticket.
  labels take_labels(ticket of);

private:
  bool on_worker() const {
    return std::this_thread::get_id() == worker_.load(std::memory_order_relaxed);
  }

  socket_handle event_fd_;
  std::atomic<std::thread::id> worker_{};

  std::mutex lock_;
  std::vector<mail> incoming_;
  bool closed_ = false;

  // The worker's thread only, until close().
  std::vector<mail> own_;
  ticket labelled_;
  labels labels_;
};

} // namespace boxoffice::http
