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
  for (const auto& [id, asked] : tracing_)
    refuse_unavailable(std::visit([](const auto& m) { return m.request; }, asked));
}

domain::queue_rules queue_entity::rules_in_force() const {
  return domain::in_force(rules().queue, *queue_, admits_from());
}

domain::time_point queue_entity::admits_from() const {
  auto present = context().published.catalogue();
  if (present != catalogue_) {
    calendar_ = domain::sale_calendar(*present, queue_->concert());
    catalogue_ = std::move(present);
  }
  return calendar_.admits_from(now());
}

domain::token_view queue_entity::view_of(const domain::token& t) const {
  return domain::view(*queue_, rules_in_force(), t, now());
}

void queue_entity::advance() {
  auto facts = domain::advance(*queue_, rules_in_force(), now(), events_a_step);
  if (!facts.empty()) {
    for (const auto& e : facts) queue_->evolve(e);
    append(std::move(facts));
  }
  arm_timer();
}

void queue_entity::arm_timer() {
  const auto wake = domain::next_wake(*queue_, rules_in_force(), now());
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
  if (std::holds_alternative<unreadable_rows>(m.wallet))
    refuse_unavailable(asked.request);
  else if (std::holds_alternative<no_rows>(m.wallet))
    answer(asked.request, domain::unknown_user());
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
  auto facts = domain::decide_enter(*queue_, rules_in_force(), user, key, row,
                                    asked.command.priority, now());
  for (const auto& e : facts) queue_->evolve(e);
  auto token = view_of(*queue_->find(key));
  token.fresh = true;
  append(std::move(facts), {client_answer{asked.request, token}});
}

void queue_entity::on(admit_booking& m) {
  advance(); // a token whose time has just run out admits nobody
  if (const auto refusal = domain::check_admission(*queue_, rules_in_force(), m.command.token,
                                                   m.command.user, now()))
    return answer(m.request, *refusal);
  tell_when_durable(open_sale{{m.request, std::move(m.command), std::move(m.key)}});
}

void queue_entity::pass_on(asked<pay_booking>& m) {
  tell_when_durable(start_payment{{m.request, std::move(m.command), std::move(m.key)}});
}

void queue_entity::on(admit_payment& m) {
  auto& claim = m.command.claim;
  if (const auto* token = queue_->find(*claim.token)) {
    if (claim.user_of_token) claim.user = token->user;
    if (token->user != claim.user) return answer(m.request, domain::invalid_token());
    claim.token_concert = queue_->concert();
    return pass_on(m);
  }
  trace(m);
}

namespace {

domain::token_key token_of(const admit_payment& m) { return *m.command.claim.token; }
template <class Question>
domain::token_key token_of(const Question& m) {
  return m.command.token;
}

std::optional<domain::booking_id> paid_by(const admit_payment& m) { return m.command.booking; }
template <class Question>
std::optional<domain::booking_id> paid_by(const Question&) {
  return std::nullopt;
}

bool may_see(const move_in_line&, const domain::user_id&) { return true; } // the operator
template <class Question>
bool may_see(const Question& m, const domain::user_id& owner) {
  return !m.command.acting_for || *m.command.acting_for == owner;
}

// Alive, but in another queue, which can be asked only now that it is known.
template <class Question>
bool elsewhere(Question& m, const persistence::token_owner& owner) {
  if (owner.status == domain::token_status::expired || owner.concert == m.command.concert)
    return false;
  m.command.concert = owner.concert;
  return true;
}

domain::token_view dead(domain::token_key key, const persistence::token_owner& owner) {
  domain::token_view v;
  v.key = key;
  v.user = owner.user;
  v.status = domain::token_status::expired;
  v.issued_at = owner.issued_at;
  v.expires_at = owner.expires_at;
  v.concert = owner.concert;
  v.priority = owner.priority;
  v.admitted_at = owner.admitted_at;
  return v;
}

} // namespace

template <class Question>
void queue_entity::trace(Question& m) {
  const auto correlation = ++last_correlation_;
  exits().trace_token({token_of(m), queue_->concert(), correlation, paid_by(m)});
  tracing_.emplace(correlation, std::move(m));
}

