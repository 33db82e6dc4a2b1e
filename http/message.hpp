// The words the transport shares with whoever answers requests: request, response, and the right to
// answer once.
#pragma once

#include "http/event_stream.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boxoffice::http {

using header_list = std::vector<std::pair<std::string, std::string>>;

// Equal, A-Z and a-z being the same. Field names and many tokens of HTTP compare this way.
bool equal_ignoring_case(std::string_view a, std::string_view b);

// One well-framed request. Nothing in it is percent-decoded.
struct request {
  std::string method;         // "GET"; one of the methods the transport knows
  std::string target;         // origin form ("/a?b") or "*"; an absolute form was reduced to it
  header_list headers;        // in the order received; trailers are not among them
  std::string body;           // de-chunked
  std::string remote_address; // "127.0.0.1", "::1"; without the port

  std::string_view path() const; // target up to '?'
  std::string_view
  query() const; // target after the first '?', without it; empty when there is none

  // The first field of that name in any case, nullptr when there is none. Valid while the request
  // is unchanged.
  const std::string* header(std::string_view name) const;
  // The same, but nullptr too when there are several: nobody could say which one counts.
  const std::string* sole_header(std::string_view name) const;
};

// What to answer. The transport adds Date, Content-Length and Connection itself; those fields, and
// Transfer-Encoding, are ignored when set here. A field with CR, LF or NUL in it turns the answer
// into a 500. For HEAD the body is not sent, but its length is told.
struct response {
  int status = 200; // 200…599
  header_list headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body; // sent instead of body when set; never copied
};

// Which request of which connection: never reused while the process lives.
struct ticket {
  std::uint64_t connection = 0;
  std::uint64_t serial = 0;
};

// A streaming answer: the head, whose body is ignored, and who hears what follows.
struct stream_start {
  response head;
  topic_id topic = 0;
  std::unique_ptr<listener> hears; // not null
};

// Where answers go. The server's workers implement it; a test of a handler may do so too.
class reply_sink {
public:
  virtual ~reply_sink() = default;
  virtual void send(ticket to, response&& answer) = 0;                  // any thread
  virtual void post(ticket to, std::function<response()>&& render) = 0; // any thread
  virtual void stream(ticket to, stream_start&& begun) = 0;             // any thread
  virtual void label(ticket of, std::string&& route,
                     std::string&& trace) = 0; // the worker's thread

  // These topics have news. Any thread; each worker sees to the listeners of its own clients.
  virtual void announce(std::vector<topic_id>&& topics) = 0;
};

// The right to answer one request once. A value: copy it, keep it, hand it to any thread. The first
// answer wins, later ones vanish; so does an answer whose client has gone, whose deadline has
// passed, or whose server has ended. It is checked against connection and serial on the owning
// worker and so cannot reach another client.
//
class exchange {
public:
  exchange(std::shared_ptr<reply_sink> sink, ticket to) : sink_(std::move(sink)), to_(to) {}

  // Any thread; never blocks on the client. On the owning worker the answer leaves as soon as the
  // handler returns.
  void send(response answer) const { sink_->send(to_, std::move(answer)); }

  // Any thread. render runs later, on the worker that owns the connection, and only if the answer
  // is still wanted; it must not block. A throw in it answers 500.
  void post(std::function<response()> render) const { sink_->post(to_, std::move(render)); }

  // Any thread. Answers with a stream, which goes on until the listener says that it is over, the
  // client leaves or the server drains. The listener is asked for the first time once the head has
  // been sent.
  void stream(stream_start begun) const { sink_->stream(to_, std::move(begun)); }

  // Where the topics of this exchange's streams are announced.
  const std::shared_ptr<reply_sink>& sink() const { return sink_; }

  // Only inside the handler: what the access log shall call this request.
  void label(std::string route, std::string trace_id) const {
    sink_->label(to_, std::move(route), std::move(trace_id));
  }

private:
  std::shared_ptr<reply_sink> sink_;
  ticket to_;
};

// Called on a worker thread for each request, one at a time per connection; must not block. A throw
// answers 500.
using handler = std::function<void(request&&, const exchange&)>;

// One line of an access log.
struct served {
  std::string method, target, route, trace_id, remote_address; // empty where not known
  int status = 0;
  std::chrono::microseconds duration{0}; // from the complete request to its answer
  std::size_t response_bytes = 0;        // head and body, as handed to the socket
};

// What the server's owner supplies. All are called on worker threads, several at once; they must
// outlive the server.
struct hooks {
  handler handle;

  // The answer to a protocol fault (400 408 413 414 417 431 500 501 503 505). detail is safe to
  // show. partial holds what is known of the request, or is nullptr; for 500 and for the deadline's
  // 503 that is method, target, remote_address, traceparent and Origin. Without this hook, or
  // when it throws, a short text is sent.
  std::function<response(int status, std::string_view detail, const request* partial)> fault;

  // Once per answer, protocol faults too; optional.
  std::function<void(const served&)> finished;
};

} // namespace boxoffice::http
