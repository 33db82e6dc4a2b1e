#include "rush/errands.hpp"

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace boxoffice::rush {
namespace {

using namespace std::chrono_literals;

constexpr int most_repeats = 30;
constexpr unsigned most_lines = 128; // what is prepared shall not drown the server
constexpr std::int64_t price = 10'000;
constexpr std::size_t seats_a_section = 1'000;

request get(std::string target) {
  request r;
  r.target = std::move(target);
  return r;
}

request post(std::string target, std::string body, std::string bearer = {}) {
  request r;
  r.method = "POST", r.target = std::move(target), r.body = std::move(body);
  r.bearer = std::move(bearer);
  return r;
}

std::string day_from_now(int days) {
  const auto at = std::time(nullptr) + std::time_t{days} * 24 * 3600;
  std::tm calendar{};
  gmtime_r(&at, &calendar);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT19:00:00Z", &calendar);
  return text;
}

std::string sections_of(unsigned seats) {
  std::string text;
  for (unsigned begin = 0, section = 0; begin < seats; ++section) {
    const auto count = std::min<std::size_t>(seats_a_section, seats - begin);
    const auto name = std::string(1, static_cast<char>('A' + section % 26)) +
                      (section < 26 ? "" : std::to_string(section / 26));
    text += (text.empty() ? R"({"name":")" : R"(,{"name":")") + name + R"(","seats":)" +
            std::to_string(count) + R"(,"price":)" + std::to_string(price) + "}";
    begin += static_cast<unsigned>(count);
  }
  return text;
}

sale make_sale(const config::rush_options& options, std::string run) {
  const auto concert = read_id(
      ask_once(options, post("/v1/concerts", R"({"name":")" + run + "\"}", options.admin_token))
          .body,
      "concertId");
  if (!concert) throw std::runtime_error("The server told no concertId of a new concert.");
  const auto option =
      read_id(ask_once(options, post("/v1/concerts/" + std::to_string(*concert) + "/options",
                                     R"({"startsAt":")" + day_from_now(30) +
                                         R"(","venue":"Rush Hall","timeZone":"UTC","sections":[)" +
                                         sections_of(options.seats) + "]}",
                                     options.admin_token))
                  .body,
              "concertOptionId");
  if (!option) throw std::runtime_error("The server told no concertOptionId of a new option.");
  return {*concert, *option, std::move(run)};
}

// All pages of a list into `items`; `then` is asked once they are read.
template <class Item, class Read>
std::optional<request> next_page(const answer& told, const std::string& target, const Read& read,
                                 std::vector<Item>& items) {
  auto page = read(told.body);
  if (!page) throw std::runtime_error(target + ": the answer is no list");
  items.insert(items.end(), page->begin(), page->end());
  const auto cursor = read_cursor(told.body);
  if (!cursor) return std::nullopt;
  return get(target + "?limit=1000&cursor=" + *cursor);
}

std::unique_ptr<errand> read_account(const std::string& user, shown_account& into) {
  const auto path = "/v1/users/" + user;
  const auto bookings = path + "/bookings", entries = path + "/wallet/entries";
  return std::make_unique<errand>(
      [=, &into, at = 0](const answer* told) mutable -> std::optional<request> {
        switch (at) {
        case 0: ++at; return get(path + "/wallet");
        case 1:
          into.balance = read_balance(told->body).value_or(-1);
          ++at;
          return get(bookings + "?limit=1000");
        case 2:
          if (auto more = next_page(*told, bookings, read_bookings, into.bookings)) return more;
          ++at;
          return get(entries + "?limit=1000");
        default: return next_page(*told, entries, read_entries, into.entries);
        }
      });
}

} // namespace

std::optional<act> errand::begin() {
  auto first = what_(nullptr);
  if (!first) return std::nullopt;
  return act{*std::move(first), 0ms};
}

