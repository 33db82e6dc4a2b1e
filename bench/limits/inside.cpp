// The layers below HTTP, each driven in this process by a fixed number of bookings under way, from
// a store as prepare_store writes it:
//   store    bookings committed in groups of UNDER_WAY by a loop, nothing else
//   journal  the journal actor, given changes that hold a booking's facts: group commit, the
//            published snapshots, and answers that wait
//   service  all actors, asked for bookings; only HTTP is missing
//
// usage: limits_inside DIRECTORY store|journal|service UNDER_WAY SECONDS [FIRST]
// Buyers and seats are taken from number FIRST (from 0) on. Prints one line of JSON.
#include "actors/premises.hpp"
#include "actors/real_environment.hpp"
#include "bench/sale.hpp"
#include "persistence/sqlite_store.hpp"

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <stdexcept>
#include <string_view>

namespace boxoffice::bench {
namespace {

using actors::machine_clock;
using wall = std::chrono::steady_clock;

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

domain::concert_option option_of(persistence::store& store) {
  const auto image = store.open_reader()->load_image();
  const auto* option = image.catalogue.option(domain::option_id{1});
  if (option == nullptr) throw std::runtime_error("there is no performance");
  return *option;
}

std::unique_ptr<persistence::store> open(const char* directory) {
  persistence::sqlite_options options;
  options.directory = directory;
  return persistence::open_sqlite_store(options);
}

struct figures {
  std::size_t done = 0, refused = 0;
  double seconds = 0, cpu = 0;
};

struct plan {
  const char* directory;
  int under_way;
  std::chrono::seconds time;
  int first;
};

void expect_more(const domain::concert_option& option, int number) {
  if (number >= option.seat_count()) throw std::runtime_error("nothing is left to book");
}

figures commit_in_groups(const plan& p) {
  const auto store = open(p.directory);
  const auto option = option_of(*store);
  domain::id_source ids(store->open_reader()->load_image().next_ids);
  const machine_clock time({});
  figures f;
  int next = p.first;
  wall::duration committing{}; // without the making of the facts, which is the actors' work
  double cpu = 0;
  while (committing < p.time) {
    domain::events facts;
    for (int n = 0; n < p.under_way; ++n, ++next) {
      expect_more(option, next);
      facts.push_back(plan_booking(next + 1, option, next, 1, ids, time.now()));
    }
    const auto begin = wall::now();
    const auto cpu_before = cpu_seconds();
    store->commit(facts, time.now());
    committing += wall::now() - begin;
    cpu += cpu_seconds() - cpu_before;
    f.done += facts.size();
  }
  f.seconds = std::chrono::duration<double>(committing).count();
  f.cpu = cpu;
  return f;
}

// A crowd of `under_way` that asks anew whenever it is answered, on the thread that answers.
class crowd : public actors::client_port {
public:
  crowd(const plan& p, int most) : plan_(p), next_(p.first), most_(most) {}

  // One first: what it wakes, the queue above all, is not to be measured.
  figures drive(std::function<void(actors::request_id, int number)> ask) {
    ask_ = std::move(ask);
    drive(1, {});
    done_ = refused_ = 0;
    return drive(plan_.under_way, plan_.time);
  }

  void complete(actors::request_id, actors::outcome what) override {
    const bool refused = std::holds_alternative<domain::rejection>(what);
    {
      const std::lock_guard hold(mutex_);
      ++(refused ? refused_ : done_);
    }
    if (wall::now() < end_) again();
    const std::lock_guard hold(mutex_);
    if (--under_way_ == 0) empty_.notify_one();
  }

private:
  figures drive(int under_way, std::chrono::seconds time) {
    const auto begin = wall::now();
    end_ = begin + time;
    const auto cpu = cpu_seconds();
    for (int n = 0; n < under_way; ++n) again();
    std::unique_lock hold(mutex_);
    empty_.wait(hold, [this] { return under_way_ == 0; });
    if (ran_out_) throw std::runtime_error("nothing is left to book");
    return {done_, refused_, std::chrono::duration<double>(wall::now() - begin).count(),
            cpu_seconds() - cpu};
  }
  void again() {
    int number = 0;
    {
      const std::lock_guard hold(mutex_);
      if (next_ >= most_) {
        ran_out_ = true;
        return;
      }
      number = next_++;
      ++under_way_;
    }
    ask_(static_cast<actors::request_id>(number) + 1, number);
  }

