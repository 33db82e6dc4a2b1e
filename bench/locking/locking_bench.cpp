// One strategy under one load, told as a line of JSON. bench/locking/run.py starts the servers and
// calls this for each line of its table.
//
// usage: locking_bench STRATEGY OPERATION AT_ONCE ENTITIES BURSTS [--connections N]
//          --postgres URL --postgres-pid PID [--redis PORT --redis-pid PID] [--directory DIR]
//
// A burst before the first is not counted. Ends with 1 when the books are not right.
#include "bench/locking/actor_contestant.hpp"
#include "bench/locking/cpu_time.hpp"
#include "bench/locking/redis_strategies.hpp"
#include "bench/locking/row_strategies.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <stdexcept>

namespace boxoffice::bench {
namespace {

using maker = std::unique_ptr<contestant> (*)(const load&, const servers&);

const std::map<std::string, maker> strategies = {
    {"optimistic", make_optimistic},       {"pessimistic", make_pessimistic},
    {"simple", make_simple_lock},          {"spin", make_spin_lock},
    {"pubsub", make_pubsub_lock},          {"actor_postgres", make_actor_on_postgres},
    {"actor_local", make_actor_on_sqlite}, {"unguarded", make_unguarded},
};
const std::map<std::string, operation> operations = {{"charge", operation::charge},
                                                     {"booking", operation::booking},
                                                     {"payment", operation::payment}};

struct plan {
  maker make = nullptr;
  bench::load load;
  bench::servers servers;
  int redis_pid = 0;
  int postmaster_pid = 0;
};

int count_of(const std::string& text) {
  const int count = std::atoi(text.c_str());
  if (count < 1) throw std::runtime_error("'" + text + "' is no count");
  return count;
}

plan read_plan(const std::vector<std::string>& words) {
  constexpr std::size_t fixed = 5;
  if (words.size() < fixed || (words.size() - fixed) % 2 != 0)
    throw std::runtime_error("too few words; the usage stands in locking_bench.cpp");
  plan p;
  p.make = strategies.at(words[0]);
  p.load.what = operations.at(words[1]);
  p.load.at_once = count_of(words[2]);
  p.load.entities = count_of(words[3]);
  p.load.bursts = count_of(words[4]) + 1;
  for (std::size_t i = fixed; i < words.size(); i += 2) {
    const auto& value = words[i + 1];
    if (words[i] == "--connections")
      p.servers.connections = count_of(value);
    else if (words[i] == "--postgres")
      p.servers.postgres = value;
    else if (words[i] == "--postgres-pid")
      p.postmaster_pid = count_of(value);
    else if (words[i] == "--redis")
      p.servers.redis_port = count_of(value);
    else if (words[i] == "--redis-pid")
      p.redis_pid = count_of(value);
    else if (words[i] == "--directory")
      p.servers.directory = value;
    else
      throw std::runtime_error("no such flag: " + words[i]);
  }
  return p;
}

std::vector<request> requests_of(const load& l, int burst) {
  std::vector<request> all;
  for (int n = 0; n < l.at_once; ++n) {
    const int entity = n % l.entities;
    const int target = l.what == operation::charge ? entity : burst * l.entities + entity;
    all.push_back({target, n});
  }
  return all;
}

struct tally {
  std::vector<double> milliseconds; // of every answer
  double seconds = 0;               // of all bursts
  std::int64_t gave_up = 0;
  std::vector<std::int64_t> done; // of each target

  void count(const std::vector<request>& requests, const std::vector<answer>& answers,
             bool warm_up) {
    std::chrono::steady_clock::duration longest{};
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (answers[i].what == verdict::done) ++done[static_cast<std::size_t>(requests[i].target)];
      if (warm_up) continue;
      longest = std::max(longest, answers[i].after);
      milliseconds.push_back(std::chrono::duration<double, std::milli>(answers[i].after).count());
      if (answers[i].what == verdict::gave_up) ++gave_up;
    }
    seconds += std::chrono::duration<double>(longest).count();
  }

  double quantile(double q) {
    const auto at = milliseconds.begin() +
                    static_cast<std::ptrdiff_t>(q * static_cast<double>(milliseconds.size() - 1));
    std::nth_element(milliseconds.begin(), at, milliseconds.end());
    return *at;
  }
};

// The books tell of every success and of nothing else, and nothing was sold or paid twice or not
// at all.
bool is_right(const load& l, const tally& t, const std::vector<std::int64_t>& books) {
  const auto once = [](std::int64_t n) { return n == 1; };
  return books == t.done &&
         (l.what == operation::charge || std::all_of(books.begin(), books.end(), once));
}

bool run(const plan& p) {
  const auto who = p.make(p.load, p.servers);
  tally t;
  t.done.resize(static_cast<std::size_t>(p.load.targets()));
  const auto warm_up = requests_of(p.load, 0);
  t.count(warm_up, who->burst(warm_up), true);

  const auto conflicts_before = who->conflicts();
  const auto before = read_cpu_time(p.redis_pid, p.postmaster_pid);
  for (int burst = 1; burst < p.load.bursts; ++burst) {
    const auto requests = requests_of(p.load, burst);
    t.count(requests, who->burst(requests), false);
  }
  const auto after = read_cpu_time(p.redis_pid, p.postmaster_pid);
  const auto conflicts = who->conflicts() - conflicts_before;
  const bool right = is_right(p.load, t, who->books());

  const auto count = static_cast<double>(t.milliseconds.size());
  const auto each = [&](std::chrono::nanoseconds spent) {
    return std::chrono::duration<double, std::micro>(spent).count() / count;
  };
  std::printf("{\"operations\": %.0f, \"p50_ms\": %.4f, \"p99_ms\": %.4f, \"client_us\": %.2f, "
              "\"redis_us\": %.2f, \"postgres_us\": %.2f, \"conflicts\": %lld, "
              "\"gave_up\": %lld, \"a_second\": %.1f, \"right\": %s}\n",
              count, t.quantile(0.5), t.quantile(0.99), each(after.own - before.own),
              each(after.redis - before.redis), each(after.postgres - before.postgres),
              static_cast<long long>(conflicts), static_cast<long long>(t.gave_up),
              count / t.seconds, right ? "true" : "false");
  return right;
}

} // namespace
} // namespace boxoffice::bench

int main(int argc, char** argv) {
  using namespace boxoffice::bench;
  try {
    return run(read_plan({argv + 1, argv + argc})) ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "locking_bench: %s\n", e.what());
    return 2;
  }
}
