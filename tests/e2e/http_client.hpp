// A small blocking HTTP/1.1 client over one connection, which can also say wrong things.
#pragma once

#include "tests/e2e/support.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace boxoffice::e2e {

using json = nlohmann::json;
using fields = std::map<std::string, std::string>;

struct answer {
  int status = 0;
  fields headers; // names in lower case
  std::string body;
  json document() const { return json::parse(body); }
  std::string header(const std::string& lower_case_name) const;
  std::string code() const; // of a problem; empty when it is none
};

// The connection was refused, reset or closed without an answer: what was asked may have happened.
struct connection_lost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class http_client {
public:
  // receive_buffer: of the kernel, in bytes; 0 leaves it alone.
  explicit http_client(std::uint16_t port, int receive_buffer = 0);
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;
  ~http_client();

  answer ask(std::string_view method, std::string_view target, const fields& headers,
             std::string_view body);
  answer get(std::string_view target) { return ask("GET", target, {}, {}); }
  answer send_json(std::string_view method, std::string_view target, const json& body,
                   fields headers = {});

  // The parts of ask(), for those who want to do it otherwise.
  void send(std::string_view bytes);
  answer receive(bool of_head = false);
  void finish_sending(); // what was sent is all
  // When the last request had been given to the kernel as a whole.
  clock::time_point sent_at() const { return sent_at_; }
  // The server closed without sending anything more.
  bool is_closed();

private:
  bool take();

  int fd_ = -1;
  clock::time_point sent_at_{};
  std::string input_;
};

// The bytes of a request.
std::string request_text(std::string_view method, std::string_view target, const fields& headers,
                         std::string_view body);

} // namespace boxoffice::e2e
