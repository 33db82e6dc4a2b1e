#include "actors/premises.hpp"

#include <cassert>
#include <stdexcept>
#include <type_traits>

namespace boxoffice::actors {

namespace {

// Each command becomes the letter that starts it on its way.
struct first_letter {
  request_id request;
  const domain::request_key_ptr& key;

  letter operator()(enter_queue& c) const { return join_queue{{request, std::move(c)}}; }
  letter operator()(read_token& c) const { return ask_of_token{{request, std::move(c)}}; }
  letter operator()(leave_queue& c) const { return quit_line{{request, std::move(c)}}; }
  letter operator()(prioritize_token& c) const { return move_in_line{{request, std::move(c)}}; }
  letter operator()(watch_tokens& c) const { return watch_line{{request, std::move(c)}}; }
  letter operator()(read_queue& c) const { return survey_line{{request, std::move(c)}}; }
  letter operator()(configure_queue& c) const { return set_up_line{{request, std::move(c)}}; }
  letter operator()(create_booking& c) const { return admit_booking{{request, std::move(c), key}}; }
  letter operator()(pay_booking& c) const { return admit_payment{{request, std::move(c), key}}; }
  letter operator()(pay_pending& c) const { return pay_at_desk{{request, std::move(c), key}}; }
  letter operator()(charge_wallet& c) const { return charge{{request, std::move(c), key}}; }
  letter operator()(read_wallet& c) const { return read_balance{{request, std::move(c)}}; }
  letter operator()(create_concert& c) const { return add_concert{{request, std::move(c), key}}; }
  letter operator()(create_option& c) const { return add_option{{request, std::move(c), key}}; }
  letter operator()(cancel_booking& c) const {
    return give_up_booking{{request, std::move(c), key}};
  }
  letter operator()(release_booking& c) const {
    return take_back_booking{{request, std::move(c), key}};
  }
  letter operator()(cancel_option& c) const { return call_off{{request, std::move(c), key}}; }
  letter operator()(adjust_wallet& c) const { return adjust{{request, std::move(c), key}}; }
  letter operator()(create_user& c) const { return open_account{{request, std::move(c)}}; }
  letter operator()(change_user& c) const { return change_account{{request, std::move(c)}}; }
  letter operator()(erase_user& c) const { return close_account{{request, std::move(c)}}; }
  letter operator()(query&) const { throw std::logic_error("a question leads to no entity"); }
  letter operator()(recall_answer& c) const {
    return recall{request, key, nullptr, std::move(c.otherwise)};
  }
};

// A keyed request asks its owner first whether it was answered before.
letter by_way_of_its_owner(request_id request, const domain::request_key_ptr& key, letter l) {
  if (!key || address_of(l) == ref(key->owner)) return l;
  return recall{request, key, std::make_shared<parcel>(parcel{std::move(l)}), {}};
}

} // namespace

premises::premises(service_options options, std::unique_ptr<persistence::store> store,
                   const clock& time, random_source& random, client_port& clients)
    : store_(std::move(store)),
      ids_(load_and_publish()),
      clients_(clients),
      node_{time, random, ids_, clients, published_, options.rules, options.writer},
      house_{node_,
             published_,
             *store_,
             store_->open_reader(),
             store_->open_reader(),
             store_->open_reader(),
             options.max_group,
             options.idle_after,
             domain::look_back_every(options.rules.retention),
             std::move(options.report),
             options.listener,
             options.waits_for_shipping,
             std::move(options.takes_changes),
             {false},
             {false},
             {1},
             {0},
             {},
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

void premises::shipped(persistence::commit_number last) {
  caf::anon_send(house_.journal, shipped_to{last});
}

void premises::submit(request_id request, command c, domain::request_key_ptr key) {
  assert(key || !std::holds_alternative<recall_answer>(c));
  if (auto* question = std::get_if<query>(&c))
    return caf::anon_send(house_.librarian, consult{request, std::move(*question)});
  if (auto* booking = std::get_if<create_booking>(&c)) {
    const auto* option = published_.catalogue()->option(booking->option);
    if (option == nullptr) return clients_.complete(request, domain::unknown_option());
    booking->concert = option->concert;
  }
  if (auto* payment = std::get_if<pay_booking>(&c)) address(*payment);
  if (!std::visit([this](auto& each) { return address_by_token(each); }, c))
    return clients_.complete(request, domain::unknown_token());
  send(by_way_of_its_owner(request, key, std::visit(first_letter{request, key}, c)));
}

// A payment's token is judged by a queue, before anything else is. Where there is no such concert
// any queue will do: the booking is another's, as the payer is told if the token is in order.
void premises::address(pay_booking& payment) const {
  const auto& concerts = published_.catalogue()->concerts;
  if (!payment.concert && payment.claim.token)
    payment.concert = published_.tokens().queue_of(*payment.claim.token).value_or(payment.concert);
  if (concerts.count(payment.concert) == 0 && !concerts.empty())
    payment.concert = concerts.begin()->first;
}

// Those who name a token only are brought to its queue; to any other when no live token is called
// so: whether there ever was one, the store knows, and each queue can ask it. False without any.
template <class Command>
bool premises::address_by_token(Command& c) const {
  constexpr bool by_token = std::is_same_v<Command, read_token> ||
                            std::is_same_v<Command, leave_queue> ||
                            std::is_same_v<Command, prioritize_token>;
  if constexpr (by_token) {
    const auto& concerts = published_.catalogue()->concerts;
    if (concerts.empty()) return false;
    c.concert = published_.tokens().queue_of(c.token).value_or(concerts.begin()->first);
  }
  return true;
}

void premises::send(letter l) {
  caf::anon_send(house_.directory, routed{any_generation, std::move(l)});
}

void premises::stop_entities() { caf::anon_send(house_.directory, stop{}); }

void premises::stop_workers_of_the_store() {
  caf::anon_send(house_.librarian, stop{});
  caf::anon_send(house_.loader, stop{});
  caf::anon_send(house_.journal, stop{});
}

void premises::release() { release_handles(house_); }

} // namespace boxoffice::actors
