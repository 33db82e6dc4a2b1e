// The HTTP server: listens, runs its workers, and stops without losing what is in flight.
#pragma once

#include "http/limits.hpp"
#include "http/message.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace boxoffice::http {

class server {
public:
  // Listens at once and serves on `workers` threads of its own (at least one). address: an IPv4 or
  // IPv6 literal or "localhost"; port 0 takes any free one. Throws std::system_error naming
  // address, port and reason.
  server(const std::string& address, std::uint16_t port, unsigned workers, limits bounds,
         hooks supplied);

  // Ends the threads and closes every connection at once; call drain() first to spare the requests
  // in flight.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const;      // the one listened on
  std::size_t connections() const; // open ones; any thread

  // Accepts nobody any more, answers what has been received, closes; requests that are still
  // arriving get a second. Returns within the bound whatever clients do, true when every connection
  // ended by itself. For one caller, once; what is left over ends with the server.
  bool drain(std::chrono::milliseconds within);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace boxoffice::http
