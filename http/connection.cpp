#include "http/connection.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <new>
#include <utility>

namespace boxoffice::http {

namespace {

constexpr std::size_t joined_body_bytes =
    4096; // up to this a body is copied behind its head: one piece to send
constexpr std::size_t max_discarded_bytes = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds drain_grace{1000}; // for a request that has begun to arrive
constexpr std::chrono::milliseconds drain_linger{250};
constexpr std::string_view retry_after_seconds = "1";

bool has_header(const header_list& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& field) { return equal_ignoring_case(field.first, name); });
}

response plain_response(int status, std::string_view detail) {
  response plain;
  plain.status = status;
  plain.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  plain.body.append(detail).push_back('\n');
  return plain;
}

} // namespace

connection::connection(connection_host& host, std::uint64_t id, socket_handle socket,
                       std::string remote_address)
    : host_(host),
      id_(id),
      socket_(std::move(socket)),
      remote_address_(std::move(remote_address)),
      parser_(host.bounds),
      deadline_(host.now + host.bounds.head_timeout) {}

void connection::turn_away() { refuse({503, "the server has too many connections"}); }

connection::interest connection::wanted() const {
  // A pipelining client is read ahead of its answers by one head and one read at most.
  const bool may_read = phase_ == phase::closing ||
                        parser_.buffered() < host_.bounds.header_bytes + host_.read_buffer.size();
  return {may_read && !client_done_, !output_.empty()};
}

// --- what happens to it ---

void connection::on_event(bool readable, bool writable, bool hung_up) {
  if (writable && !output_.empty()) {
    send_pending();
    if (phase_ == phase::streaming) tell_more();
    if (!dead_ && output_.empty()) {
      if (phase_ == phase::closing) half_close();
      if (stage_ == stage::idle) stage_ = stage::none; // idle only from now on
    }
    if (!dead_) advance();
  }
  if (readable && !dead_ && wanted().read) read_once();
  // A client that is gone altogether, while nothing is to be read from it: nobody is left to
  // answer.
  if (!readable && hung_up) dead_ = true;
}

void connection::on_answer(mail&& answer, std::uint64_t serial) {
  if (phase_ != phase::answering || serial != serial_) return;
  deliver(std::move(answer));
  advance();
}

void connection::on_tick() {
  if (host_.now > write_deadline_) judge_reader();
  if (dead_) return;
  if (host_.now <= deadline_) return;
  if (phase_ == phase::closing) {
    dead_ = true;
  } else if (phase_ == phase::answering) {
    answer_fault(503, "no answer in time");
    advance();
  } else if (phase_ == phase::streaming) {
    say_still_there();
  } else if (stage_ == stage::none || stage_ == stage::idle) {
    if (output_.empty()) finish();
  } else if (host_.draining) {
    refuse({503, "the server is shutting down"});
  } else {
    refuse({408, stage_ == stage::head ? "the header did not arrive in time"
                                       : "the body did not arrive in time"});
  }
}

void connection::on_drain() {
  if (phase_ == phase::reading) {
    if (!client_done_) read_once(); // what was sent before the order is still answered
    if (!dead_ && phase_ == phase::reading) await_more();
  } else if (phase_ == phase::streaming) {
    end_stream();
    // A client that is behind must not hold the server up for long.
    if (!output_.empty()) deadline_ = host_.now + drain_grace;
  } else if (phase_ == phase::closing) {
    deadline_ = std::min(deadline_, host_.now + drain_linger);
  }
}

// --- reading ---

void connection::read_once() {
  const auto got = ::recv(fd(), host_.read_buffer.data(), host_.read_buffer.size(), MSG_DONTWAIT);
  if (got < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) dead_ = true;
    return;
  }
  if (got == 0) {
    client_done_ = true;
    // A listener that has hung up is gone: it has nothing left to say, and hears nothing.
    if (phase_ == phase::streaming) dead_ = true;
    if (phase_ == phase::closing && output_.empty()) dead_ = true;
  } else if (phase_ == phase::closing) {
    discard(static_cast<std::size_t>(got));
  } else {
    parser_.append(host_.read_buffer.data(), static_cast<std::size_t>(got));
  }
  if (!dead_) advance();
}

void connection::discard(std::size_t bytes) {
  discarded_ += bytes;
  if (discarded_ > max_discarded_bytes) dead_ = true;
}

