#include "rush/rush.hpp"

#include "rush/errands.hpp"
#include "rush/report.hpp"
#include "rush/visitor.hpp"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <stdexcept>

#include <sys/resource.h>
#include <unistd.h>

namespace boxoffice::rush {
namespace {

using namespace std::chrono_literals;
using config::rush_scenario;

constexpr double bots = 0.05, with_money = 0.5; // shares of a sale's visitors
constexpr std::int64_t money_before = 20'000;   // two seats' price in the demo
constexpr auto all_come_within = 5;             // seconds, of buyers and waiting users

struct scenario_facts {
  const char* name;
  unsigned users;
  double per_second;
  std::chrono::milliseconds length;
};

scenario_facts facts_of(const config::rush_options& options) {
  scenario_facts facts{"sale", 2'000, 200, 20s};
  if (options.scenario == rush_scenario::buyers) facts = {"buyers", 2'400, 0, 30s};
  if (options.scenario == rush_scenario::waiting) facts = {"waiting", 5'000, 0, 30s};
  if (options.users > 0) facts.users = options.users;
  if (facts.per_second == 0) facts.per_second = static_cast<double>(facts.users) / all_come_within;
  if (options.arrivals_per_second > 0) facts.per_second = options.arrivals_per_second;
  if (options.length > 0ms) facts.length = options.length;
  return facts;
}

habits habits_of(rush_scenario scenario, dice& chance) {
  habits ways;
  switch (scenario) {
  case rush_scenario::sale:
    ways.tries = 1 + static_cast<int>(chance.below(4));
    if (chance.happens(bots)) {
      ways.bot = true;
      ways.tries = 8;
      ways.leaving = 0;
    }
    break;
  case rush_scenario::buyers:
    ways.again = true;
    ways.most_seats = 1;
    ways.leaving = 0;
    ways.least_thought = 500ms, ways.most_thought = 3s;
    break;
  case rush_scenario::waiting:
    ways.only_waits = true;
    ways.leaving = 0;
    ways.poll_every = 5s;
    break;
  }
  return ways;
}

// Files for connections, or as many connections as there are files for.
unsigned allow_connections(unsigned wanted) {
  constexpr rlim_t others = 64;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  const rlim_t needed = wanted + others;
  if (files.rlim_cur >= needed) return wanted;
  files.rlim_cur = files.rlim_max == RLIM_INFINITY ? needed : std::min(needed, files.rlim_max);
  setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur >= needed) return wanted;
  const auto left = static_cast<unsigned>(std::max<rlim_t>(files.rlim_cur, others + 1) - others);
  std::fprintf(stderr, "Only %u connections instead of %u: the limit of open files is %llu.\n",
               left, wanted, static_cast<unsigned long long>(files.rlim_max));
  return left;
}

// Names that no other run has, or the users of the last one would be in this one's books.
std::string fresh_run() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  char text[64];
  std::snprintf(text, sizeof text, "rush-%llx-%x",
                static_cast<unsigned long long>(
                    std::chrono::duration_cast<std::chrono::milliseconds>(now).count()),
                static_cast<unsigned>(getpid()));
  return text;
}

std::string list_of(const std::vector<config::rush_address>& urls) {
  std::string text;
  for (const auto& url : urls)
    text += (text.empty() ? "http://" : ",http://") + url.host + ":" + url.port;
  return text;
}

void say(const std::string& text) {
  if (isatty(STDERR_FILENO) != 0) std::fputs(text.c_str(), stderr);
}

class moment_of_selling_out {
public:
  void begin() { start_ = std::chrono::steady_clock::now(); }
  void note() {
    const std::lock_guard lock(mutex_);
    if (!after_)
      after_ = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - start_);
  }
  std::optional<std::chrono::milliseconds> after() const { return after_; }

private:
  std::mutex mutex_;
  std::chrono::steady_clock::time_point start_{};
  std::optional<std::chrono::milliseconds> after_;
};

std::vector<std::unique_ptr<visitor>> invite(const config::rush_options& options, const sale& of,
                                             unsigned users) {
  dice chance(options.seed ^ 0x5EA7U);
  std::vector<std::unique_ptr<visitor>> all;
  std::vector<std::string> names;
  std::vector<std::int64_t> money;
  for (unsigned n = 1; n <= users; ++n) {
    const bool rich = options.scenario == rush_scenario::sale && chance.happens(with_money);
    names.push_back(of.run + "-" + std::to_string(n));
    money.push_back(rich ? money_before : 0);
    const auto ways = habits_of(options.scenario, chance);
    all.push_back(std::make_unique<visitor>(of, names.back(), ways, chance.next(), money.back()));
  }
  make_users(options, names, money);
  return all;
}

void check(const config::rush_options& options, const sale& of,
           const std::vector<std::unique_ptr<visitor>>& visitors, rush_report& report) {
  std::vector<const account*> accounts;
  for (const auto& each : visitors) {
    each->finish();
    if (each->told().did_anything) accounts.push_back(&each->told());
  }
  if (report.crowd.server_away) {
    report.no_books = "the server is away";
    return;
  }
  try {
    report.books = check_books(accounts, read_books(options, of, accounts));
  } catch (const std::exception& e) {
    report.no_books = e.what();
  }
}

} // namespace

bool run_rush(const config::rush_options& given) {
  auto options = given;
  options.connections = allow_connections(given.connections);
  const auto facts = facts_of(options);
  say("Preparing " + std::to_string(facts.users) + " users\n");
  auto where = find_sale(options, fresh_run());
  moment_of_selling_out sold_out;
  where.sold_out = [&sold_out] { sold_out.note(); };
  const auto visitors = invite(options, where, facts.users);

  const auto times = poisson_arrivals(options.seed, facts.users, facts.per_second);
  std::vector<appointment> agenda;
  for (std::size_t at = 0; at < visitors.size(); ++at)
    agenda.push_back({times[at], visitors[at].get()});
  crowd_plan plan{options.urls, options.threads, options.connections, facts.length};

  rush_report report;
  report.scenario = facts.name, report.where = list_of(options.urls), report.seed = options.seed;
  report.users = facts.users, report.offered = facts.per_second;
  report.threads = options.threads, report.connections = options.connections;
  sold_out.begin();
  std::uint64_t before = 0;
  report.crowd = run_crowd(plan, agenda, [&](const crowd_view& now) {
    say(to_line(now, facts.users, before));
    before = now.answers;
  });
  report.sold_out_after = sold_out.after();
  say("Reading the books\n");
  check(options, where, visitors, report);
  std::fputs((options.json ? to_json(report) : to_text(report)).c_str(), stdout);
  return report.books && report.books->wrong.empty();
}

} // namespace boxoffice::rush
