#include "actors/service.hpp"

#include "actors/interfaces.hpp"

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

// Each command becomes the letter that starts it on its way.
struct first_letter {
  request_id request;

  letter operator()(enter_queue& c) const { return join_queue{{request, std::move(c)}}; }
  letter operator()(create_booking& c) const { return admit_booking{{request, std::move(c)}}; }
  letter operator()(pay_booking& c) const { return admit_payment{{request, std::move(c)}}; }
  letter operator()(pay_pending& c) const { return pay_at_desk{{request, std::move(c)}}; }
  letter operator()(charge_wallet& c) const { return charge{{request, std::move(c)}}; }
  letter operator()(read_wallet& c) const { return read_balance{{request, std::move(c)}}; }
};

} // namespace

class service::impl {
public:
  impl(service_options options, std::unique_ptr<persistence::store> store, const clock& time,
       random_source& random, client_port& clients)
      : store_(std::move(store)),
        ids_(load_and_publish()),
        requests_(clients),
        node_{time, random, ids_, requests_, published_, options.rules},
        house_{node_,
               published_,
               *store_,
               store_->open_reader(),
               store_->open_reader(),
               options.max_group,
               options.idle_after,
               std::move(options.report),
               {false},
               {0},
               {},
               {},
               {}},
        config_(options.threads),
        system_(std::make_unique<caf::actor_system>(config_)) {
    open_house(*system_, house_, blocking_actors::detached);
  }

  void submit(request_id request, command c) {
    if (auto* booking = std::get_if<create_booking>(&c)) {
      const auto* option = published_.catalogue()->option(booking->option);
      if (option == nullptr)
        return requests_.complete(request,
                                  domain::reject(domain::error_code::concert_option_not_found,
                                                 "There is no such performance."));
      booking->concert = option->concert;
    }
    if (auto* payment = std::get_if<pay_booking>(&c)) address(*payment);
    send(std::visit(first_letter{request}, c));
  }

  void stock_demo_data() {
    auto [request, answer] = requests_.open();
    send(stock_demo{request});
    const auto what = answer.get();
    if (const auto* refused = std::get_if<domain::rejection>(&what))
      throw persistence::store_failed(persistence::store_failed::reason::unavailable,
                                      refused->detail);
  }

  // In the order in which work flows: no new letters, then the entities, then the journal's last
  // group. Handles go when no actor can use them any more.
  bool stop(std::chrono::milliseconds within) {
    if (!system_) return true;
    const auto deadline = std::chrono::steady_clock::now() + within;
    constexpr std::size_t journal_and_loader = 2;
    caf::anon_send(house_.directory, actors::stop{});
    bool clean = wait_for_actors(journal_and_loader, deadline);
    caf::anon_send(house_.loader, actors::stop{});
    caf::anon_send(house_.journal, actors::stop{});
    clean = wait_for_actors(0, deadline) && clean;
    if (!clean) return false;
    release_handles(house_);
    system_.reset();
    return true;
  }

  const snapshots& published() const { return published_; }
  bool ready() const { return house_.ready; }
  std::size_t living() const { return house_.living; }

private:
  // A payment's token is judged by a queue, before anything else is. Where there is no such concert
  // any queue will do: the booking is another's, as the payer is told if the token is in order.
  void address(pay_booking& payment) const {
    const auto& concerts = published_.catalogue()->concerts;
    if (concerts.count(payment.concert) == 0 && !concerts.empty())
      payment.concert = concerts.begin()->first;
  }

  void send(letter l) { caf::anon_send(house_.directory, routed{any_generation, std::move(l)}); }

  // Until no more than `most` actors are left. CAF's own wait has no bound.
  bool wait_for_actors(std::size_t most, std::chrono::steady_clock::time_point deadline) {
    while (system_->registry().running() > most) {
      if (std::chrono::steady_clock::now() >= deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  domain::id_counters load_and_publish() {
    const auto image = store_->open_reader()->load_image();
    published_.reset(image);
    return image.next_ids;
  }

  std::unique_ptr<persistence::store> store_;
  snapshots published_;
  domain::id_source ids_;
  own_requests requests_;
  node node_;
  house house_;
  system_config config_;
  std::unique_ptr<caf::actor_system> system_;
};

service::service(service_options options, std::unique_ptr<persistence::store> store,
                 const clock& time, random_source& random, client_port& clients)
    : impl_(std::make_unique<impl>(std::move(options), std::move(store), time, random, clients)) {}

service::~service() {
  // Actors that don't end keep what they use.
  if (!impl_->stop(std::chrono::seconds(5))) static_cast<void>(impl_.release());
}

void service::submit(request_id request, command c) { impl_->submit(request, std::move(c)); }
void service::stock_demo_data() { impl_->stock_demo_data(); }
std::shared_ptr<const domain::catalogue> service::catalogue() const {
  return impl_->published().catalogue();
}
std::shared_ptr<const domain::seat_map> service::seats(domain::option_id option) const {
  return impl_->published().seats(option);
}
bool service::ready() const { return impl_->ready(); }
std::size_t service::living() const { return impl_->living(); }
bool service::stop(std::chrono::milliseconds within) { return impl_->stop(within); }

} // namespace boxoffice::actors