// Takes requests out of what has arrived for as long as they are answered at once and the client
// takes its answers.
void connection::advance() {
  while (!dead_ && phase_ == phase::reading && output_.bytes() <= host_.bounds.output_bytes) {
    auto outcome = request_parser::outcome::refused;
    try {
      outcome = parser_.next();
    } catch (const std::bad_alloc&) {
      return refuse({503, "out of memory"});
    }
    switch (outcome) {
    case request_parser::outcome::need_more: return await_more();
    case request_parser::outcome::want_continue:
      output_.push("HTTP/1.1 100 Continue\r\n\r\n");
      send_pending();
      break;
    case request_parser::outcome::complete: dispatch(parser_.take()); break;
    case request_parser::outcome::refused: return refuse(parser_.why());
    }
  }
}

void connection::await_more() {
  if (client_done_ || (host_.draining && parser_.idle())) return finish();
  const auto now_in = parser_.idle() ? stage::idle : parser_.in_body() ? stage::body : stage::head;
  if (now_in != stage_) {
    stage_ = now_in;
    const auto& bounds = host_.bounds;
    const bool fresh = serial_ == 0; // connected, and never said a word
    deadline_ = host_.now + (now_in == stage::body            ? bounds.body_timeout
                             : now_in == stage::head || fresh ? bounds.head_timeout
                                                              : bounds.idle_timeout);
  }
  if (host_.draining) deadline_ = std::min(deadline_, host_.now + drain_grace);
}

// --- answering ---

void connection::remember(const request& received) {
  current_.method = received.method;
  current_.target = received.target;
  const auto kept = [&received](std::string_view name) {
    const auto* field = received.header(name);
    return field != nullptr ? *field : std::string();
  };
  current_.traceparent = kept("traceparent");
  current_.origin = kept("origin");
  current_.labels = {};
  current_.started = connection_host::clock::now();
  current_.keep_alive = parser_.keep_alive();
  current_.http_1_0 = parser_.http_1_0();
  current_.head_only = received.method == "HEAD";
}

void connection::dispatch(request&& complete) {
  assert(phase_ == phase::reading);
  ++serial_;
  phase_ = phase::answering;
  stage_ = stage::none;
  deadline_ = host_.now + host_.bounds.answer_timeout;
  remember(complete);
  complete.remote_address = remote_address_;

  const ticket mine{id_, serial_};
  bool failed = false;
  try {
    host_.app.handle(std::move(complete), exchange(host_.sink, mine));
  } catch (...) { // what was thrown is the handler's affair; the client learns that it failed and
                  // no more
    failed = true;
  }
  current_.labels = host_.mail->take_labels(mine);
  mail at_once;
  if (failed)
    answer_fault(500, "internal error");
  else if (host_.mail->take_own(mine, at_once))
    deliver(std::move(at_once));
}

void connection::deliver(mail&& answered) {
  if (auto* sent = std::get_if<sent_answer>(&answered)) return answer(std::move(sent->answer));
  if (auto* begun = std::get_if<begun_stream>(&answered))
    return begin_stream(std::move(begun->start));
  response rendered;
  try {
    rendered = std::get<posted_answer>(answered).render();
  } catch (...) {
    return answer_fault(500, "internal error");
  }
  answer(std::move(rendered));
}

void connection::answer_fault(int status, std::string_view detail) {
  const auto known = known_request();
  answer(fault_response(status, detail, &known));
}

// A protocol fault: the stream cannot be trusted any further, so this is the last answer.
void connection::refuse(refusal why) {
  const auto& partial = parser_.partial();
  remember(partial);
  current_.keep_alive = false;
  phase_ = phase::answering;
  answer(fault_response(why.status, why.detail, partial.method.empty() ? nullptr : &partial));
}

response connection::fault_response(int status, std::string_view detail,
                                    const request* partial) const {
  auto result = plain_response(status, detail);
  if (host_.app.fault) {
    try {
      auto told = host_.app.fault(status, detail, partial);
      if (is_sendable(told)) result = std::move(told);
    } catch (...) { // the plain text will do
    }
  }
  if (result.status == 503 && !has_header(result.headers, "retry-after"))
    result.headers.emplace_back("Retry-After", retry_after_seconds);
  return result;
}

