// A connection while its answer is a stream: its listener is asked for more whenever the client
// has taken what there was.
#include "http/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cassert>
#include <utility>

namespace boxoffice::http {

namespace {

const event_piece& still_there() {
  static const event_piece comment(":\n\n"); // a line that says nothing, as the format allows
  return comment;
}

// When a silent stream speaks up. Spread by the client's number, so that those who listen to the
// same silence aren't all told so in the same moment.
std::chrono::milliseconds heartbeat(const limits& bounds, std::uint64_t client) {
  constexpr std::uint64_t moments = 64;
  const auto most_early = bounds.stream_heartbeat / 4;
  return bounds.stream_heartbeat - most_early * (client % moments) / moments;
}

} // namespace

void connection::begin_stream(stream_start&& begun) {
  assert(phase_ == phase::answering && begun.hears && begun.topic != 0);
  if (!is_sendable(begun.head) || !may_have_body(begun.head.status))
    return answer_fault(500, "internal error");
  // Without chunks only the connection's end tells where the stream ends.
  current_.keep_alive = current_.keep_alive && !current_.http_1_0 && !host_.draining;
  const auto then = current_.keep_alive ? after_answer::keep_http_1_1 : after_answer::close;
  auto head = render_stream_head(begun.head, !current_.http_1_0, then, host_.date.now());
  const auto head_bytes = head.size();
  const bool nothing_waits = output_.empty();
  output_.push(std::move(head));
  report(begun.head.status, head_bytes);
  if (current_.head_only) return go_on(!current_.keep_alive, nothing_waits);

  bound_kernel_buffer();
  phase_ = phase::streaming;
  deadline_ = host_.now + heartbeat(host_.bounds, id_);
  listener_ = std::move(begun.hears);
  topic_ = begun.topic;
  if (client_done_) { // it had hung up before it was answered
    dead_ = true;
    return;
  }
  if (nothing_waits) send_pending();
  if (host_.draining) return end_stream();
  tell_more();
}

// A client that does not read is noticed when this much waits for it, and one that has vanished
// without a word when it has acknowledged nothing for as long as a reader may take.
void connection::bound_kernel_buffer() {
  const int bytes = host_.bounds.stream_kernel_bytes;
  ::setsockopt(fd(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  const auto patience = host_.bounds.write_timeout + host_.bounds.stream_heartbeat;
  const auto milliseconds = static_cast<unsigned>(patience.count());
  ::setsockopt(fd(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

void connection::on_news() {
  if (phase_ != phase::streaming) return;
  tell_more();
  advance(); // behind a stream that has ended another request may wait
}

// As much as there is and the client takes.
void connection::tell_more() {
  while (!dead_ && phase_ == phase::streaming && output_.empty()) {
    const auto told = listener_->next();
    if (told.piece) send_piece(told.piece);
    if (told.last) return end_stream();
    if (!told.piece) return;
  }
}

void connection::say_still_there() {
  if (output_.empty()) return send_piece(still_there());
  deadline_ = host_.now + heartbeat(host_.bounds, id_); // meanwhile the write deadline rules
}

void connection::send_piece(const event_piece& piece) {
  if (current_.http_1_0)
    output_.push(piece.chunk(), piece.text_begin(), piece.text_end());
  else
    output_.push(piece.chunk());
  send_pending();
  deadline_ = host_.now + heartbeat(host_.bounds, id_);
}

void connection::end_stream() {
  listener_.reset();
  topic_ = 0;
  const bool nothing_waits = output_.empty();
  if (!current_.http_1_0) output_.push("0\r\n\r\n");
  go_on(!current_.keep_alive || host_.draining, nothing_waits);
}

} // namespace boxoffice::http
