#include "http/request_parser.hpp"

// The only file that knows Beast; a derived basic_parser fed with put() needs neither its sockets
// nor its io_context.
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace boxoffice::http {

namespace {

namespace beast = boost::beast;
using beast_error = beast::error_code;

constexpr std::size_t max_empty_line_bytes =
    16; // before a request line, RFC 9112 2.2 wants some tolerated
constexpr std::size_t max_request_line_extra = 32; // method, version and blanks beside the target
constexpr std::size_t max_chunk_extension = 256;
constexpr std::size_t max_chunk_tail = 4096; // an unfinished chunk line, or the trailer section
constexpr std::size_t kept_input_capacity = 8 * 1024;
// Beast asserts that a last chunk comes in at least "0\r\n\r\n"; after another chunk it begins with
// that one's CRLF and cannot be shorter.
constexpr std::size_t min_first_put = 5;

// Chunked framing may cost this much more than the body it carries ("1\r\nx\r\n" is six for one).
std::size_t max_wire_bytes(const limits& bounds) {
  return 8 * bounds.body_bytes + 2 * max_chunk_tail;
}

bool is_control(unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }

// Fills a request. What Beast calls us back for after the header are trailers: bounded, checked,
// and not kept, because a trailer must never become a Host or an Authorization.
class beast_parser : public beast::http::basic_parser<true> {
public:
  beast_parser(request& into, int& minor) : into_(into), minor_(minor) {}

  // Where the trailer section begins, once the last chunk's line was seen; valid during the put()
  // that saw it.
  const char* trailer_begin() const { return trailer_begin_; }
  bool chunk_seen() const { return chunk_seen_; }
  refusal objection() const { return objection_; }

private:
  using view = beast::string_view;
  using field = beast::http::field;

  void object(refusal no, beast_error& ec) {
    objection_ = no;
    ec = beast::http::error::bad_field;
  }

  void on_request_impl(beast::http::verb, view method, view target, int version,
                       beast_error& ec) override {
    ec = {};
    into_.method.assign(method.data(), method.size());
    into_.target.assign(target.data(), target.size());
    minor_ = version == 10 ? 0 : 1;
  }

  void on_field_impl(field, view name, view value, beast_error& ec) override {
    ec = {};
    if (!header_done_) {
      into_.headers.emplace_back(std::string(name.data(), name.size()),
                                 std::string(value.data(), value.size()));
      return;
    }
    trailer_bytes_ += name.size() + value.size() + 4;
    if (trailer_bytes_ > max_chunk_tail) object({431, "the trailer section is too large"}, ec);
  }

  void on_header_impl(beast_error& ec) override {
    ec = {};
    header_done_ = true;
  }

  // The claimed length is not reserved: memory follows what arrives.
  void on_body_init_impl(boost::optional<std::uint64_t> const&, beast_error& ec) override {
    ec = {};
  }

  std::size_t on_body_impl(view bytes, beast_error& ec) override {
    ec = {};
    into_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t size, view extension, beast_error& ec) override {
    ec = {};
    if (extension.size() > max_chunk_extension) object({431, "a chunk extension is too large"}, ec);
    for (const char c : extension) // Beast lets quoted ones hold anything, line feeds too
      if (is_control(static_cast<unsigned char>(c)))
        object({400, "a chunk extension holds a control character"}, ec);
    chunk_seen_ = true;
    if (size == 0) trailer_begin_ = extension.data() + extension.size() + 2;
  }

  std::size_t on_chunk_body_impl(std::uint64_t, view bytes, beast_error& ec) override {
    return on_body_impl(bytes, ec);
  }

  void on_finish_impl(beast_error& ec) override { ec = {}; }
  void on_response_impl(int, view, int, beast_error& ec) override { ec = {}; }

  request& into_;
  int& minor_;
  bool header_done_ = false;
  std::size_t trailer_bytes_ = 0;
  bool chunk_seen_ = false;
  const char* trailer_begin_ = nullptr;
  refusal objection_;
};

refusal refusal_of(const beast_error& ec, const refusal& objection, std::string_view otherwise) {
  using beast::http::error;
  if (objection) return objection;
  if (ec == error::body_limit) return {413, "the body is too large"};
  if (ec == error::header_limit) return {431, "the header is too large"};
  if (ec == error::bad_content_length) return {400, "Content-Length is invalid"};
  if (ec == error::bad_transfer_encoding) return {400, "Transfer-Encoding is invalid"};
  return {400, otherwise};
}

bool has_folded_line(const char* from, const char* to) {
  for (; (from = std::find(from, to, '\n')) != to; ++from)
    if (from + 1 != to && (from[1] == ' ' || from[1] == '\t')) return true;
  return false;
}

} // namespace

struct request_parser::engine {
  std::optional<beast_parser> beast; // rebuilt for each request, in place
};

request_parser::request_parser(const limits& bounds)
    : bounds_(bounds), engine_(std::make_unique<engine>()) {}
request_parser::~request_parser() = default;

void request_parser::append(const char* data, std::size_t size) {
  if (begin_ == input_.size()) {
    input_.clear();
    begin_ = 0;
    if (input_.capacity() > kept_input_capacity && size <= kept_input_capacity)
      std::string().swap(input_);
  } else if (begin_ >= kept_input_capacity) {
    input_.erase(0, begin_);
    begin_ = 0;
  }
  input_.append(data, size);
}

request_parser::outcome request_parser::next() {
  if (stage_ == stage::between && !skip_empty_lines())
    return stage_ == stage::refused ? outcome::refused : outcome::need_more;
  if (stage_ == stage::head) {
    if (const auto scanned = scan_head(); scanned != outcome::complete) return scanned;
    if (facts_.expects_continue && !engine_->beast->is_done() && buffered() == 0)
      return outcome::want_continue;
  }
  if (stage_ == stage::body) return parse_body();
  return outcome::refused;
}

request request_parser::take() {
  stage_ = stage::between;
  empty_line_bytes_ = 0;
  request whole = std::move(current_);
  current_ = request();
  return whole;
}

request_parser::outcome request_parser::refuse(refusal no) {
  stage_ = stage::refused;
  why_ = no;
  std::string().swap(input_);
  begin_ = 0;
  return outcome::refused;
}

void request_parser::consume(std::size_t bytes) { begin_ += bytes; }

// True when the first byte of a head is there; the stage is then head.
bool request_parser::skip_empty_lines() {
  while (buffered() > 0) {
    const char c = input_[begin_];
    if (c != '\r' && c != '\n') {
      if (empty_line_bytes_ % 2 != 0) break; // a CR without its LF
      stage_ = stage::head;
      scanned_ = line_start_ = lines_ = 0;
      after_cr_ = head_ended_ = false;
      return true;
    }
    const char expected = empty_line_bytes_ % 2 == 0 ? '\r' : '\n';
    if (c != expected || ++empty_line_bytes_ > max_empty_line_bytes) break;
    consume(1);
  }
  if (buffered() > 0) refuse({400, "the request does not begin with a method"});
  return false;
}

// Looks at each byte of the head once, however the head was cut up. Complete means: parsed, and the
// stage is body.
request_parser::outcome request_parser::scan_head() {
  const auto available = std::min(buffered(), bounds_.header_bytes + 1);
  while (scanned_ < available && !head_ended_) {
    if (auto no = scan_byte(static_cast<unsigned char>(input_[begin_ + scanned_])))
      return refuse(no);
    ++scanned_;
  }
  if (scanned_ > bounds_.header_bytes)
    return refuse(lines_ == 0 ? refusal{414, "the request line is too long"}
                              : refusal{431, "the header is too large"});
  return head_ended_ ? parse_head(scanned_) : outcome::need_more;
}

refusal request_parser::scan_byte(unsigned char c) {
  if (c == '\n') return end_of_line();
  if (after_cr_) return {400, "a carriage return without a line feed"};
  if (c == '\r') {
    after_cr_ = true;
    return {};
  }
  if (is_control(c)) return {400, "a control character in the header"};
  if (scanned_ == line_start_ && lines_ > 0 && (c == ' ' || c == '\t'))
    return {400, "a folded or indented header line"};
  if (lines_ == 0 && scanned_ > bounds_.target_bytes + max_request_line_extra)
    return {414, "the request line is too long"};
  return {};
}

refusal request_parser::end_of_line() {
  if (!after_cr_) return {400, "a line feed without a carriage return"};
  after_cr_ = false;
  const auto length = scanned_ - 1 - line_start_;
  const auto line = std::string_view(input_).substr(begin_ + line_start_, length);
  line_start_ = scanned_ + 1;
  if (lines_ == 0) {
    lines_ = 1;
    return check_request_line(line, bounds_);
  }
  if (length == 0)
    head_ended_ = true;
  else if (lines_++ > bounds_.header_fields)
    return {431, "too many header fields"};
  return {};
}

request_parser::outcome request_parser::parse_head(std::size_t head_bytes) {
  auto& parser = engine_->beast.emplace(current_, minor_);
  parser.header_limit(static_cast<std::uint32_t>(head_bytes + 1));
  parser.body_limit(bounds_.body_bytes);
  parser.eager(false);

  beast_error ec;
  const auto used = parser.put(boost::asio::const_buffer(input_.data() + begin_, head_bytes), ec);
  if (ec) return refuse(refusal_of(ec, parser.objection(), "the header is malformed"));
  // The head was handed over whole, so anything else means that Beast and the scan disagree about
  // where it ends.
  if (used != head_bytes || !parser.is_header_done())
    return refuse({400, "the header is malformed"});
  if (auto no = check_head(current_, minor_, bounds_, facts_)) return refuse(no);
  if (facts_.chunked != parser.chunked()) return refuse({400, "Transfer-Encoding is invalid"});

  consume(head_bytes);
  parser.eager(true);
  stage_ = stage::body;
  body_wire_bytes_ = 0;
  return outcome::complete;
}

request_parser::outcome request_parser::parse_body() {
  auto& parser = *engine_->beast;
  if (parser.is_done()) return outcome::complete;
  if (buffered() == 0) return outcome::need_more;
  if (parser.chunked() && !parser.chunk_seen() && buffered() < min_first_put) {
    // Only the chunk's own line: behind it data may begin, with any byte.
    auto line = std::string_view(input_).substr(begin_);
    line = line.substr(0, std::min(line.find('\n'), line.size() - 1) + 1);
    if (auto no = check_lines(line)) return refuse(no);
    return outcome::need_more;
  }

  beast_error ec;
  const char* const begin = input_.data() + begin_;
  const auto used = parser.put(boost::asio::const_buffer(begin, buffered()), ec);
  if (ec && ec != beast::http::error::need_more)
    return refuse(refusal_of(ec, parser.objection(), "the chunked body is malformed"));
  if (parser.trailer_begin() != nullptr &&
      has_folded_line(parser.trailer_begin() - 1, begin + used))
    return refuse({400, "a folded or indented trailer line"});
  consume(used);
  body_wire_bytes_ += used;
  if (body_wire_bytes_ > max_wire_bytes(bounds_))
    return refuse({413, "the chunked framing is too wasteful"});
  if (parser.is_done()) return outcome::complete;
  // What put() leaves unconsumed of a chunked body is a chunk line or the trailer section without
  // its end.
  if (auto no = check_lines(std::string_view(input_).substr(begin_))) return refuse(no);
  return outcome::need_more;
}

// Beast would wait for the end of a chunk line or trailer section for ever, so what can already be
// told of its beginning is told now.
refusal request_parser::check_lines(std::string_view lines) {
  if (lines.size() > max_chunk_tail)
    return {431, "a chunk line or the trailer section is too large"};
  for (auto at = lines.find('\n'); at != std::string_view::npos; at = lines.find('\n', at + 1))
    if (at == 0 || lines[at - 1] != '\r') return {400, "a line feed without a carriage return"};
  return {};
}

} // namespace boxoffice::http