std::optional<act> errand::hear(const request& asked, const answer& told) {
  if (told.lost() || told.status == 503 || told.status == 429) {
    if (++repeats_ <= most_repeats && !(told.lost() && repeats_ > 3))
      return act{asked, told.retry_after ? std::chrono::milliseconds(*told.retry_after) : 200ms};
  }
  // What was asked again may have been done the first time; names are this run's own.
  const bool is_there = told.code == "USER_ALREADY_EXISTS" && repeats_ > 0;
  if (!told.good() && !is_there) {
    trouble_ = asked.method + " " + asked.target + ": " +
               (told.lost() ? "no answer" : std::to_string(told.status) + " " + told.body);
    return std::nullopt;
  }
  repeats_ = 0;
  try {
    auto next = what_(&told);
    if (next) return act{*std::move(next), 0ms};
  } catch (const std::exception& e) {
    trouble_ = e.what();
  }
  return std::nullopt;
}

void run_errands(const config::rush_options& options,
                 const std::vector<std::unique_ptr<errand>>& all) {
  std::vector<appointment> agenda;
  for (const auto& each : all) agenda.push_back({{}, each.get()});
  crowd_plan plan;
  plan.urls = options.urls, plan.threads = options.threads;
  plan.connections = std::min(options.connections, most_lines);
  const auto result = run_crowd(plan, agenda);
  for (const auto& each : all)
    if (!each->trouble().empty()) throw std::runtime_error(each->trouble());
  if (result.server_away) throw std::runtime_error("The server does not answer any more.");
}

answer ask_once(const config::rush_options& options, request what) {
  answer heard;
  std::vector<std::unique_ptr<errand>> one;
  one.push_back(std::make_unique<errand>(
      [&, asked = false](const answer* told) mutable -> std::optional<request> {
        if (told) heard = *told;
        if (std::exchange(asked, true)) return std::nullopt;
        return what;
      }));
  auto quiet = options;
  quiet.threads = quiet.connections = 1;
  run_errands(quiet, one);
  return heard;
}

sale find_sale(const config::rush_options& options, std::string run) {
  if (options.seats > 0) return make_sale(options, std::move(run));
  const auto offers = read_offers(ask_once(options, get("/v1/concerts?limit=1000")).body);
  if (offers.empty())
    throw std::runtime_error("Nothing is on sale: no performance has free seats. With --seats and "
                             "--admin-token rush makes one of its own.");
  return {offers.front().concert, offers.front().option, std::move(run)};
}

void make_users(const config::rush_options& options, const std::vector<std::string>& names,
                const std::vector<std::int64_t>& money) {
  std::vector<std::unique_ptr<errand>> all;
  for (std::size_t at = 0; at < names.size(); ++at) {
    const auto& name = names[at];
    all.push_back(std::make_unique<errand>(
        [name, amount = money[at], turn = 0](const answer*) mutable -> std::optional<request> {
          ++turn;
          if (turn == 1)
            return post("/v1/users", R"({"userId":")" + name + R"(","name":")" + name +
                                         R"(","email":")" + name + R"(@example.com"})");
          if (turn > 2 || amount == 0) return std::nullopt;
          auto charge = post("/v1/users/" + name + "/wallet/charges",
                             R"({"amount":)" + std::to_string(amount) + "}");
          charge.key = name + "-before";
          return charge;
        }));
  }
  run_errands(options, all);
}

shown_books read_books(const config::rush_options& options, const sale& of,
                       const std::vector<const account*>& users) {
  shown_books shown;
  shown.only_ours = options.seats > 0;
  std::vector<std::unique_ptr<errand>> all;
  for (const auto* each : users) all.push_back(read_account(each->user, shown.users[each->user]));
  if (!all.empty()) run_errands(options, all);
  const auto map = ask_once(options, get("/v1/options/" + std::to_string(of.option) + "/seats"));
  auto seats = read_seat_map(map.body);
  if (!seats) throw std::runtime_error("The seat map can't be read.");
  shown.seats = *std::move(seats);
  return shown;
}

} // namespace boxoffice::rush
