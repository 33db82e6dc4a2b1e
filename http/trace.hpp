// W3C Trace Context: a trace that a client began is continued, else one begins here. The trace id
// is in the log line and in every error body, and goes back in the `traceresponse` header.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::http {

struct trace {
  std::uint64_t high = 0, low = 0; // the trace's id
  std::uint64_t span = 0;          // our part in it
  std::uint8_t flags = 0;
};

std::string trace_id(const trace&);  // 32 hexadecimal digits
std::string to_header(const trace&); // "00-<trace id>-<span>-<flags>"

// Reads a `traceparent`; `span` is the caller's. Nothing when it is malformed.
std::optional<trace> parse_traceparent(std::string_view);

// Makes ids that differ within and between runs. They are names, not secrets.
class trace_source {
public:
  explicit trace_source(std::uint64_t seed) : state_(seed) {}

  // The trace of one request; `traceparent` may be nullptr. Any thread.
  trace begin(const std::string* traceparent);

private:
  std::uint64_t next();

  std::atomic<std::uint64_t> state_;
};

} // namespace boxoffice::http
