#include "actors/service.hpp"

#include "actors/premises.hpp"

#include <future>
#include <map>
#include <mutex>
#include <thread>

namespace boxoffice::actors {

namespace {

struct system_config : caf::actor_system_config {
  explicit system_config(unsigned threads) {
    // Sharing idles without spinning and keeps neighbours quick while one actor is long at work.
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", static_cast<std::size_t>(threads));
  }
};

// Requests of the service's own, told from the clients' by their numbers.
class own_requests : public client_port {
public:
  explicit own_requests(client_port& clients) : clients_(clients) {}

  std::pair<request_id, std::future<outcome>> open() {
    std::lock_guard hold(mutex_);
    const auto id = first_own + ++last_;
    return {id, waiting_[id].get_future()};
  }

  void complete(request_id id, outcome what) override {
    if (id < first_own) return clients_.complete(id, std::move(what));
    std::lock_guard hold(mutex_);
    auto found = waiting_.extract(id);
    if (!found.empty()) found.mapped().set_value(std::move(what));
  }

private:
  static constexpr request_id first_own = request_id{1} << 63;

  client_port& clients_;
  std::mutex mutex_;
  request_id last_ = 0;
  std::map<request_id, std::promise<outcome>> waiting_;
};

} // namespace

class service::impl {
public:
  impl(service_options options, std::unique_ptr<persistence::store> store, const clock& time,
       random_source& random, client_port& clients)
      : requests_(clients),
        config_(options.threads),
        premises_(std::move(options), std::move(store), time, random, requests_),
        system_(std::make_unique<caf::actor_system>(config_)) {
    premises_.open(*system_, blocking_actors::detached);
  }

  void submit(request_id request, command c, domain::request_key_ptr key) {
    premises_.submit(request, std::move(c), std::move(key));
  }

  void stock_demo_data() {
    auto [request, answer] = requests_.open();
    premises_.send(stock_demo{request});
    const auto what = answer.get();
    if (const auto* refused = std::get_if<domain::rejection>(&what))
      throw persistence::store_failed(persistence::store_failed::reason::unavailable,
                                      refused->detail);
  }

  bool stop(std::chrono::milliseconds within) {
    if (!system_) return true;
    const auto deadline = std::chrono::steady_clock::now() + within;
    premises_.stop_entities();
    bool clean = wait_for_actors(premises::workers_of_the_store, deadline);
    premises_.stop_workers_of_the_store();
    clean = wait_for_actors(0, deadline) && clean;
    if (!clean) return false;
    premises_.release();
    system_.reset();
    return true;
  }

  const snapshots& published() const { return premises_.published(); }
  void shipped(persistence::commit_number last) { premises_.shipped(last); }
  bool ready() const { return premises_.state().ready && premises_.state().takes_changes(); }
  std::size_t living() const { return premises_.state().living; }

private:
  // Until no more than `most` actors are left. CAF's own wait has no bound.
  bool wait_for_actors(std::size_t most, std::chrono::steady_clock::time_point deadline) {
    while (system_->registry().running() > most) {
      if (std::chrono::steady_clock::now() >= deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  own_requests requests_;
  system_config config_;
  premises premises_;
  std::unique_ptr<caf::actor_system> system_;
};

service::service(service_options options, std::unique_ptr<persistence::store> store,
                 const clock& time, random_source& random, client_port& clients)
    : impl_(std::make_unique<impl>(std::move(options), std::move(store), time, random, clients)) {}

service::~service() {
  // Actors that don't end keep what they use.
  if (!impl_->stop(std::chrono::seconds(5))) static_cast<void>(impl_.release());
}

void service::submit(request_id request, command c, domain::request_key_ptr key) {
  impl_->submit(request, std::move(c), std::move(key));
}
void service::stock_demo_data() { impl_->stock_demo_data(); }
std::shared_ptr<const domain::catalogue> service::catalogue() const {
  return impl_->published().catalogue();
}
std::shared_ptr<const domain::seat_map> service::seats(domain::option_id option) const {
  return impl_->published().seats(option);
}
void service::shipped(persistence::commit_number last) { impl_->shipped(last); }
bool service::ready() const { return impl_->ready(); }
std::size_t service::living() const { return impl_->living(); }

std::map<domain::concert_id, line_count> service::lines() const {
  return impl_->published().tokens().counts();
}
bool service::stop(std::chrono::milliseconds within) { return impl_->stop(within); }

} // namespace boxoffice::actors
