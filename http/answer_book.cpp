#include "http/answer_book.hpp"

namespace boxoffice::http {

answer_book::answer_book() {
  for (const auto add_routes :
       {add_wallet_answers, add_booking_answers, add_payment_answers, add_v1_wallet_answers,
        add_v1_catalogue_answers, add_v1_booking_answers})
    add_routes(*this);
}

domain::written_answer answer_book::write(const domain::request_key& key,
                                          const actors::outcome& what,
                                          const domain::catalogue& catalogue,
                                          domain::time_point now) const {
  const auto found = tellers_.find(key.route);
  if (found == tellers_.end()) throw std::logic_error("nobody writes answers to " + key.route);
  auto told = found->second(what, {catalogue, key.detail, now});
  domain::written_answer kept{told.status, std::move(told.body), {}};
  for (auto& [name, value] : told.headers)
    if (name == "Location") kept.location = std::move(value);
  return kept;
}

response kept_answer(const answer_context& context, const domain::written_answer& answer) {
  auto r = json_answer(context, answer.body);
  r.status = answer.status;
  if (!answer.location.empty()) r.headers.emplace_back("Location", answer.location);
  return r;
}

response replayed_answer(const answer_context& context, const domain::written_answer& answer) {
  auto r = kept_answer(context, answer);
  r.headers.emplace_back("Idempotency-Replayed", "true");
  return r;
}

} // namespace boxoffice::http