  plan plan_;
  std::function<void(actors::request_id, int)> ask_;
  wall::time_point end_;
  std::mutex mutex_;
  std::condition_variable empty_;
  int next_, most_;
  int under_way_ = 0;
  std::size_t done_ = 0, refused_ = 0;
  bool ran_out_ = false;
};

actors::service_options options_of_service() {
  actors::service_options o;
  o.rules.queue.active_limit = 100;
  return o;
}

struct running_house {
  explicit running_house(const plan& p)
      : store(open(p.directory)),
        option(option_of(*store)),
        ids(store->open_reader()->load_image().next_ids),
        visitors(p, option.seat_count()),
        config(),
        house(options_of_service(), std::move(store), time, random, visitors) {
    config.set("scheduler.policy", caf::atom("sharing"));
    config.set("scheduler.max-threads", std::size_t{2});
    system = std::make_unique<caf::actor_system>(config);
    house.open(*system, actors::blocking_actors::detached);
    while (!house.state().ready) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~running_house() {
    house.stop_entities();
    await_actors(actors::premises::workers_of_the_store);
    house.stop_workers_of_the_store();
    await_actors(0);
    house.release();
  }
  running_house(const running_house&) = delete;
  running_house& operator=(const running_house&) = delete;

  // Until no more than `most` are left. CAF itself waits for one number only, and may miss it.
  void await_actors(std::size_t most) const {
    while (system->registry().running() > most)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::unique_ptr<persistence::store> store;
  domain::concert_option option;
  domain::id_source ids;
  machine_clock time{{}};
  actors::machine_random random;
  crowd visitors;
  caf::actor_system_config config;
  actors::premises house;
  std::unique_ptr<caf::actor_system> system;
};

figures feed_journal(const plan& p) {
  running_house node(p);
  std::mutex guard; // of the ids; whoever is answered asks on
  return node.visitors.drive([&](actors::request_id request, int number) {
    actors::change told;
    told.decided_in = actors::any_generation;
    {
      const std::lock_guard hold(guard);
      told.facts.push_back(
          plan_booking(number + 1, node.option, number, 1, node.ids, node.time.now()));
    }
    told.releases.push_back(actors::client_answer{request, actors::done{}});
    caf::anon_send(node.house.state().journal, std::move(told));
  });
}

figures ask_service(const plan& p) {
  running_house node(p);
  return node.visitors.drive([&](actors::request_id request, int number) {
    actors::create_booking wanted;
    wanted.option = node.option.id;
    wanted.user = buyer(number + 1);
    wanted.token = buyer_token(number + 1);
    wanted.seats = {seat_at(node.option, number).name};
    node.house.submit(request, std::move(wanted));
  });
}

figures measure(std::string_view layer, const plan& p) {
  if (layer == "store") return commit_in_groups(p);
  if (layer == "journal") return feed_journal(p);
  if (layer == "service") return ask_service(p);
  throw std::runtime_error("no such layer");
}

} // namespace
} // namespace boxoffice::bench

int main(int argc, char** argv) {
  using namespace boxoffice::bench;
  if (argc < 5 || argc > 6) {
    std::fputs("usage: limits_inside DIRECTORY store|journal|service UNDER_WAY SECONDS [FIRST]\n",
               stderr);
    return 2;
  }
  try {
    const auto f =
        measure(argv[2], {argv[1], std::atoi(argv[3]), std::chrono::seconds(std::atoi(argv[4])),
                          argc == 6 ? std::atoi(argv[5]) : 0});
    std::printf("{\"answers\":%zu,\"refused\":%zu,\"seconds\":%.4f,\"rate\":%.1f,"
                "\"cpu\":%.3f}\n",
                f.done, f.refused, f.seconds, static_cast<double>(f.done) / f.seconds, f.cpu);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "limits_inside: %s\n", e.what());
    return 1;
  }
  return 0;
}
