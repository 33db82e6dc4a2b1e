// One connection to the server, kept alive: a request at a time. Boost stays behind line.cpp and
// crowd.cpp.
#pragma once

#include "rush/guest.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <optional>
#include <string>

namespace boxoffice::rush {

// The bytes of a request; `host` is of the address it goes to.
std::string request_text(const request& what, const std::string& host);

class line {
public:
  using clock = std::chrono::steady_clock;
  using done = std::function<void(answer)>;

  line(boost::asio::io_context& context, boost::asio::ip::tcp::endpoint server, std::string host)
      : socket_(context), server_(std::move(server)), host_(std::move(host)) {}

  // Connects first when it isn't. `then` is called once, never from within ask().
  void ask(const request& what, done then);
  // What is under way ends as lost.
  void hang_up();
  bool is_busy() const { return then_ != nullptr; }
  clock::time_point since() const { return since_; } // the last ask() or its end

private:
  void connect();
  void write();
  void read();
  void read_body();
  void take();
  void finish(answer told);

  // Of one known executor: asking any executor what it is costs as much as parsing.
  boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>
      socket_;
  boost::asio::ip::tcp::endpoint server_;
  std::string host_, text_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::response_parser<boost::beast::http::string_body>> parser_;
  done then_;
  clock::time_point since_{};
};

} // namespace boxoffice::rush
