#include "rush/visitor.hpp"

#include <algorithm>
#include <utility>

namespace boxoffice::rush {
namespace {

using namespace std::chrono_literals;

constexpr int most_repeats = 3;        // of a request that wasn't answered, or only with "later"
constexpr std::size_t seen_seats = 32; // of the map, among which one chooses

bool is_transient(const answer& told) {
  return told.lost() || told.status == 503 || told.status == 429 ||
         told.code == "REQUEST_IN_PROGRESS";
}

bool changes(step s) { return s == step::book || s == step::charge || s == step::pay; }

} // namespace

visitor::visitor(const sale& where, std::string user, habits ways, std::uint64_t seed,
                 std::int64_t money)
    : sale_(where), ways_(ways), chance_(seed), balance_(money) {
  told_.user = std::move(user);
  told_.charged = money;
  told_.did_anything = money > 0;
}

std::optional<act> visitor::begin() {
  tries_ = 0;
  return act{make(step::enter, "POST",
                  "/v1/concerts/" + std::to_string(sale_.concert) + "/queue/tokens",
                  R"({"userId":")" + told_.user + R"("})"),
             0ms};
}

request visitor::make(step what, std::string method, std::string target, std::string body) const {
  request r;
  r.what = what, r.method = std::move(method), r.target = std::move(target);
  r.body = std::move(body);
  return r;
}

request visitor::poll() const { return make(step::poll, "GET", "/v1/queue/tokens/" + token_); }

act visitor::ask(request what) {
  const auto thought = ways_.bot ? 0ms : chance_.between(ways_.least_thought, ways_.most_thought);
  return {std::move(what), thought};
}

std::string visitor::fresh_key() { return told_.user + "-" + std::to_string(++keys_); }

bool visitor::expects(const request& asked, const answer& told) const {
  if (told.lost()) return false;
  if (told.code == "REQUEST_IN_PROGRESS") return repeats_ > 0;
  // Whoever took longer than an admission lasts, or paid with it elsewhere, is out.
  const bool not_admitted =
      told.code == "QUEUE_TOKEN_WAITING" || told.code == "QUEUE_TOKEN_INVALID";
  switch (asked.what) {
  case step::book:
    return told.good() || told.code == "SEAT_ALREADY_RESERVED" || told.code == "SEAT_LIMIT" ||
           not_admitted;
  case step::pay: return told.good() || told.code == "BOOKING_EXPIRED";
  case step::leave:
    return told.good() || told.code == "BOOKING_NOT_PENDING" || told.code == "BOOKING_EXPIRED";
  case step::bad: return told.status >= 400 && told.status <= 404;
  default: return told.good();
  }
}

std::optional<act> visitor::hear(const request& asked, const answer& told) {
  if (changes(asked.what)) told_.did_anything = true;
  if (is_transient(told)) return again(asked, told);
  repeats_ = 0;
  unanswered_.reset();
  const bool good = told.good();
  switch (asked.what) {
  case step::enter: return good ? after_enter(told) : end();
  case step::poll: {
    const auto place = good ? read_token(told.body) : std::nullopt;
    return place ? wait_or_look(*place, told) : end();
  }
  case step::dates:
    if (!good) return end();
    return has_free_date(told.body, sale_.option) ? look_for_seats() : nothing_free();
  case step::seats: return good ? after_seats(told) : end();
  case step::bad: return choose();
  case step::book: return after_booking(told);
  case step::charge:
    if (!good) return end();
    told_.charged += told_.bookings.back().what.amount - balance_;
    balance_ = told_.bookings.back().what.amount;
    return pay();
  case step::pay: return good ? after_payment(told) : end();
  case step::leave:
    if (good && !told_.bookings.empty() && told_.bookings.back().state == told_state::held &&
        asked.target.find("/bookings/") != asked.target.npos)
      told_.bookings.back().state = told_state::given_up;
    return end();
  case step::errand: break;
  }
  return end();
}

// "Ask again with the same key": what a 503 or a cut connection leaves unknown, the key settles.
std::optional<act> visitor::again(const request& asked, const answer& told) {
  if (++repeats_ > most_repeats) return give_up(asked);
  unanswered_ = asked;
  const auto pause = told.retry_after ? std::chrono::milliseconds(*told.retry_after) : 500ms;
  return act{asked, pause};
}

void visitor::finish() {
  if (const auto last = std::exchange(unanswered_, std::nullopt)) give_up(*last);
}

std::optional<act> visitor::give_up(const request& asked) {
  repeats_ = 0;
  unanswered_.reset();
  if (asked.what == step::book) told_.unsure_booking = told_.unsure_money = true;
  if (asked.what == step::charge) told_.unsure_money = true;
  const bool gave_up_booking =
      asked.what == step::leave && asked.target.find("/bookings/") != asked.target.npos;
  if (asked.what == step::pay || gave_up_booking) {
    told_.unsure_money = true;
    told_.bookings.back().state = told_state::unsure;
  }
  return std::nullopt;
}

std::optional<act> visitor::end() {
  if (!ways_.again) return std::nullopt;
  auto first = begin();
  return ask(std::move(first->what));
}

std::optional<act> visitor::nothing_free() {
  if (sale_.sold_out) sale_.sold_out();
  return go_away();
}

// Some say so, others close the page.
std::optional<act> visitor::go_away() {
  if (chance_.happens(0.5)) return end();
  if (!told_.bookings.empty() && told_.bookings.back().state == told_state::held) {
    auto leave = make(step::leave, "DELETE",
                      "/v1/bookings/" + std::to_string(told_.bookings.back().what.id));
    leave.key = fresh_key();
    return ask(std::move(leave));
  }
  return ask(make(step::leave, "DELETE", "/v1/queue/tokens/" + token_));
}

std::optional<act> visitor::after_enter(const answer& told) {
  const auto place = read_token(told.body);
  if (!place) return end();
  token_ = place->token;
  return wait_or_look(*place, told);
}

std::optional<act> visitor::wait_or_look(const token_document& place, const answer& told) {
  if (ways_.only_waits) return act{poll(), ways_.poll_every};
  if (place.status == "WAITING") {
    if (chance_.happens(ways_.leaving)) return go_away();
    const auto pause = told.retry_after ? std::chrono::milliseconds(*told.retry_after) : 1000ms;
    return act{poll(), ways_.poll_every > 0ms ? ways_.poll_every : pause};
  }
  if (place.status != "PROCESSING") return end();
  return ask(make(step::dates, "GET", "/v1/concerts/" + std::to_string(sale_.concert) + "/dates"));
}

std::optional<act> visitor::look_for_seats() {
  if (chance_.happens(ways_.leaving)) return go_away();
  auto look = make(step::seats, "GET",
                   "/v1/options/" + std::to_string(sale_.option) + "/seats?status=free");
  look.if_none_match = etag_;
  return ask(std::move(look));
}

std::optional<act> visitor::after_seats(const answer& told) {
  if (told.status != 304) {
    // The best seats are in front, and most look there.
    const auto wish = chance_.share();
    free_ = read_seat_names(told.body, wish * wish * wish, seen_seats);
    etag_ = told.etag;
  }
  if (free_.empty()) return nothing_free();
  if (ways_.bot && chance_.happens(0.3)) return misbehave();
  return choose();
}

std::optional<act> visitor::misbehave() {
  const auto wrong = [&](std::string body) {
    auto r = make(step::bad, "POST", "/v1/bookings", std::move(body));
    r.token = token_;
    return r;
  };
  auto r = wrong(R"({"userId":")" + told_.user + R"(","concertOptionId":)" +
                 std::to_string(sale_.option) + R"(,"seats":["A_99999999"]})");
  switch (chance_.below(4)) {
  case 0: r = wrong("{\"userId\":"); break;
  case 1: r = wrong(R"({"seats":"all"})"); break;
  case 2: r.token.clear(); break;
  default: break;
  }
  return ask(std::move(r));
}

std::optional<act> visitor::choose() {
  if (free_.empty() || chance_.happens(ways_.leaving)) return go_away();
  const auto count = std::min(free_.size(), 1 + chance_.below(ways_.most_seats));
  const auto first = chance_.below(free_.size() - count + 1);
  std::string names;
  for (auto at = first; at < first + count; ++at)
    names += (names.empty() ? "\"" : ",\"") + free_[at] + "\"";
  auto book = make(step::book, "POST", "/v1/bookings",
                   R"({"userId":")" + told_.user + R"(","concertOptionId":)" +
                       std::to_string(sale_.option) + R"(,"seats":[)" + names + "]}");
  book.token = token_;
  book.key = fresh_key();
  return ask(std::move(book));
}

std::optional<act> visitor::after_booking(const answer& told) {
  if (told.code == "SEAT_ALREADY_RESERVED" && ++tries_ < ways_.tries) return look_for_seats();
  if (!told.good()) return go_away();
  auto booking = read_booking(told.body);
  if (!booking) {
    told_.unsure_booking = true;
    return end();
  }
  told_.bookings.push_back({*std::move(booking), told_state::held});
  if (chance_.happens(ways_.leaving)) return go_away();
  const auto lacking = told_.bookings.back().what.amount - balance_;
  if (lacking <= 0) return pay();
  auto charge = make(step::charge, "POST", "/v1/users/" + told_.user + "/wallet/charges",
                     R"({"amount":)" + std::to_string(lacking) + "}");
  charge.key = fresh_key();
  return ask(std::move(charge));
}

std::optional<act> visitor::pay() {
  if (chance_.happens(ways_.leaving)) return go_away();
  auto payment = make(step::pay, "POST",
                      "/v1/bookings/" + std::to_string(told_.bookings.back().what.id) + "/payment");
  payment.token = token_;
  payment.key = fresh_key();
  return ask(std::move(payment));
}

std::optional<act> visitor::after_payment(const answer& told) {
  auto& booking = told_.bookings.back();
  const auto paid = read_paid(told.body);
  booking.state = paid ? told_state::paid : told_state::unsure;
  if (paid) {
    booking.what = *paid;
    balance_ -= paid->amount;
  }
  return end();
}

} // namespace boxoffice::rush
