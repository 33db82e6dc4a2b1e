// Framing: bytes in, whole and validated requests out, or a refusal. No sockets, no clock, no
// threads.
//
// The head is found and checked byte by byte here, so that the limits hold whatever the
// segmentation; the grammar of heads and bodies is Boost.Beast's, which only request_parser.cpp
// knows about; what a head must mean is request_rules.
#pragma once

#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/request_rules.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace boxoffice::http {

// The requests of one connection, one after the other. Append what arrives, then call next() until
// it needs more.
class request_parser {
public:
  enum class outcome {
    need_more,     // append and ask again
    want_continue, // the client waits for "100 Continue" before its body; ask again after sending
                   // it
    complete,      // take() the request, then ask again
    refused        // why() tells; nothing after this point in the stream can be trusted
  };

  explicit request_parser(const limits& bounds); // bounds must outlive the parser
  ~request_parser();
  request_parser(const request_parser&) = delete;
  request_parser& operator=(const request_parser&) = delete;

  void append(const char* data, std::size_t size);

  // Goes on with what was appended. Throws std::bad_alloc and nothing else.
  outcome next();

  request take(); // after complete, once

  bool keep_alive() const {
    return facts_.keep_alive;
  } // of the last request whose head was complete
  bool http_1_0() const { return minor_ == 0; }
  refusal why() const { return why_; } // after refused

  const request& partial() const { return current_; } // what is known of the request under way
  std::size_t buffered() const {
    return input_.size() - begin_;
  } // bytes appended but not yet consumed
  bool in_body() const { return stage_ == stage::body; }
  bool idle() const {
    return stage_ == stage::between && buffered() == 0;
  } // no byte of a next request

private:
  struct engine; // Beast's parser of the current request

  enum class stage { between, head, body, refused };

  outcome refuse(refusal no);
  bool skip_empty_lines();
  outcome scan_head();
  refusal scan_byte(unsigned char c);
  refusal end_of_line();
  outcome parse_head(std::size_t head_bytes);
  outcome parse_body();
  static refusal check_lines(std::string_view lines);
  void consume(std::size_t bytes);

  const limits& bounds_;
  std::unique_ptr<engine> engine_;
  std::string input_; // bytes appended; those before begin_ are consumed
  std::size_t begin_ = 0;
  stage stage_ = stage::between;

  // While scanning a head, relative to begin_.
  std::size_t scanned_ = 0, line_start_ = 0, lines_ = 0;
  std::size_t empty_line_bytes_ = 0;
  bool after_cr_ = false, head_ended_ = false;

  std::size_t body_wire_bytes_ = 0;
  request current_;
  head_facts facts_;
  int minor_ = 1;
  refusal why_;
};

} // namespace boxoffice::http
