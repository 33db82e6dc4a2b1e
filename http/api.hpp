// The API put together: from a request of the transport's to its answer. routes.hpp says
// which files list the calls.
#pragma once

#include "http/backend.hpp"
#include "http/concert_documents.hpp"
#include "http/cors.hpp"
#include "http/gateway.hpp"
#include "http/handler_context.hpp"
#include "http/message.hpp"
#include "http/request_limits.hpp"
#include "http/router.hpp"
#include "http/trace.hpp"

#include <string_view>

namespace boxoffice::http {

// `handle` and `fault` are the hooks of the same names. Any thread.
class api {
public:
  // The service and the gateway must outlive it; the gateway is the service's client port.
  api(api_options, backend& service, gateway& commands);
  api(const api&) = delete;
  api& operator=(const api&) = delete;

  void handle(request&&, const exchange&);
  response fault(int status, std::string_view detail, const request* partial);

  // From now on. Any thread.
  void limit(const rates& r) { limits_.set(r); }

private:
  answer_context context_of(const router::match&, const request*);
  response answer_options(const request&, const router::match&, answer_context) const;

  const api_options options_;
  concert_documents documents_;
  const access access_;
  const cors cors_;
  request_limits limits_;
  live_feed live_;
  seat_documents seat_maps_;
  const handler_context context_;
  const router routes_;
  trace_source traces_;
};

} // namespace boxoffice::http
