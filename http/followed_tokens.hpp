// The queue tokens that somebody follows, and the questions about them.
//
// One question asks a queue about many tokens at once, and is not repeated while it is unanswered:
// what following costs a queue does not grow with how often news is gathered. To be asked about
// counts as a poll, so a followed token is never abandoned.
#pragma once

#include "http/backend.hpp"
#include "http/gateway.hpp"
#include "http/token_topic.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace boxoffice::http {

class followed_tokens {
public:
  // `answered` is called on a thread of the service's whenever something is there to take in; it
  // must neither block nor throw. The references must outlive this.
  followed_tokens(std::string incarnation, backend&, gateway&, std::function<void()> answered);
  ~followed_tokens();

  // The topic of a live token, which stands as `now` says. `fresh` is the number of a new topic.
  std::shared_ptr<token_topic> topic_of(const domain::token_view& now, topic_id fresh);

  // Asks the queues about all tokens that are followed.
  void ask();
  // Takes in what was answered since the last call. The topics with news.
  std::vector<std::shared_ptr<token_topic>> take_in();

private:
  struct inbox;

  void ask_queue(domain::concert_id, std::vector<domain::token_key>);
  std::shared_ptr<token_topic> find(domain::token_key);

  const std::string incarnation_;
  backend& service_;
  gateway& commands_;
  const std::shared_ptr<inbox> inbox_;

  std::mutex mutex_;
  std::map<domain::token_key, std::weak_ptr<token_topic>> topics_; // alive while listened to
};

} // namespace boxoffice::http
