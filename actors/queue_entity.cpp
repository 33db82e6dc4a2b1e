#include "actors/queue_entity.hpp"

#include <algorithm>

namespace boxoffice::actors {

using domain::events;

namespace {

// What one message may lead to at most: a queue of 100,000 moves in steps that let others in.
constexpr std::size_t events_a_step = 256;

} // namespace

bool queue_entity::busy() const {
  return queue_->waiting() > 0 || queue_->processing() > 0 || !joining_.empty() ||
         !tracing_.empty();
}

void queue_entity::abandon() {
  for (const auto& [id, m] : joining_) refuse_unavailable(m.request);
  for (const auto& [id, m] : tracing_) refuse_unavailable(m.request);
}

domain::token_view queue_entity::view_of(const domain::token& t) const {
  return domain::view(*queue_, rules().queue, t);
}

void queue_entity::advance() {
  auto facts = domain::advance(*queue_, rules().queue, now(), events_a_step);
  if (!facts.empty()) {
    for (const auto& e : facts) queue_->evolve(e);
    append(std::move(facts));
  }
  arm_timer();
}

void queue_entity::arm_timer() {
  const auto wake = domain::next_wake(*queue_, rules().queue, now());
  if (!wake || (armed_for_ && *armed_for_ <= *wake)) return;
  armed_for_ = *wake;
  exits().wake_after(std::max(*wake - now(), domain::duration(0)));
}

void queue_entity::on_timer() {
  if (armed_for_ && now() < *armed_for_) return; // overtaken by one that came earlier
  armed_for_.reset();
  advance();
}

void queue_entity::on(join_queue& m) {
  advance(); // what is told is true now, should a timer be late
  if (const auto* token = queue_->find_live(m.command.user)) {
    queue_->polled(token->key, now());
    return answer(m.request, view_of(*token));
  }
  const auto correlation = ++last_correlation_;
  tell(describe_owner{m.command.user, ref(queue_->concert()), correlation});
  joining_.emplace(correlation, std::move(m));
}

void queue_entity::on(owner_described& m) {
  const auto open = joining_.find(m.correlation);
  if (open == joining_.end()) return;
  auto& asked = open->second;
  if (m.unreadable)
    refuse_unavailable(asked.request);
  else if (!m.wallet)
    answer(asked.request,
           domain::reject(domain::error_code::user_not_found, "There is no such user."));
  else
    let_in(asked);
  joining_.erase(m.correlation);
  advance();
}

void queue_entity::let_in(join_queue& asked) {
  const auto& user = asked.command.user;
  advance();
  // The same user may have asked twice at once: the second finds the first one's token.
  if (queue_->find_live(user) != nullptr) return on(asked);

  const auto key = domain::make_token_key(context().random.next(), context().random.next());
  const auto row = context().ids.next<domain::token_id>(domain::id_kind::token);
  auto facts =
      domain::decide_enter(*queue_, rules().queue, user, key, row, asked.command.priority, now());
  for (const auto& e : facts) queue_->evolve(e);
  const auto token = view_of(*queue_->find(key));
  append(std::move(facts), {client_answer{asked.request, token}});
}

void queue_entity::on(admit_booking& m) {
  advance(); // a token whose time has just run out admits nobody
  if (const auto refusal =
          domain::check_admission(*queue_, rules().queue, m.command.token, m.command.user, now()))
    return answer(m.request, *refusal);
  tell_when_durable(open_sale{{m.request, std::move(m.command)}});
}

void queue_entity::pass_on(asked<pay_booking>& m) {
  tell_when_durable(start_payment{{m.request, std::move(m.command)}});
}

void queue_entity::on(admit_payment& m) {
  auto& claim = m.command.claim;
  if (const auto* token = queue_->find(*claim.token)) {
    if (token->user != claim.user) return answer(m.request, domain::invalid_token());
    claim.token_concert = queue_->concert();
    return pass_on(m);
  }
  // Expired long ago, perhaps; the store remembers every token ever issued.
  const auto correlation = ++last_correlation_;
  exits().trace_token(*claim.token, queue_->concert(), correlation);
  tracing_.emplace(correlation, std::move(m));
}

void queue_entity::on(token_traced& m) {
  const auto open = tracing_.find(m.correlation);
  if (open == tracing_.end()) return;
  auto& asked = open->second;
  auto& claim = asked.command.claim;
  if (!m.owner || m.owner->user != claim.user) {
    answer(asked.request, domain::invalid_token());
  } else {
    claim.token_concert = m.owner->concert;
    pass_on(asked);
  }
  tracing_.erase(m.correlation);
}

void queue_entity::on(release_tokens& m) {
  events facts;
  for (const auto& key : m.tokens)
    for (auto& e : domain::decide_release(*queue_, key, now())) {
      queue_->evolve(e);
      facts.push_back(std::move(e));
    }
  const tokens_released word{m.booking};
  if (facts.empty()) return tell_when_durable(word);
  append(std::move(facts), {letter(word)});
  advance();
}

} // namespace boxoffice::actors
