#include "sim/campaign_report.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

namespace boxoffice::sim {

namespace {

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

unsigned long long whole(std::uint64_t n) { return n; }

double seconds_of(moment m) { return static_cast<double>(m.count()) / 1e6; }

} // namespace

void campaign_totals::add(const run_report& r, const coverage& c) {
  ++runs;
  messages += r.messages;
  commits += r.commits;
  recoveries += r.recoveries;
  if (r.recoveries > 0) ++runs_with_recovery;
  simulated += r.simulated;
  trace_hash ^= (r.trace_hash ^ r.seed) * 0x9E3779B97F4A7C15ull;
  messages_of_runs.push_back(r.messages);
  reached.add(c);
}

std::size_t campaign_totals::unreached() const {
  std::size_t count = 0;
  for (const auto& [name, times] : reached.counts())
    if (times == 0) ++count;
  return count;
}

std::string campaign_totals::progress(double seconds, std::uint64_t wanted) const {
  auto text = whole(runs) == 1 ? std::string("1 run") : format("%llu runs", whole(runs));
  if (wanted > 0) text += format(" of %llu", whole(wanted));
  return text + format(", %llu recoveries, %.1f M messages, %.0f s, %.0f k messages/s",
                       whole(recoveries), static_cast<double>(messages) / 1e6, seconds,
                       static_cast<double>(messages) / 1e3 / std::max(seconds, 1e-3));
}

std::string campaign_totals::summary(double seconds) const {
  auto sorted = messages_of_runs;
  std::sort(sorted.begin(), sorted.end());
  const auto median = sorted.empty() ? 0 : sorted[sorted.size() / 2];
  std::string text;
  for (const auto& [name, times] : reached.counts())
    text += format("  %12llu  %s%s\n", whole(times), name.c_str(),
                   times == 0 ? "   <-- never reached" : "");
  text += format("%llu runs in %.1f s: %llu messages (median %llu a run), %.0f k messages/s\n",
                 whole(runs), seconds, whole(messages), whole(median),
                 static_cast<double>(messages) / 1e3 / std::max(seconds, 1e-3));
  text += format(
      "%llu commits; %llu recoveries from a crash, in %llu of the runs; %.1f hours simulated\n",
      whole(commits), whole(recoveries), whole(runs_with_recovery), seconds_of(simulated) / 3600);
  return text + format("trace hash %016llx\n", whole(trace_hash));
}

std::string words(const run_report& r) {
  auto text =
      format("seed %llu: %s; %llu messages, %llu commits, %llu recoveries, "
             "%.1f s simulated, trace hash %016llx",
             whole(r.seed), r.broken ? "BROKEN" : "well", whole(r.messages), whole(r.commits),
             whole(r.recoveries), seconds_of(r.simulated), whole(r.trace_hash));
  if (r.broken) text += "\n" + r.broken->invariant + "\n  " + r.broken->seen;
  return text;
}

} // namespace boxoffice::sim
