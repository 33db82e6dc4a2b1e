// What those who follow one token are told: where it stands in its queue, and what became of it.
//
//   event: position   {"status":"WAITING","position":3,"etaSeconds":12}
//   event: admitted   {"status":"PROCESSING","position":0,"etaSeconds":0,"expiresAt":"…"}
//   event: expired    {"status":"EXPIRED","position":0,"etaSeconds":null}; the stream ends
//
// Each event is the whole truth, so a listener that was slow, or has come back, is told the latest
// and has missed nothing.
#pragma once

#include "actors/domain/queue.hpp"
#include "http/event_stream.hpp"
#include "http/message.hpp"
#include "http/open_streams.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace boxoffice::http {

// All public members: any thread.
class token_topic : public std::enable_shared_from_this<token_topic> {
public:
  token_topic(topic_id, std::string incarnation, domain::token_view now, domain::time_point);

  topic_id id() const { return id_; }
  domain::token_key token() const { return token_; }
  domain::concert_id concert() const { return concert_; }

  // Somebody who listens from now on. `client` is any number, another for each.
  std::unique_ptr<listener> join(std::uint64_t client, const std::shared_ptr<reply_sink>&,
                                 std::unique_ptr<open_streams::place>);

  // Takes notice of where the token stands now. Whether that is news. An expired token stays so.
  bool follow(const domain::token_view&, domain::time_point);

  std::set<std::shared_ptr<reply_sink>> where_to_announce() const;

private:
  class place;

  bool is_news(const domain::token_view&, domain::time_point) const;
  void tell(const domain::token_view&, domain::time_point);
  listener::told next_after(std::uint64_t& heard);

  const topic_id id_;
  const std::string incarnation_;
  const domain::token_key token_;
  const domain::concert_id concert_;

  mutable std::mutex mutex_;
  domain::token_view told_; // by the last event
  domain::time_point told_at_;
  std::uint64_t number_ = 0; // of the last event
  event_piece piece_;        // the last event
  std::set<std::shared_ptr<reply_sink>> sinks_;
};

} // namespace boxoffice::http
