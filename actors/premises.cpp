#include "actors/premises.hpp"

namespace boxoffice::actors {

namespace {

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

premises::premises(service_options options, std::unique_ptr<persistence::store> store,
                   const clock& time, random_source& random, client_port& clients)
    : store_(std::move(store)),
      ids_(load_and_publish()),
      clients_(clients),
      node_{time, random, ids_, clients, published_, options.rules},
      house_{node_,
             published_,
             *store_,
             store_->open_reader(),
             store_->open_reader(),
             options.max_group,
             options.idle_after,
             std::move(options.report),
             options.listener,
             {false},
             {0},
             {},
             {},
             {}} {}

domain::id_counters premises::load_and_publish() {
  const auto image = store_->open_reader()->load_image();
  published_.reset(image);
  return image.next_ids;
}

void premises::open(caf::actor_system& system, blocking_actors blocking) {
  open_house(system, house_, blocking);
}

void premises::submit(request_id request, command c) {
  if (auto* booking = std::get_if<create_booking>(&c)) {
    const auto* option = published_.catalogue()->option(booking->option);
    if (option == nullptr)
      return clients_.complete(request, domain::reject(domain::error_code::concert_option_not_found,
                                                       "There is no such performance."));
    booking->concert = option->concert;
  }
  if (auto* payment = std::get_if<pay_booking>(&c)) address(*payment);
  send(std::visit(first_letter{request}, c));
}

// A payment's token is judged by a queue, before anything else is. Where there is no such concert
// any queue will do: the booking is another's, as the payer is told if the token is in order.
void premises::address(pay_booking& payment) const {
  const auto& concerts = published_.catalogue()->concerts;
  if (concerts.count(payment.concert) == 0 && !concerts.empty())
    payment.concert = concerts.begin()->first;
}

void premises::send(letter l) {
  caf::anon_send(house_.directory, routed{any_generation, std::move(l)});
}

void premises::stop_entities() { caf::anon_send(house_.directory, stop{}); }

void premises::stop_journal_and_loader() {
  caf::anon_send(house_.loader, stop{});
  caf::anon_send(house_.journal, stop{});
}

void premises::release() { release_handles(house_); }

} // namespace boxoffice::actors
