#include "actors/catalogue_entity.hpp"

#include "actors/domain/demo.hpp"

namespace boxoffice::actors {

catalogue_entity::catalogue_entity(option_drafts drafts, node& n, entity_exits& exits)
    : letter_handler({entity_kind::catalogue, 0}, n, exits) {
  for (auto& draft : drafts) works_.push_back({std::move(draft), true, std::nullopt, nullptr});
}

void catalogue_entity::abandon() {
  for (const auto request : waiting_) refuse_unavailable(request);
  for (const auto& w : works_)
    if (w.client) refuse_unavailable(*w.client);
}

void catalogue_entity::on(stock_demo& m) {
  if (durable())
    stock(m.request);
  else
    waiting_.push_back(m.request);
}

void catalogue_entity::on_durable() {
  // One that changes something makes the rest wait again.
  while (durable() && !waiting_.empty()) {
    stock(waiting_.front());
    waiting_.erase(waiting_.begin());
  }
  if (step_under_way_ && durable()) rest();
  lay_next();
}

void catalogue_entity::rest() {
  step_under_way_ = false;
  resting_ = true;
  exits().wake_after(rules().catalogue.pause_between_steps);
}

void catalogue_entity::on_timer() {
  resting_ = false;
  lay_next();
}

void catalogue_entity::stock(request_id request) {
  const auto present = context().published.catalogue();
  const bool empty = context().published.empty();
  auto plan = domain::plan_demo(*present, empty, context().ids, now());
  if (plan.empty()) return answer(request, done{});
  append(std::move(plan), {client_answer{request, done{}}});
}

void catalogue_entity::on(add_concert& m) {
  if (answered_before(m.request, m.key)) return;
  domain::concert what;
  what.id = context().ids.next<domain::concert_id>(domain::id_kind::concert);
  what.title = std::move(m.command.title);
  what.created_at = now();
  domain::events facts{domain::concert_created{what},
                       domain::operator_acted{"concert.create",
                                              "concert " + std::to_string(what.id.value),
                                              std::nullopt, what.created_at}};
  auto told = conclude(m.request, m.key, std::move(what), facts);
  append(std::move(facts), {std::move(told)});
}

void catalogue_entity::on(add_option& m) {
  if (answered_before(m.request, m.key)) return;
  const auto& wanted = m.command.wanted;
  if (context().published.catalogue()->concerts.count(wanted.concert) == 0)
    return answer(m.request, domain::unknown_concert());
  auto plan = domain::plan_option(wanted, now());
  if (const auto* refusal = domain::refused(plan)) return answer(m.request, *refusal);
  work w;
  w.draft.what = std::get<domain::concert_option>(std::move(plan));
  domain::number_option(w.draft.what, context().ids);
  w.client = m.request;
  if (m.key) {
    // By the detail the request is found again when a crash cuts the work short.
    auto key = std::make_shared<domain::request_key>(*m.key);
    key->detail = std::to_string(w.draft.what.id.value);
    kept().begin(*key);
    w.key = std::move(key);
  }
  works_.push_back(std::move(w));
  lay_next();
}

void catalogue_entity::start() {
  for (auto& w : works_)
    if (auto key = kept().under_way(std::to_string(w.draft.what.id.value)))
      w.key = std::make_shared<const domain::request_key>(*std::move(key));
  lay_next();
}

void catalogue_entity::lay_next() {
  if (works_.empty() || !durable() || resting_) return;
  step_under_way_ = true;
  auto& w = works_.front();
  domain::events facts;
  const bool begins = !w.drafted;
  if (begins) facts.push_back(domain::option_drafted{w.draft.what});
  w.drafted = true;
  for (auto& e : domain::lay_seats(w.draft, rules().catalogue)) {
    if (const auto* laid = std::get_if<domain::seats_laid>(&e)) domain::evolve(w.draft, *laid);
    facts.push_back(std::move(e));
  }
  if (w.draft.complete()) {
    finish(w, std::move(facts));
    works_.pop_front();
    return;
  }
  if (begins && w.key) facts.push_back(domain::request_begun{*w.key, {}, now()});
  append(std::move(facts));
}

// With the last step the performance is on offer.
void catalogue_entity::finish(work& w, domain::events facts) {
  const auto& what = w.draft.what;
  facts.push_back(domain::operator_acted{"option.create", "option " + std::to_string(what.id.value),
                                         std::nullopt, now()});
  std::vector<release> releases;
  releases.push_back(letter(sale_announced{what.concert}));
  auto told = conclude(w.client.value_or(0), w.key, option_view{what, now()}, facts);
  if (w.client) releases.push_back(std::move(told));
  append(std::move(facts), std::move(releases));
}

} // namespace boxoffice::actors
