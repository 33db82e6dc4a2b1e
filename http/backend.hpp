// What the API needs of the service behind it, so that it can be tried without one.
#pragma once

#include "actors/commands.hpp"
#include "actors/domain/concert.hpp"
#include "actors/domain/seat_map.hpp"
#include "actors/domain/time.hpp"
#include "actors/environment.hpp"

#include <memory>

namespace boxoffice::http {

// Any thread may call; nothing blocks. See actors::service, which service_backend puts behind this.
class backend {
public:
  virtual ~backend() = default;

  // The outcome goes to the gateway. The key may be nullptr.
  virtual void submit(actors::request_id, actors::command, domain::request_key_ptr) = 0;
  // Never nullptr.
  virtual std::shared_ptr<const domain::catalogue> catalogue() const = 0;
  // nullptr when there is no such option.
  virtual std::shared_ptr<const domain::seat_map> seats(domain::option_id) const = 0;
  virtual bool ready() const = 0;
  virtual domain::time_point now() const = 0;
};

} // namespace boxoffice::http
