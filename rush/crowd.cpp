#include "rush/crowd.hpp"

#include "rush/crowd_part.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include <sys/resource.h>

namespace boxoffice::rush {
namespace {

using namespace std::chrono_literals;
using clock = line::clock;

constexpr auto silence = 5s; // though something was asked: the server is away

crowd_part::endpoints resolve(const std::vector<config::rush_address>& urls) {
  crowd_part::endpoints result;
  boost::asio::io_context context;
  boost::asio::ip::tcp::resolver resolver(context);
  for (const auto& url : urls) {
    boost::system::error_code error;
    const auto found = resolver.resolve(url.host, url.port, error);
    if (error || found.empty())
      throw std::runtime_error("http://" + url.host + ":" + url.port + ": " + error.message());
    // A name may stand for several, of which the server listens at one.
    auto chosen = found.begin()->endpoint();
    for (const auto& each : found) {
      if (found.size() == 1) break;
      boost::asio::ip::tcp::socket trial(context);
      if (trial.connect(each.endpoint(), error)) continue;
      chosen = each.endpoint();
      break;
    }
    result.emplace_back(chosen, url.host + ":" + url.port);
  }
  return result;
}

std::chrono::microseconds cpu_time() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) { return t.tv_sec * 1s + t.tv_usec * 1us; };
  return of(used.ru_utime) + of(used.ru_stime);
}

// Sees whether anything is still answered: looked at often, or what it sees last is told late.
class pulse {
public:
  bool is_gone(const counters& seen, clock::time_point now) {
    const auto good = seen.answers - seen.lost;
    const auto lost = seen.lost.load();
    const bool is_asked = lost > lost_ || seen.under_way > 0;
    if (good != good_ || !is_asked) good_ = good, lost_ = lost, last_ = now;
    return now - last_ >= silence;
  }

private:
  std::uint64_t good_ = 0, lost_ = 0;
  clock::time_point last_ = clock::now();
};

crowd_view view_of(const counters& seen, clock::duration since_start) {
  return {std::chrono::duration_cast<std::chrono::seconds>(since_start),
          seen.answers,
          seen.unexpected,
          seen.lost,
          seen.arrived,
          seen.done,
          seen.under_way};
}

} // namespace

crowd_result run_crowd(const crowd_plan& plan, const std::vector<appointment>& guests,
                       const std::function<void(const crowd_view&)>& watch) {
  const auto servers = resolve(plan.urls);
  const std::size_t threads = std::max(1U, std::min(plan.threads, plan.connections));
  counters seen;
  std::vector<std::unique_ptr<crowd_part>> parts;
  for (std::size_t at = 0; at < threads; ++at) {
    const auto lines = plan.connections / threads + (at < plan.connections % threads ? 1 : 0);
    parts.push_back(std::make_unique<crowd_part>(servers, at, lines, seen));
  }
  for (std::size_t at = 0; at < guests.size(); ++at) parts[at % threads]->expect(guests[at]);

  crowd_result result;
  const auto start = clock::now();
  const auto end = start + plan.length;
  const auto cpu = cpu_time();
  std::atomic<std::size_t> running{threads};
  std::vector<std::thread> carriers;
  for (auto& each : parts)
    carriers.emplace_back([&each = *each, &running, start, end] {
      each.run(start, end);
      --running;
    });
  pulse alive;
  for (auto next = start + 1s; running > 0;) {
    std::this_thread::sleep_for(5ms);
    const auto now = clock::now();
    if (!result.server_away && alive.is_gone(seen, now)) {
      result.server_away = true;
      for (auto& each : parts) each->stop();
    }
    if (now < next) continue;
    next += 1s;
    if (watch) watch(view_of(seen, now - start));
  }
  for (auto& each : carriers) each.join();

  result.took = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - start);
  result.cpu_share = static_cast<double>((cpu_time() - cpu).count()) /
                     static_cast<double>(result.took.count() * static_cast<std::int64_t>(threads));
  for (const auto& each : parts) result.counted.add(each->counted());
  return result;
}

} // namespace boxoffice::rush