template <class Question>
const domain::token* queue_entity::find_for(Question& m) {
  advance(); // what is told is true now
  const auto* token = queue_->find(token_of(m));
  if (token == nullptr) {
    trace(m);
  } else if (!may_see(m, token->user)) {
    answer(m.request, domain::not_yours());
    return nullptr;
  }
  return token;
}

void queue_entity::on(ask_of_token& m) {
  const auto* token = find_for(m);
  if (token == nullptr) return;
  queue_->polled(token->key, now());
  answer(m.request, view_of(*token));
}

void queue_entity::on(quit_line& m) {
  const auto* token = find_for(m);
  if (token == nullptr) return;
  auto last = view_of(*token);
  last.status = domain::token_status::expired;
  last.position = 0;
  last.expires_at = now();
  last.eta.reset();
  auto facts = domain::decide_release(*queue_, m.command.token, now());
  for (const auto& e : facts) queue_->evolve(e);
  append(std::move(facts), {client_answer{m.request, std::move(last)}});
  advance();
}

void queue_entity::on(move_in_line& m) {
  if (find_for(m) == nullptr) return;
  auto facts = domain::decide_priority(*queue_, m.command.token, m.command.priority, now());
  for (const auto& e : facts) queue_->evolve(e);
  const auto token = view_of(*queue_->find(m.command.token));
  if (facts.empty()) return answer(m.request, token);
  append(std::move(facts), {client_answer{m.request, token}});
  advance();
}

void queue_entity::on(watch_line& m) {
  advance();
  tokens_view all;
  for (const auto key : m.command.tokens) {
    const auto* token = queue_->find(key);
    if (token != nullptr) {
      queue_->polled(key, now());
      all.tokens.push_back(view_of(*queue_->find(key)));
    } else {
      auto& gone = all.tokens.emplace_back();
      gone.key = key;
      gone.status = domain::token_status::expired;
      gone.concert = queue_->concert();
    }
  }
  answer(m.request, std::move(all));
}

void queue_entity::on(survey_line& m) {
  advance();
  answer(m.request, domain::overview(*queue_, rules_in_force()));
}

void queue_entity::on(set_up_line& m) {
  advance();
  auto facts = domain::decide_configuration(*queue_, m.command.change, now());
  for (const auto& e : facts) queue_->evolve(e);
  const auto told = domain::overview(*queue_, rules_in_force());
  if (facts.empty()) return answer(m.request, told);
  append(std::move(facts), {client_answer{m.request, told}});
  advance();
}

void queue_entity::on(token_traced& m) {
  const auto open = tracing_.find(m.correlation);
  if (open == tracing_.end()) return;
  std::visit(
      [&](auto& asked) {
        constexpr bool pays = std::is_same_v<std::decay_t<decltype(asked)>, admit_payment>;
        if (std::holds_alternative<unreadable_rows>(m.owner))
          refuse_unavailable(asked.request);
        else if (const auto* owner = std::get_if<persistence::token_owner>(&m.owner))
          told(asked, *owner);
        else
          answer(asked.request, pays ? domain::invalid_token() : domain::unknown_token());
      },
      open->second);
  tracing_.erase(m.correlation);
}

void queue_entity::told(admit_payment& asked, const persistence::token_owner& owner) {
  auto& claim = asked.command.claim;
  if (claim.user_of_token) claim.user = owner.user;
  if (owner.user != claim.user) return answer(asked.request, domain::invalid_token());
  claim.token_concert = owner.concert;
  pass_on(asked);
}

template <class Question>
void queue_entity::told(Question& asked, const persistence::token_owner& owner) {
  if (!may_see(asked, owner.user)) return answer(asked.request, domain::not_yours());
  if (elsewhere(asked, owner)) return tell(std::move(asked));
  // Its end is this queue's, decided already, and on its way into the store: only then the store
  // can say how it went.
  if (owner.status != domain::token_status::expired) return tell_when_durable(std::move(asked));
  answer(asked.request, dead(asked.command.token, owner));
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

void queue_entity::on(asked_after_user& m) {
  advance(); // a token whose time has just run out is no reason to stay
  const bool joins = std::any_of(joining_.begin(), joining_.end(), [&m](const auto& joining) {
    return joining.second.command.user == m.user;
  });
  const bool in_use = joins || queue_->find_live(m.user) != nullptr;
  tell_when_durable(user_traced{m.user, m.correlation, in_use, false});
}

} // namespace boxoffice::actors
