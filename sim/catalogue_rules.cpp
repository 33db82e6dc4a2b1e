// Judges what operators are told of concerts and performances that they put on offer.
#include "sim/answer_rules.hpp"
#include "sim/refusal_rules.hpp"

#include <algorithm>

namespace boxoffice::sim {

void judgement::operator()(const actors::create_concert& wanted) const {
  const auto& told = view<domain::concert>();
  const auto* queue = found_in(b.queues, told.id);
  require(queue != nullptr && queue->since > r.since, invariant::durable_first, r, " is told of ",
          told.id, ", which has not become durable since it asked");
  require(told.title == wanted.title && queue->what.title == wanted.title, invariant::true_answer,
          r, " is told of ", told.id, " with another title");
  b.reached.reached("answer: concert created");
}

void judgement::operator()(const actors::create_option& c) const {
  const auto& told = view<actors::option_view>();
  auto* option = b.find_option(told.what.id);
  require(option != nullptr && option->since > r.since, invariant::durable_first, r, " is told of ",
          told.what.id, ", which was not published since it asked");
  require(!std::exchange(option->told, true), invariant::told_once, r, " is told of ", told.what.id,
          ", and so was another");
  const auto& wanted = c.wanted;
  const auto& what = option->what;
  const bool as_wanted =
      what.concert == wanted.concert && what.starts_at == wanted.starts_at &&
      what.sales_open_at == wanted.sales_open_at.value_or(what.sales_open_at) &&
      what.sales_close_at == wanted.sales_close_at.value_or(wanted.starts_at) &&
      std::equal(what.sections.begin(), what.sections.end(), wanted.sections.begin(),
                 wanted.sections.end(), [](const auto& is, const auto& should_be) {
                   return is.name == should_be.name && is.seats == should_be.seats &&
                          is.price == should_be.price;
                 });
  require(as_wanted && told.what.sections == what.sections &&
              told.what.starts_at == what.starts_at &&
              told.what.sales_open_at == what.sales_open_at,
          invariant::true_answer, r, " is told of ", what.id, ", which is not what it asked for");
  b.reached.reached("answer: option created");
}

void refusal_judgement::operator()(const actors::create_concert&) const { not_for_this(); }

void refusal_judgement::operator()(const actors::create_option& c) const {
  note_in_vain(b, r);
  if (said.code == domain::error_code::concert_not_found)
    return require_true(was_missing(b.find_queue(c.wanted.concert)), c.wanted.concert,
                        " was there when it asked");
  if (said.code != domain::error_code::invalid_request) not_for_this();
  // Its faults may have come with time: a performance that has begun by now.
  require_true(domain::refused(domain::plan_option(c.wanted, now)) != nullptr,
               "nothing is wrong with it");
}

} // namespace boxoffice::sim
