#include "rush/line.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include <charconv>

namespace boxoffice::rush {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t large_body = 4096, large_buffer = 65536;
constexpr std::uint64_t longest_answer = 64U << 20U; // a map of 100,000 seats has about 10 MB

// A server closes connections that rest too long; one that did would look like one that failed.
constexpr auto longest_rest = std::chrono::seconds(50); // http.idle_timeout is 60s

void add(std::string& text, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  text.append(name).append(": ").append(value).append("\r\n");
}

std::string_view value_of(const http::fields& fields, http::field name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view()
                               : std::string_view(found->value().data(), found->value().size());
}

// "code":"…" of a problem; our own server writes it without blanks.
std::string code_in(const std::string& body) {
  constexpr std::string_view mark = "\"code\":\"";
  const auto at = body.find(mark);
  if (at == body.npos) return {};
  const auto begin = at + mark.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

} // namespace

std::string request_text(const request& what, const std::string& host) {
  std::string text = what.method + " " + what.target + " HTTP/1.1\r\n";
  add(text, "Host", host);
  add(text, "Queue-Token", what.token);
  add(text, "Idempotency-Key", what.key);
  add(text, "If-None-Match", what.if_none_match);
  if (!what.bearer.empty()) add(text, "Authorization", "Bearer " + what.bearer);
  if (!what.body.empty()) add(text, "Content-Type", "application/json");
  if (!what.body.empty() || what.method == "POST")
    add(text, "Content-Length", std::to_string(what.body.size()));
  return text + "\r\n" + what.body;
}

void line::ask(const request& what, done then) {
  const auto now = clock::now();
  if (socket_.is_open() && now - since_ > longest_rest) {
    error_code ignored;
    socket_.close(ignored);
  }
  since_ = now;
  then_ = std::move(then);
  text_ = request_text(what, host_);
  if (socket_.is_open())
    write();
  else
    connect();
}

void line::connect() {
  buffer_.clear();
  socket_.async_connect(server_, [this](error_code error) {
    if (error) return finish({});
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    write();
  });
}

void line::write() {
  asio::async_write(socket_, asio::buffer(text_), [this](error_code error, std::size_t) {
    if (error) return finish({});
    read();
  });
}

void line::read() {
  parser_.emplace();
  parser_->body_limit(longest_answer);
  http::async_read_header(socket_, buffer_, *parser_, [this](error_code error, std::size_t) {
    if (error) return finish({});
    if (parser_->is_done()) return take();
    read_body();
  });
}

// As much at a time as Beast would read anyway, had its buffer room; for large ones only, since
// there may be ten thousand connections.
void line::read_body() {
  const auto length = value_of(parser_->get(), http::field::content_length);
  std::size_t bytes = 0;
  std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (bytes > large_body) buffer_.reserve(large_buffer);
  http::async_read(socket_, buffer_, *parser_, [this](error_code error, std::size_t) {
    if (error) return finish({});
    if (buffer_.capacity() > large_body) buffer_.shrink_to_fit();
    take();
  });
}

void line::take() {
  auto message = parser_->release();
  answer told;
  told.status = message.result_int();
  told.etag = std::string(value_of(message, http::field::etag));
  const auto later = value_of(message, http::field::retry_after);
  int seconds = 0;
  if (std::from_chars(later.data(), later.data() + later.size(), seconds).ec == std::errc())
    told.retry_after = std::chrono::seconds(seconds);
  const bool kept = message.keep_alive();
  told.body = std::move(message.body());
  if (told.status >= 400) told.code = code_in(told.body);
  if (!kept) {
    error_code ignored;
    socket_.close(ignored);
  }
  finish(std::move(told));
}

void line::finish(answer told) {
  if (told.lost()) {
    error_code ignored;
    socket_.close(ignored);
  }
  since_ = clock::now();
  const auto then = std::exchange(then_, nullptr);
  then(std::move(told));
}

void line::hang_up() {
  error_code ignored;
  socket_.close(ignored);
}

} // namespace boxoffice::rush
