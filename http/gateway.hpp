// Between the clients that wait and the service that answers: numbers each command, keeps who
// asked, and sends the answer on its way when the outcome comes.
//
// What is under way is bounded. As it fills up, polls and reads are refused first, then the other
// changes, and payments last, so that those who have come furthest are let through.
#pragma once

#include "actors/environment.hpp"
#include "http/backend.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

namespace boxoffice::http {

struct gateway_limits {
  std::size_t max_in_flight = 2000;
  // An answer that did not come for this long is no longer expected. The transport told the client
  // so by then, if this is its answer_timeout.
  domain::duration forget_after = std::chrono::seconds(10);
};

enum class urgency { poll, change, payment };

class gateway final : public actors::client_port {
public:
  // Writes the answer; runs on the worker of the client's connection.
  using renderer = std::function<response(const actors::outcome&)>;

  explicit gateway(gateway_limits limits) : limits_(limits) {}

  // Gives the service a command and, when its outcome comes, `asker` what `render` makes of it.
  // False when too much is under way: nothing was done, and nothing will be answered.
  [[nodiscard]] bool submit(backend&, actors::command, urgency, exchange asker, renderer render,
                            domain::request_key_ptr key = nullptr);

  void complete(actors::request_id, actors::outcome) override;

  std::size_t in_flight() const;

  // How much may be under way from now on. Any thread.
  void bound(std::size_t max_in_flight);
  std::size_t max_in_flight() const;

private:
  struct waiting {
    exchange asker;
    renderer render;
    domain::time_point forget_at;
  };

  std::size_t bound_for(urgency) const;
  void forget_overdue(domain::time_point now);

  gateway_limits limits_;
  mutable std::mutex mutex_;
  actors::request_id last_id_ = 0;
  std::map<actors::request_id, waiting> waiting_; // ids ascend, so the oldest is the first
};

} // namespace boxoffice::http
