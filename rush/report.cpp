#include "rush/report.hpp"

#include <nlohmann/json.hpp>

#include <cstdarg>
#include <cstdio>

namespace boxoffice::rush {
namespace {

constexpr double busy_share = 0.9;                   // of its threads' time
constexpr auto late = std::chrono::milliseconds(10); // at p99, if a tenth of all times
constexpr std::size_t most_rows = 50;                // of what is wrong
constexpr double shares[] = {0.5, 0.95, 0.99, 0.999};

__attribute__((format(printf, 1, 2))) std::string format(const char* pattern, ...) {
  char text[512];
  va_list values;
  va_start(values, pattern);
  std::vsnprintf(text, sizeof text, pattern, values);
  va_end(values);
  return text;
}

double ms(histogram::duration d) { return static_cast<double>(d.count()) / 1000; }
double seconds_of(const crowd_result& c) { return static_cast<double>(c.took.count()) / 1e6; }
unsigned long long whole(std::uint64_t n) { return n; }

std::string codes(const std::map<std::string, std::uint64_t>& all, const char* of) {
  std::string text;
  for (const auto& [code, count] : all)
    text += format("  %s %s: %llu\n", of, code.c_str(), whole(count));
  return text;
}

std::string books_text(const books_report& b) {
  auto text = format("Books: %zu users, %zu bookings paid, %zu seats sold; minor units charged "
                     "%lld, paid %lld, in wallets %lld\n",
                     b.users, b.paid, b.seats_sold, static_cast<long long>(b.charged),
                     static_cast<long long>(b.paid_amount), static_cast<long long>(b.balance));
  if (b.unsure > 0)
    text +=
        format("  %zu users were left without an answer; their money is not compared\n", b.unsure);
  for (std::size_t at = 0; at < b.wrong.size() && at < most_rows; ++at)
    text += "WRONG " + b.wrong[at] + "\n";
  if (b.wrong.size() > most_rows) text += format("and %zu more\n", b.wrong.size() - most_rows);
  if (b.wrong.empty()) text += "The books are right.\n";
  return text;
}

std::string generator_text(const crowd_result& c) {
  auto text = format("Generator: %.0f %% of its threads' time; late by p50 %.2f, p99 %.2f, max "
                     "%.2f ms; %llu requests waited for a free connection, p99 %.1f ms\n",
                     c.cpu_share * 100, ms(c.counted.lateness.percentile(0.5)),
                     ms(c.counted.lateness.percentile(0.99)), ms(c.counted.lateness.max()),
                     whole(c.counted.for_line.count()), ms(c.counted.for_line.percentile(0.99)));
  text += was_the_limit(c) ? "  The generator was the limit: times and rates are its own.\n"
                           : "  The generator was not the limit.\n";
  return text;
}

nlohmann::json json_of(const histogram& h) {
  return {{"count", h.count()},
          {"p50_ms", ms(h.percentile(0.5))},
          {"p95_ms", ms(h.percentile(0.95))},
          {"p99_ms", ms(h.percentile(0.99))},
          {"p999_ms", ms(h.percentile(0.999))},
          {"max_ms", ms(h.max())}};
}

} // namespace

bool was_the_limit(const crowd_result& c) {
  const auto lateness = c.counted.lateness.percentile(0.99);
  histogram all;
  for (const auto& of : c.counted.by_step) all.add(of.times);
  return c.cpu_share > busy_share || (lateness > late && lateness > all.percentile(0.99) / 10);
}

std::string to_line(const crowd_view& now, unsigned users, std::uint64_t answers_before) {
  return format("%4llds  %zu of %u users came, %zu done; %llu answers/s, %zu under way; %llu "
                "unexpected\n",
                static_cast<long long>(now.since_start.count()), now.arrived, users, now.done,
                whole(now.answers - answers_before), now.under_way, whole(now.unexpected));
}

std::string to_text(const rush_report& r) {
  const auto& c = r.crowd;
  const auto took = seconds_of(c);
  auto text = format("%s at %s: %u users, seed %llu, %u connections, %u threads, %.1f s\n",
                     r.scenario.c_str(), r.where.c_str(), r.users, whole(r.seed), r.connections,
                     r.threads, took);
  text += format("%-8s%10s%10s%10s%10s%10s%10s%10s\n", "step", "count", "a second", "p50 ms", "p95",
                 "p99", "p99.9", "max");
  const auto row = [&](const char* name, const histogram& h) {
    text +=
        format("%-8s%10llu%10.1f", name, whole(h.count()), static_cast<double>(h.count()) / took);
    for (const auto share : shares) text += format("%10.2f", ms(h.percentile(share)));
    text += format("%10.2f\n", ms(h.max()));
  };
  histogram all;
  std::string refusals;
  for (std::size_t at = 0; at < steps; ++at) {
    const auto& of = c.counted.by_step[at];
    if (of.times.count() == 0) continue;
    const auto* name = to_word(static_cast<step>(at));
    row(name, of.times);
    all.add(of.times);
    refusals += codes(of.expected, name);
    refusals += codes(of.unexpected, (std::string("UNEXPECTED ") + name).c_str());
  }
  row("all", all);
  if (!refusals.empty()) text += "Refusals:\n" + refusals;
  text += format("Unexpected: %llu of %llu answers (%.3f %%)\n", whole(c.counted.unexpected()),
                 whole(all.count()),
                 100 * static_cast<double>(c.counted.unexpected()) /
                     static_cast<double>(std::max<std::uint64_t>(1, all.count())));
  text +=
      format("Offered %.1f users/s, achieved %.1f requests/s; %llu users were not done when the "
             "time was over\n",
             r.offered, static_cast<double>(all.count()) / took, whole(c.counted.cut_off));
  if (r.sold_out_after)
    text += format("Sold out after %.1f s\n", static_cast<double>(r.sold_out_after->count()) / 1e3);
  text += generator_text(c);
  if (c.server_away)
    text += "The server is away: it answered nothing any more, and the run ended there.\n";
  text += r.books ? books_text(*r.books) : "The books were not checked: " + r.no_books + "\n";
  return text;
}

std::string to_json(const rush_report& r) {
  const auto& c = r.crowd;
  nlohmann::json j{{"scenario", r.scenario},
                   {"url", r.where},
                   {"seed", r.seed},
                   {"users", r.users},
                   {"connections", r.connections},
                   {"threads", r.threads},
                   {"seconds", seconds_of(c)},
                   {"offered_users_per_second", r.offered},
                   {"answers", c.counted.answers()},
                   {"unexpected", c.counted.unexpected()},
                   {"users_cut_off", c.counted.cut_off},
                   {"server_away", c.server_away}};
  j["achieved_per_second"] = static_cast<double>(c.counted.answers()) / seconds_of(c);
  for (std::size_t at = 0; at < steps; ++at) {
    const auto& of = c.counted.by_step[at];
    if (of.times.count() == 0) continue;
    auto& into = j["steps"][to_word(static_cast<step>(at))];
    into = json_of(of.times);
    into["expected_refusals"] = of.expected;
    into["unexpected"] = of.unexpected;
  }
  j["sold_out_after_ms"] = nullptr;
  if (r.sold_out_after) j["sold_out_after_ms"] = r.sold_out_after->count();
  j["generator"] = {{"cpu_share", c.cpu_share},
                    {"lateness", json_of(c.counted.lateness)},
                    {"waited_for_connection", json_of(c.counted.for_line)},
                    {"was_the_limit", was_the_limit(c)}};
  if (r.books)
    j["books"] = {{"right", r.books->wrong.empty()},   {"wrong", r.books->wrong},
                  {"users", r.books->users},           {"paid", r.books->paid},
                  {"seats_sold", r.books->seats_sold}, {"unsure_users", r.books->unsure},
                  {"charged", r.books->charged},       {"paid_amount", r.books->paid_amount},
                  {"balance", r.books->balance}};
  else
    j["books"] = {{"right", nullptr}, {"why", r.no_books}};
  return j.dump(2) + "\n";
}

} // namespace boxoffice::rush
