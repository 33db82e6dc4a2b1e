// The running service as the API's backend.
#pragma once

#include "actors/service.hpp"
#include "http/backend.hpp"

#include <utility>

namespace boxoffice::http {

class service_backend final : public backend {
public:
  // Both must outlive it.
  service_backend(actors::service& service, const actors::clock& clock)
      : service_(service), clock_(clock) {}

  void submit(actors::request_id id, actors::command c, domain::request_key_ptr key) override {
    service_.submit(id, std::move(c), std::move(key));
  }
  std::shared_ptr<const domain::catalogue> catalogue() const override {
    return service_.catalogue();
  }
  std::shared_ptr<const domain::seat_map> seats(domain::option_id option) const override {
    return service_.seats(option);
  }
  bool ready() const override { return service_.ready(); }
  domain::time_point now() const override { return clock_.now(); }

private:
  actors::service& service_;
  const actors::clock& clock_;
};

} // namespace boxoffice::http
