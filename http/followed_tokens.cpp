#include "http/followed_tokens.hpp"

#include "http/own_question.hpp"

#include <algorithm>
#include <utility>

namespace boxoffice::http {

namespace {

// So that a queue is back at its clients' service soon.
constexpr std::size_t tokens_a_question = 256;
// An answer that did not come for this long is no longer waited for.
constexpr domain::duration longest_wait = std::chrono::seconds(5);

} // namespace

// Outlives its owner while a question is open.
struct followed_tokens::inbox {
  std::mutex mutex;
  std::function<void()> answered; // empty once the owner has gone
  std::vector<actors::tokens_view> answers;
  std::size_t open = 0; // questions
  std::uint64_t round = 0;
  domain::time_point give_up_at;

  void put(std::uint64_t of_round, const actors::outcome& what) {
    const std::lock_guard guard(mutex);
    if (of_round == round && open > 0) --open;
    const auto* seen = std::get_if<actors::tokens_view>(&what);
    if (!seen || !answered) return; // a refusal says nothing of the tokens
    answers.push_back(*seen);
    answered();
  }
};

followed_tokens::followed_tokens(std::string incarnation, backend& service, gateway& commands,
                                 std::function<void()> answered)
    : incarnation_(std::move(incarnation)),
      service_(service),
      commands_(commands),
      inbox_(std::make_shared<inbox>()) {
  inbox_->answered = std::move(answered);
}

followed_tokens::~followed_tokens() {
  const std::lock_guard guard(inbox_->mutex);
  inbox_->answered = nullptr;
}

std::shared_ptr<token_topic> followed_tokens::topic_of(const domain::token_view& now,
                                                       topic_id fresh) {
  const std::lock_guard guard(mutex_);
  auto& known = topics_[now.key];
  auto topic = known.lock();
  if (topic) return topic;
  topic = std::make_shared<token_topic>(fresh, incarnation_, now, service_.now());
  known = topic;
  return topic;
}

void followed_tokens::ask() {
  std::map<domain::concert_id, std::vector<domain::token_key>> by_queue;
  {
    const std::lock_guard guard(mutex_);
    for (auto i = topics_.begin(); i != topics_.end();) {
      const auto topic = i->second.lock();
      if (topic) by_queue[topic->concert()].push_back(i->first);
      i = topic ? std::next(i) : topics_.erase(i);
    }
  }
  if (by_queue.empty()) return;
  {
    const std::lock_guard guard(inbox_->mutex);
    if (inbox_->open > 0 && service_.now() < inbox_->give_up_at) return;
    inbox_->open = 0;
    ++inbox_->round;
    inbox_->give_up_at = service_.now() + longest_wait;
  }
  for (const auto& [concert, tokens] : by_queue)
    for (std::size_t done = 0; done < tokens.size(); done += tokens_a_question) {
      const auto begin = tokens.begin() + static_cast<std::ptrdiff_t>(done);
      const auto count = std::min(tokens_a_question, tokens.size() - done);
      ask_queue(concert, {begin, begin + static_cast<std::ptrdiff_t>(count)});
    }
}

void followed_tokens::ask_queue(domain::concert_id concert, std::vector<domain::token_key> tokens) {
  std::uint64_t round = 0;
  {
    const std::lock_guard guard(inbox_->mutex);
    ++inbox_->open;
    round = inbox_->round;
  }
  auto hear = [box = inbox_, round](const actors::outcome& what) { box->put(round, what); };
  if (ask_for_ourselves(commands_, service_, actors::watch_tokens{concert, std::move(tokens)},
                        urgency::poll, std::move(hear)))
    return;
  // Too much is under way; the next time, perhaps.
  const std::lock_guard guard(inbox_->mutex);
  if (inbox_->open > 0) --inbox_->open;
}

std::vector<std::shared_ptr<token_topic>> followed_tokens::take_in() {
  std::vector<actors::tokens_view> answers;
  {
    const std::lock_guard guard(inbox_->mutex);
    answers.swap(inbox_->answers);
  }
  std::vector<std::shared_ptr<token_topic>> news;
  const auto now = service_.now();
  for (const auto& seen : answers)
    for (const auto& view : seen.tokens)
      if (auto topic = find(view.key); topic && topic->follow(view, now))
        news.push_back(std::move(topic));
  return news;
}

std::shared_ptr<token_topic> followed_tokens::find(domain::token_key key) {
  const std::lock_guard guard(mutex_);
  const auto found = topics_.find(key);
  return found == topics_.end() ? nullptr : found->second.lock();
}

} // namespace boxoffice::http
