#include "tests/e2e/server.hpp"

#include <csignal>

namespace boxoffice::e2e {

namespace {
constexpr const char* digits = "0123456789";
}

server::server(std::filesystem::path store, std::vector<std::string> flags)
    : store_(std::move(store)), flags_(std::move(flags)) {
  start();
}

void server::launch_it() {
  launch what{{"serve", "--demo", "--http.port", "0", "--store.path", store_.string()}};
  what.arguments.insert(what.arguments.end(), flags_.begin(), flags_.end());
  what.survive_full_files = survive_full_files;
  process_.reset(); // the former one's lock on the store goes first
  process_ = std::make_unique<process>(what);
}

void server::start() {
  launch_it();
  // `serving address=… port=… store=…`, in whichever format the log is; the store comes last.
  if (!process_->wait_for(store_.string()))
    throw std::runtime_error("the server did not start:\n" + process_->output());
  const auto text = process_->output();
  const auto field = text.find("port", text.find("serving"));
  port_ = static_cast<std::uint16_t>(std::stoi(text.substr(text.find_first_of(digits, field))));
  // The port is open a moment before unfinished work has been found.
  http_client client(port_);
  if (!eventually([&] { return client.get("/readyz").status == 200; }))
    throw std::runtime_error("the server does not become ready");
}

int server::terminate() {
  process_->signal(SIGTERM);
  return process_->wait();
}

void server::kill() {
  process_->signal(SIGKILL);
  process_->wait();
}

void server::kill_while_starting(milliseconds after) {
  launch_it();
  const auto then = clock::now() + after;
  if (!eventually([&] { return clock::now() >= then; })) return;
  kill();
}

answer caller::enter(const json& user, int concert) {
  return http.send_json("POST", "/mock/queue", {{"userId", user}, {"concertId", concert}});
}

answer caller::book(const std::string& token, const json& user, int option,
                    const std::string& seats) {
  return http.send_json("POST", "/mock/booking",
                        {{"userId", user}, {"concertOptionId", option}, {"seats", seats}},
                        {{"Queue-Token", token}});
}

answer caller::charge(const json& user, const json& points) {
  return http.send_json("POST", "/mock/balance", {{"userId", user}, {"balance", points}});
}

answer caller::balance(const std::string& user) { return http.get("/mock/balance/" + user); }

answer caller::pay(const std::string& token, const json& user, std::int64_t booking, int concert,
                   const std::string& seats) {
  return http.send_json(
      "POST", "/mock/payment",
      {{"bookingId", booking}, {"concertId", concert}, {"userId", user}, {"seats", seats}},
      {{"Queue-Token", token}});
}

answer caller::charge_points(const json& user, const json& points) {
  return http.send_json("PATCH", "/users/points/charge",
                        {{"pointId", 1},
                         {"userId", user},
                         {"paymentMethod", "Credit Card"},
                         {"amount", points},
                         {"paymentTime", "2024-07-03T10:00:00"}});
}

answer caller::pay_pending(const json& user, int option, const json& points) {
  return http.send_json("PATCH", "/payments/payment",
                        {{"userId", user},
                         {"amount", points},
                         {"concertOptionId", option},
                         {"paymentMethod", "CREDIT_CARD"}});
}

std::string caller::token_of(const json& user, int concert) {
  return well(enter(user, concert)).at("queueToken");
}

std::int64_t caller::booking_of(const std::string& token, const json& user, int option,
                                const std::string& seats) {
  return well(book(token, user, option, seats)).at("bookingId");
}

void caller::give(const json& user, const json& points) { well(charge(user, points)); }

json caller::balance_of(const std::string& user) { return well(balance(user)).at("balance"); }

json well(const answer& a) {
  if (a.status != 200)
    throw std::runtime_error("expected 200, got " + std::to_string(a.status) + ": " + a.body);
  return a.document();
}

} // namespace boxoffice::e2e
