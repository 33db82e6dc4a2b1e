#include "http/token_topic.hpp"

#include "http/event_text.hpp"
#include "http/json_writer.hpp"
#include "http/mock_documents.hpp"
#include "http/v1_documents.hpp"

#include <algorithm>
#include <utility>

namespace boxoffice::http {

namespace {

using domain::token_status;
using std::chrono::seconds;

const char* name_of(token_status status) {
  switch (status) {
  case token_status::waiting: return "position";
  case token_status::processing: return "admitted";
  case token_status::expired: return "expired";
  }
  return "?";
}

std::string text_of(const domain::token_view& view, std::string_view id) {
  std::string data;
  json_writer out(data);
  out.begin_object();
  out.key("status");
  out.string(domain::to_string(view.status));
  out.key("position");
  out.integer(static_cast<std::int64_t>(view.position));
  out.key("etaSeconds");
  if (view.eta)
    out.integer(view.eta->count());
  else
    write_null(out);
  if (view.status == token_status::processing) {
    out.key("expiresAt");
    write_time(out, view.expires_at);
  }
  out.end_object();
  return event_text(name_of(view.status), id, data);
}

} // namespace

class token_topic::place final : public listener {
public:
  place(std::shared_ptr<token_topic> topic, std::uint64_t client,
        std::unique_ptr<open_streams::place> among_all)
      : topic_(std::move(topic)), among_all_(std::move(among_all)), client_(client) {}

  told next() override {
    if (std::exchange(greeted_, true)) return topic_->next_after(heard_);
    return {retry_piece(client_), false};
  }

private:
  const std::shared_ptr<token_topic> topic_; // which lives as long as somebody listens
  const std::unique_ptr<open_streams::place> among_all_;
  const std::uint64_t client_;
  std::uint64_t heard_ = 0;
  bool greeted_ = false;
};

token_topic::token_topic(topic_id id, std::string incarnation, domain::token_view now,
                         domain::time_point at)
    : id_(id), incarnation_(std::move(incarnation)), token_(now.key), concert_(now.concert) {
  tell(now, at);
}

std::unique_ptr<listener> token_topic::join(std::uint64_t client,
                                            const std::shared_ptr<reply_sink>& sink,
                                            std::unique_ptr<open_streams::place> among_all) {
  const std::lock_guard guard(mutex_);
  sinks_.insert(sink);
  return std::make_unique<place>(shared_from_this(), client, std::move(among_all));
}

bool token_topic::follow(const domain::token_view& view, domain::time_point now) {
  const std::lock_guard guard(mutex_);
  if (!is_news(view, now)) return false;
  tell(view, now);
  return true;
}

// Not each tick of the estimate, which a client can count down by itself: only when it turns out
// to have been wrong.
bool token_topic::is_news(const domain::token_view& view, domain::time_point now) const {
  if (told_.status == token_status::expired) return false;
  if (view.status != told_.status || view.position != told_.position) return true;
  if (view.status != token_status::waiting) return view.expires_at != told_.expires_at;
  if (view.eta.has_value() != told_.eta.has_value()) return true;
  if (!view.eta) return false;
  const auto expected = *told_.eta - std::chrono::floor<seconds>(now - told_at_);
  const auto error = *view.eta > expected ? *view.eta - expected : expected - *view.eta;
  return error > std::max(seconds(5), *view.eta / 5);
}

void token_topic::tell(const domain::token_view& view, domain::time_point now) {
  ++number_;
  piece_ = event_piece(text_of(view, incarnation_ + '-' + std::to_string(number_)));
  told_ = view;
  told_at_ = now;
}

listener::told token_topic::next_after(std::uint64_t& heard) {
  const std::lock_guard guard(mutex_);
  const bool over = told_.status == token_status::expired;
  if (heard == number_) return {{}, over};
  heard = number_;
  return {piece_, over};
}

std::set<std::shared_ptr<reply_sink>> token_topic::where_to_announce() const {
  const std::lock_guard guard(mutex_);
  return sinks_;
}

} // namespace boxoffice::http
