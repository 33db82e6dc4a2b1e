// The service under test, on a free port, and its nine calls as functions.
#pragma once

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/process.hpp"

#include <memory>

namespace boxoffice::e2e {

class server {
public:
  // Starts at once, with demo data; more settings as flags.
  explicit server(std::filesystem::path store, std::vector<std::string> flags = {});

  void start();
  int terminate(); // SIGTERM; the exit status
  void kill();     // SIGKILL
  void restart() { kill(), start(); }
  // Starts, and is killed this much later, whatever it is doing then.
  void kill_while_starting(milliseconds after);

  std::uint16_t port() const { return port_; }
  const std::filesystem::path& store() const { return store_; }
  process& running() { return *process_; }
  std::vector<std::string>& flags() { return flags_; }
  bool survive_full_files = false; // for the next start

private:
  void launch_it();

  std::filesystem::path store_;
  std::vector<std::string> flags_;
  std::unique_ptr<process> process_;
  std::uint16_t port_ = 0;
};

// The calls of the seed's API over one connection. A user is a JSON string or integer.
class caller {
public:
  explicit caller(std::uint16_t port) : http(port) {}
  explicit caller(const server& s) : caller(s.port()) {}

  answer enter(const json& user, int concert = 1);
  answer book(const std::string& token, const json& user, int option, const std::string& seats);
  answer charge(const json& user, const json& points);
  answer balance(const std::string& user);
  answer pay(const std::string& token, const json& user, std::int64_t booking, int concert,
             const std::string& seats);
  answer charge_points(const json& user, const json& points);
  answer pay_pending(const json& user, int option, const json& points);

  // What a test takes for granted on its way; anything but 200 is an exception.
  std::string token_of(const json& user, int concert = 1);
  std::int64_t booking_of(const std::string& token, const json& user, int option,
                          const std::string& seats);
  void give(const json& user, const json& points);
  json balance_of(const std::string& user);

  http_client http;
};

json well(const answer&); // the document of a 200; an exception with the answer otherwise

} // namespace boxoffice::e2e
