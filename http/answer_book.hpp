// How the answer to each keyed route is written, whoever waits for it: the call's own worker, or,
// when the answer is to be kept, the entity that decided it, perhaps after a restart.
#pragma once

#include "actors/environment.hpp"
#include "http/answer.hpp"
#include "http/message.hpp"

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace boxoffice::http {

// What an answer may tell beside the outcome.
struct telling {
  const domain::catalogue& catalogue;
  const std::string& detail; // of the request, as given to read_request_key
  domain::time_point now;
};

// Makes a success's answer. Any thread; must not look at anything but its arguments.
template <class View>
using teller = response (*)(const answer_context&, const View&, const telling&);

class answer_book final : public actors::answer_writer {
public:
  answer_book(); // holds all routes that take a key

  // `route`: "POST /mock/balance", method and pattern.
  template <class View>
  void add(std::string route, teller<View> tell) {
    tellers_[std::move(route)] = [tell](const actors::outcome& what, const telling& t) {
      const auto* view = std::get_if<View>(&what);
      if (!view) throw std::logic_error("the service answered another question");
      return tell({}, *view, t);
    };
  }

  domain::written_answer write(const domain::request_key&, const actors::outcome&,
                               const domain::catalogue&, domain::time_point now) const override;

private:
  std::map<std::string, std::function<response(const actors::outcome&, const telling&)>> tellers_;
};

// The routes, by the file that answers them.
void add_wallet_answers(answer_book&);       // wallet_handler.cpp
void add_booking_answers(answer_book&);      // booking_handler.cpp
void add_payment_answers(answer_book&);      // payment_handler.cpp
void add_v1_wallet_answers(answer_book&);    // v1_wallet_handler.cpp
void add_v1_catalogue_answers(answer_book&); // v1_catalogue_handler.cpp
void add_v1_booking_answers(answer_book&);   // v1_booking_handler.cpp

// An answer that was written before, first or again.
response kept_answer(const answer_context&, const domain::written_answer&);
response replayed_answer(const answer_context&, const domain::written_answer&);

} // namespace boxoffice::http
