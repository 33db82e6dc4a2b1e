// One client: its framing, the one request in the handler's hands, and what is still to be sent.
//
// A connection is reading (a request is awaited or arriving), answering (a request is with the
// handler), streaming (the answer goes on, event by event) or closing (the last answer is under way
// or sent; what still arrives is thrown away until the client closes too, because closing with
// unread bytes would make the kernel reset the connection and could take the answer away from the
// client).
//
// It knows sockets but no event loop: the worker calls on_…() and then registers what wanted()
// says. Everything here happens on the worker's thread.
#pragma once

#include "http/limits.hpp"
#include "http/mailbox.hpp"
#include "http/message.hpp"
#include "http/output_queue.hpp"
#include "http/request_parser.hpp"
#include "http/response_head.hpp"
#include "http/socket.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace boxoffice::http {

// What the connections of one worker share. Outlives them.
struct connection_host {
  using clock = std::chrono::steady_clock;

  connection_host(const limits& spend, const hooks& supplied, std::shared_ptr<mailbox> box)
      : bounds(spend), app(supplied), mail(std::move(box)), sink(mail) {}

  const limits& bounds;
  const hooks& app;
  const std::shared_ptr<mailbox> mail;
  const std::shared_ptr<reply_sink> sink; // the same, as exchanges hold it
  clock::time_point now = clock::now();   // read once per round of events
  bool draining = false;
  date_text date;
  std::array<char, 16 * 1024> read_buffer;
};

class connection {
public:
  struct interest {
    bool read = false, write = false;
    bool operator==(const interest& other) const {
      return read == other.read && write == other.write;
    }
  };

  connection(connection_host& host, std::uint64_t id, socket_handle socket,
             std::string remote_address);

  void turn_away(); // 503 and close, before anything was read: the server is full

  void on_event(bool readable, bool writable, bool hung_up);
  void on_answer(mail&& answer,
                 std::uint64_t serial); // ignored unless it answers the request under way
  void on_news();                       // its stream's topic has something to tell
  void on_tick();                       // now and then: looks at the deadlines
  void on_drain();                      // host.draining has become true
  void abandon() { dead_ = true; }

  topic_id topic() const { return topic_; } // of its stream; 0 when there is none
  bool dead() const { return dead_; }       // to be destroyed, which closes the socket
  interest wanted() const;
  int fd() const { return socket_.fd(); }

private:
  using time_point = connection_host::clock::time_point;
  enum class phase { reading, answering, streaming, closing };
  enum class stage { none, idle, head, body }; // of reading, for its deadline

  // The request being answered, as far as the answer and the access log need it.
  struct current_request {
    std::string method, target, traceparent, origin;
    mailbox::labels labels;
    time_point started;
    bool keep_alive = true, http_1_0 = false, head_only = false;
  };

  void read_once();
  void discard(std::size_t bytes);
  void advance();
  void await_more();
  void remember(const request& received);
  void dispatch(request&& complete);
  void deliver(mail&& answer);
  void refuse(refusal why);
  void answer(response&& prepared);
  void answer_fault(int status, std::string_view detail);
  response fault_response(int status, std::string_view detail, const request* partial) const;
  request known_request() const;
  void begin_stream(stream_start&& begun);
  void tell_more();
  void send_piece(const event_piece& piece);
  void say_still_there();
  void end_stream();
  void bound_kernel_buffer();
  void go_on(bool close, bool nothing_waits);
  void report(int status, std::size_t bytes);
  void send_pending();
  std::uint64_t delivered() const;
  void judge_reader();
  void finish();
  void half_close();

  connection_host& host_;
  const std::uint64_t id_;
  socket_handle socket_;
  const std::string remote_address_;
  request_parser parser_;
  output_queue output_;

  phase phase_ = phase::reading;
  stage stage_ = stage::none;
  std::uint64_t serial_ = 0; // of the current request; the first is 1
  current_request current_;
  std::unique_ptr<listener> listener_; // while streaming
  topic_id topic_ = 0;
  bool client_done_ = false; // it has shut down its sending side
  bool dead_ = false;

  time_point deadline_;                           // of the phase
  time_point write_deadline_ = time_point::max(); // while output waits
  std::uint64_t delivered_mark_ = 0;              // delivered() when write_deadline_ was set
  std::size_t discarded_ = 0;
};

} // namespace boxoffice::http