request connection::known_request() const {
  request known;
  known.method = current_.method;
  known.target = current_.target;
  known.remote_address = remote_address_;
  if (!current_.traceparent.empty())
    known.headers.emplace_back("traceparent", current_.traceparent);
  if (!current_.origin.empty()) known.headers.emplace_back("Origin", current_.origin);
  return known;
}

// Sends the one answer to the current request and goes on to the next, or to closing.
void connection::answer(response&& prepared) {
  assert(phase_ == phase::answering);
  if (!is_sendable(prepared)) {
    const auto known = known_request();
    prepared = fault_response(500, "internal error", &known);
  }
  const bool close = !current_.keep_alive || host_.draining;
  const auto then = close               ? after_answer::close
                    : current_.http_1_0 ? after_answer::keep_http_1_0
                                        : after_answer::keep_http_1_1;
  const auto body_bytes =
      prepared.shared_body ? prepared.shared_body->size() : prepared.body.size();
  const bool with_body = !current_.head_only && may_have_body(prepared.status);
  const bool joined = with_body && body_bytes <= joined_body_bytes;

  auto head = render_head(prepared, body_bytes, then, host_.date.now(), joined ? body_bytes : 0);
  if (joined) head += prepared.shared_body ? *prepared.shared_body : prepared.body;
  const auto before = output_.bytes();
  const bool nothing_waits = output_.empty();
  output_.push(std::move(head));
  if (with_body && !joined) {
    if (prepared.shared_body)
      output_.push(std::move(prepared.shared_body));
    else
      output_.push(std::move(prepared.body));
  }
  report(prepared.status, output_.bytes() - before);
  go_on(close, nothing_waits);
}

// Behind an answer's last byte.
void connection::go_on(bool close, bool nothing_waits) {
  phase_ = phase::reading;
  stage_ = stage::none;
  deadline_ = time_point::max();
  if (nothing_waits) send_pending();
  if (close && !dead_) finish();
}

void connection::report(int status, std::size_t bytes) {
  if (!host_.app.finished) return;
  served line;
  line.method = current_.method;
  line.target = current_.target;
  line.route = std::move(current_.labels.route);
  line.trace_id = std::move(current_.labels.trace_id);
  line.remote_address = remote_address_;
  line.status = status;
  line.duration = std::chrono::duration_cast<std::chrono::microseconds>(
      connection_host::clock::now() - current_.started);
  line.response_bytes = bytes;
  try {
    host_.app.finished(line);
  } catch (...) { // a log that fails must not fail the request
  }
}

// --- sending and closing ---

void connection::send_pending() {
  switch (output_.flush(fd())) {
  case output_queue::result::broken: dead_ = true; break;
  case output_queue::result::drained: write_deadline_ = time_point::max(); break;
  case output_queue::result::blocked:
    if (write_deadline_ == time_point::max()) {
      delivered_mark_ = delivered();
      write_deadline_ = host_.now + host_.bounds.write_timeout;
    }
    break;
  }
}

// What the client's kernel has acknowledged. What ours has taken says little: it takes megabytes at
// once and then nothing for as long as a slow client needs to read them.
std::uint64_t connection::delivered() const {
  int in_kernel = 0;
  ::ioctl(fd(), SIOCOUTQ, &in_kernel);
  return output_.sent() - static_cast<std::uint64_t>(std::max(in_kernel, 0));
}

// At the write deadline: another term for a client that reads, the end for one that does not.
void connection::judge_reader() {
  const auto now_delivered = delivered();
  if (now_delivered - delivered_mark_ >= host_.bounds.write_progress_bytes) {
    delivered_mark_ = now_delivered;
    write_deadline_ = host_.now + host_.bounds.write_timeout;
    return;
  }
  socket_.reset_on_close();
  dead_ = true;
}

void connection::finish() {
  phase_ = phase::closing;
  deadline_ = time_point::max(); // until all is sent the write deadline rules
  if (output_.empty()) half_close();
}

void connection::half_close() {
  if (client_done_) {
    dead_ = true;
    return;
  }
  ::shutdown(fd(), SHUT_WR);
  deadline_ = host_.now + (host_.draining ? drain_linger : host_.bounds.linger_timeout);
}

} // namespace boxoffice::http
