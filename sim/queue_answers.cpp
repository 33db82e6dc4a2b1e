// Judges what is told of queues and of tokens.
#include "sim/answer_rules.hpp"

namespace boxoffice::sim {

using domain::token_status;
using domain::token_view;

// What is true of every token that is told of.
token_book& judgement::judge_token(const token_view& v) const {
  auto* token = b.find_token(v.key);
  require(token != nullptr, invariant::durable_first, r, " is told of ", v.key,
          ", whose issue is not durable");
  const auto& t = token->what;
  require(v.user == t.user && v.concert == token->concert, invariant::true_answer, r,
          " is told that ", v.key, " is ", v.user, "'s for ", v.concert, "; it is ", t.user,
          "'s for ", token->concert);
  require(v.issued_at == t.issued_at, invariant::true_answer, r, " is told that ", v.key,
          " was issued at ", v.issued_at, "; it was at ", t.issued_at);
  require(token->priorities.was(r.since, v.priority), invariant::true_answer, r, " is told that ",
          v.key, " goes by priority ", v.priority, "; it goes by ", t.priority);
  require((v.status == token_status::waiting) == (v.position != 0), invariant::true_answer, r,
          " is told that ", v.key, " is ", v.status, " at position ", v.position);
  if (v.status == token_status::waiting)
    judge_waiting(v, *token);
  else if (v.status == token_status::processing)
    judge_admitted(v, *token);
  else
    judge_dead(v, *token);
  return *token;
}

void judgement::operator()(const actors::enter_queue& c) const {
  const auto& v = view<token_view>();
  auto& token = judge_token(v);
  require(token.what.user == c.user && token.concert == c.concert, invariant::true_answer, r,
          " is given ", v.key, ", which is ", token.what.user, "'s for ", token.concert);
  require(v.status != token_status::expired, invariant::true_answer, r, " is given the dead ",
          v.key);
  if (token.issued > r.since && !token.told)
    token.told = true;
  else
    note_in_vain(b, r);
}

void judgement::judge_waiting(const token_view& v, token_book& token) const {
  require(token.states.was(r.since, token_status::waiting), invariant::true_answer, r,
          " is told that ", v.key,
          " waits, which it durably did at no moment since it asked; it is ", token.states.now());
  require(had_place(b.queues.at(token.concert), token, r.since, v.position), invariant::place_kept,
          r, " is told that ", v.key, " is at position ", v.position,
          ", where it durably was at no moment since it asked");
  const auto polled = v.expires_at - b.rules.queue.abandon_after;
  // An operator who moves it does not ask for it in its user's stead.
  const bool polls = !std::holds_alternative<actors::prioritize_token>(r.command);
  require(polls ? within(polled) : polled >= token.what.issued_at && polled <= now,
          invariant::token_life, r, " is told that ", v.key, " expires at ", v.expires_at,
          ", as if it had last been asked for at ", polled);
  require(!token.abandoned_at || *token.abandoned_at >= v.expires_at, invariant::token_life, r,
          " is told that ", v.key, " lives until ", v.expires_at,
          " unless it is asked for; it was "
          "dropped at ",
          token.abandoned_at.value_or(v.expires_at));
  judge_room(v, b.queues.at(token.concert));
  token.what.last_polled = std::max(token.what.last_polled, polled);
  b.reached.reached("answer: token WAITING");
}

// Who asks has the queue admit all it can. So nobody waits if there was room all the time: with so
// few admitted, and none of them so lately, that the rate held nobody back.
void judgement::judge_room(const token_view& v, const queue_book& q) const {
  const auto rules = b.rules_of(q);
  // Nobody is let in, or was not for some of that time; or the operator has just said otherwise.
  if (rules.paused || !b.sells(q.what.id, r.at).value_or(false)) return;
  if (q.set.ever(r.since, [&](const auto& set) { return !(set == q.set.now()); })) return;
  if (!q.admissions.empty() && q.admissions.back() > r.at) return;
  if (sale_books::recent_admissions(q, r.at) >= rules.admit_per_second) return;
  const bool was_full = q.processing_then.ever(
      r.since, [&](std::size_t admitted) { return admitted >= rules.active_limit; });
  require(was_full, invariant::room_is_used, r, " is told that ", v.key,
          " waits, though never more than ", q.processing, " of ", rules.active_limit,
          " were admitted since it asked, and none in that time");
}

void judgement::judge_admitted(const token_view& v, const token_book& token) const {
  require(token.was_admitted, invariant::durable_first, r, " is told that ", v.key,
          " is admitted, which is not durable");
  require(token.states.was(r.since, token_status::processing), invariant::true_answer, r,
          " is told that ", v.key, " is admitted, but its end was durable before it asked");
  require(v.expires_at == token.what.expires_at, invariant::token_life, r, " is told that ", v.key,
          " lasts until ", v.expires_at, "; it lasts until ", token.what.expires_at);
  // Who asks has the queue look at the clock, unless it has too much to do.
  constexpr std::size_t done_at_once = 256;
  require(v.expires_at > r.at || b.users.size() > done_at_once, invariant::token_life, r,
          " is told that ", v.key, " is admitted, but its time was out at ", v.expires_at);
  b.reached.reached("answer: token PROCESSING");
}

void judgement::judge_dead(const token_view& v, const token_book& token) const {
  require(token.states.now() == token_status::expired, invariant::durable_first, r,
          " is told that ", v.key, " is EXPIRED, which is not durable: it is ", token.states.now());
  require(token.forgotten_since == 0 || token.forgotten_since > r.since, invariant::true_answer, r,
          " is told of ", v.key, ", which was forgotten before it asked");
  require(!v.eta && v.admitted_at.has_value() == token.was_admitted, invariant::true_answer, r,
          " is told that the dead ", v.key, token.was_admitted ? " never" : " once",
          " was admitted, or when it will be");
  b.reached.reached("answer: token EXPIRED");
}

void judgement::operator()(const actors::read_token& c) const {
  const auto& v = view<token_view>();
  const auto& token = judge_token(v);
  require(v.key == c.token && (!c.acting_for || *c.acting_for == token.what.user),
          invariant::true_answer, r, " is told of ", v.key, " of ", token.what.user);
}

void judgement::operator()(const actors::leave_queue& c) const {
  const auto& v = view<token_view>();
  const auto& token = judge_token(v);
  require(v.key == c.token && v.status == token_status::expired &&
              (!c.acting_for || *c.acting_for == token.what.user),
          invariant::true_answer, r, " is told that ", v.key, " of ", token.what.user, " is ",
          v.status);
  b.reached.reached("answer: token left");
}

void judgement::operator()(const actors::prioritize_token& c) const {
  const auto& v = view<token_view>();
  judge_token(v);
  const bool moved = v.priority == c.priority || v.status == token_status::expired;
  require(v.key == c.token && moved, invariant::true_answer, r, " is told that ", v.key,
          " goes by priority ", v.priority);
  b.reached.reached("answer: token prioritized");
}

void judgement::operator()(const actors::watch_tokens& c) const {
  const auto& all = view<actors::tokens_view>().tokens;
  require(all.size() == c.tokens.size(), invariant::true_answer, r, " is told of ", all.size(),
          " tokens");
  for (std::size_t i = 0; i < all.size(); ++i) {
    require(all[i].key == c.tokens[i], invariant::true_answer, r, " is told of ", all[i].key,
            " for ", c.tokens[i]);
    if (all[i].status != token_status::expired) {
      judge_token(all[i]);
      continue;
    }
    // It may be of another queue, or of none: this one holds it not.
    const auto* token = b.find_token(c.tokens[i]);
    require(token == nullptr || token->concert != c.concert ||
                token->states.now() == token_status::expired || token->issued > r.since,
            invariant::durable_first, r, " is told that ", c.tokens[i], " is gone");
  }
  b.reached.reached("answer: tokens watched");
}

void judgement::judge_line(const domain::queue_view& v, domain::concert_id concert) const {
  const auto* q = b.find_queue(concert);
  require(q != nullptr && v.concert == concert, invariant::true_answer, r,
          " is told of the queue of ", v.concert);
  const auto& settings = b.rules.queue;
  require(q->set.ever(r.since,
                      [&](const domain::queue_override& set) {
                        return v.paused == set.paused &&
                               v.active_limit == set.active_limit.value_or(settings.active_limit) &&
                               v.admit_per_second ==
                                   set.admit_per_second.value_or(settings.admit_per_second);
                      }),
          invariant::true_answer, r, " is told of a limit of ", v.active_limit, ", a rate of ",
          v.admit_per_second, v.paused ? ", paused" : "", ", which held for ", concert,
          " at no moment since it asked");
  require(q->processing_then.was(r.since, v.processing) && q->waiting_then.was(r.since, v.waiting),
          invariant::true_answer, r, " is told that ", v.waiting, " wait and ", v.processing,
          " are admitted for ", concert, ", which was so at no moment since it asked");
}

void judgement::operator()(const actors::read_queue& c) const {
  judge_line(view<domain::queue_view>(), c.concert);
  b.reached.reached("answer: queue");
}

void judgement::operator()(const actors::configure_queue& c) const {
  const auto& v = view<domain::queue_view>();
  judge_line(v, c.concert);
  const auto& settings = b.rules.queue;
  const auto& wanted = c.change;
  require((!wanted.paused || v.paused == *wanted.paused) &&
              (!wanted.active_limit ||
               v.active_limit == wanted.active_limit->value_or(settings.active_limit)) &&
              (!wanted.admit_per_second ||
               v.admit_per_second == wanted.admit_per_second->value_or(settings.admit_per_second)),
          invariant::true_answer, r, " is told of a limit of ", v.active_limit, ", a rate of ",
          v.admit_per_second, v.paused ? ", paused" : "");
  b.reached.reached("answer: queue configured");
}

} // namespace boxoffice::sim
