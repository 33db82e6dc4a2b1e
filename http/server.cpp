#include "http/server.hpp"

#include "http/socket.hpp"
#include "http/worker.hpp"

#include <pistache/reactor.h>

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace boxoffice::http {

struct server::parts {
  std::shared_ptr<server_state> state;
  std::shared_ptr<Pistache::Aio::Reactor> reactor;
};

server::server(const std::string& address, std::uint16_t port, unsigned workers, limits bounds,
               hooks supplied)
    : parts_(std::make_unique<parts>()) {
  const auto count = std::max(workers, 1u);
  parts_->state =
      std::make_shared<server_state>(bounds, std::move(supplied), listen_on(address, port), count);
  parts_->reactor = Pistache::Aio::Reactor::create();
  parts_->reactor->init(Pistache::Aio::AsyncContext(count, "http"));
  parts_->reactor->addHandler(std::make_shared<worker>(parts_->state, 0));
  try {
    parts_->reactor->run();
  } catch (...) { // not all threads could be had: those that run must end, or their reactor waits
                  // for ever
    parts_->reactor->shutdown();
    throw;
  }
}

server::~server() {
  parts_->reactor->shutdown();
  parts_->reactor
      .reset(); // joins the threads, destroys the workers and with them their connections
  for (auto& one : parts_->state->workers) one.mail->close();
}

std::uint16_t server::port() const { return port_of(parts_->state->listening); }

std::size_t server::connections() const { return parts_->state->connections.load(); }

bool server::drain(std::chrono::milliseconds within) {
  auto& state = *parts_->state;
  const auto deadline = std::chrono::steady_clock::now() + within;
  state.someone_waits = true;
  for (auto& one : state.workers) one.mail->put(drain_order{});

  std::unique_lock guard(state.lock);
  const bool stopped = state.changed.wait_until(
      guard, deadline, [&] { return state.draining_workers == state.workers.size(); });
  ::shutdown(state.listening.fd(),
             SHUT_RDWR); // from here on the kernel refuses new clients by itself
  return stopped &&
         state.changed.wait_until(guard, deadline, [&] { return state.connections == 0; });
}

} // namespace boxoffice::http
