// What one HTTP server is willing to spend on its clients. Every bound has a name here; nothing
// else is unbounded.
#pragma once

#include <chrono>
#include <cstddef>

namespace boxoffice::http {

struct limits {
  // One request. Past the first three: 431, 431, 414; past body_bytes: 413.
  std::size_t header_bytes = 16 * 1024; // request line and fields together
  std::size_t header_fields = 100;
  std::size_t target_bytes = 4096;
  std::size_t body_bytes = 64 * 1024; // after de-chunking

  // One connection. A response may be larger than this: it is what may wait *beside* it. While more
  // is waiting, the connection's next request is not begun.
  std::size_t output_bytes = 1024 * 1024;

  // The whole server. Past it a new client gets 503 and is closed.
  std::size_t connections = 8192;

  std::chrono::milliseconds head_timeout{10'000};   // first byte (or accept) to end of head: 408
  std::chrono::milliseconds body_timeout{15'000};   // end of head to end of body: 408
  std::chrono::milliseconds idle_timeout{60'000};   // between requests: closed without a word
  std::chrono::milliseconds write_timeout{15'000};  // without write_progress_bytes taken: cut
  std::chrono::milliseconds answer_timeout{10'000}; // in the handler's hands: 503 + Retry-After
  // A streaming answer that is silent for this long says so in a comment line.
  std::chrono::milliseconds stream_heartbeat{15'000};
  // What the kernel may hold for one streaming client. Beyond it the client is behind: it is told
  // nothing more until it has read what there is.
  int stream_kernel_bytes = 64 * 1024;

  std::chrono::milliseconds linger_timeout{2'000}; // after the last answer, for the client to close

  // A client must take this much within each write_timeout, or all there is; one byte now and then
  // is not reading.
  std::size_t write_progress_bytes = 16 * 1024;
};

} // namespace boxoffice::http
