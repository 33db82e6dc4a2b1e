#include "http/own_question.hpp"

#include <memory>
#include <utility>

namespace boxoffice::http {

namespace {

// Where the gateway brings answers: they are used at once.
class hatch final : public reply_sink {
public:
  void post(ticket, std::function<response()>&& render) override { render(); }
  void send(ticket, response&&) override {}
  void stream(ticket, stream_start&&) override {}
  void label(ticket, std::string&&, std::string&&) override {}
  void announce(std::vector<topic_id>&&) override {}
};

} // namespace

bool ask_for_ourselves(gateway& commands, backend& service, actors::command question, urgency how,
                       std::function<void(const actors::outcome&)> hear) {
  static const auto ours = std::make_shared<hatch>();
  return commands.submit(service, std::move(question), how, exchange(ours, {}),
                         [hear = std::move(hear)](const actors::outcome& what) {
                           hear(what);
                           return response();
                         });
}

} // namespace boxoffice::http
