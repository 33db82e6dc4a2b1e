// The loader: reads from the store what comes alive.
#include "actors/interfaces.hpp"

#include <string>
#include <unordered_set>
#include <utility>

namespace boxoffice::actors {

namespace {

class loader {
public:
  loader(loader_actor::pointer self, house& h)
      : self_(self), house_(h), reader_(*h.loader_reader) {}

  void on_load(const load& m) {
    attempt(m.in, [&] {
      try {
        self_->send(house_.directory, loaded{m.in, m.who, read(m.who), read_kept(m.who)});
        damaged_.erase(m.who);
      } catch (const persistence::store_failed& e) {
        if (e.why != persistence::store_failed::reason::damaged) throw;
        // Tried again and again until somebody mends it; said once.
        if (damaged_.insert(m.who).second)
          house_.report(true, std::string("An entity can't be read: ") + e.what());
        self_->send(house_.directory, unreadable{m.in, m.who});
      }
    });
  }
  void on_trace(const trace& m) {
    attempt(m.in, [&] {
      token_traced found{m.what.concert, m.what.correlation, no_rows{}};
      const bool is_sane = try_to_read([&] {
        if (auto owner = find_owner(m.what)) found.owner = *std::move(owner);
      });
      if (!is_sane) found.owner = unreadable_rows{};
      self_->send(house_.directory, routed{m.in, std::move(found)});
    });
  }
  void on_find_work(const find_work& m) {
    attempt(m.in, [&] {
      self_->send(house_.directory, found_work{m.in, reader_.find_unfinished()});
    });
  }

  void on_look_up_user(const look_up_user& m) {
    attempt(m.in, [&] {
      user_traced found{m.user, m.correlation, false, false};
      found.unreadable = !try_to_read(
          [&] { found.in_use = reader_.is_in_use(m.user, house_.entities.time.now()); });
      self_->send(house_.directory, routed{m.in, std::move(found)});
    });
  }

  // Rows that make no sense stay where they are: it harms nobody.
  void on_look_back(const look_back& m) {
    attempt(m.in, [&] {
      past_found found;
      try {
        found.what = reader_.find_past(m.part);
        past_is_damaged_ = false;
        for (const auto& row : found.what.unreadable)
          if (left_.insert(row).second)
            house_.report(true, "It is not forgotten, for it can't be read. " + row);
      } catch (const persistence::store_failed& e) {
        if (e.why != persistence::store_failed::reason::damaged) throw;
        if (!std::exchange(past_is_damaged_, true))
          house_.report(true, std::string("What is past can't be read: ") + e.what());
      }
      self_->send(house_.directory, routed{m.in, std::move(found)});
    });
  }

private:
  // A read that fails is a failure of the store: whoever waits for it must not wait for ever.
  template <class Read>
  void attempt(generation in, Read read) {
    try {
      read();
    } catch (const std::exception& e) {
      self_->send(house_.journal, mishap{in, e.what()});
    }
  }

  // False: a row makes no sense, which harms only who asks for it.
  template <class Read>
  static bool try_to_read(Read read) {
    try {
      read();
    } catch (const persistence::store_failed& e) {
      if (e.why != persistence::store_failed::reason::damaged) throw;
      return false;
    }
    return true;
  }

  // Tokens are forgotten, and bookings outlive them: whose token a booking was made or paid with is
  // known as long as the booking is (CONTRACT 2: any token ever issued serves).
  std::optional<persistence::token_owner> find_owner(const token_search& what) {
    auto owner = reader_.find_token(what.token);
    if (owner || !what.pays) return owner;
    const auto booking = reader_.load_booking(*what.pays);
    if (!booking || (booking->token != what.token && booking->paid_with != what.token))
      return std::nullopt;
    owner.emplace();
    owner->user = booking->user;
    owner->concert = booking->concert;
    owner->status = domain::token_status::expired;
    return owner;
  }

  template <class T>
  static loaded_state shared(std::optional<T> found) {
    if (!found) return std::monostate{};
    return std::make_shared<T>(std::move(*found));
  }

  loaded_state read(const entity_ref& who) {
    switch (who.kind) {
    case entity_kind::catalogue: return std::make_shared<option_drafts>(reader_.load_drafts());
    case entity_kind::queue:
      return shared(reader_.load_queue({who.number}, house_.entities.time.now()));
    case entity_kind::wallet: return shared(reader_.load_wallet({who.user}));
    case entity_kind::option: return shared(reader_.load_desk({who.number}));
    case entity_kind::booking: return read_booking({who.number});
    case entity_kind::seat: return shared(reader_.load_seat({who.number}));
    case entity_kind::caretaker: break; // there is nothing to read
    }
    return std::monostate{};
  }

  loaded_state read_booking(domain::booking_id id) {
    auto found = reader_.load_booking(id);
    if (found && house_.listener != nullptr) house_.listener->on_read(*found);
    return shared(std::move(found));
  }

  // What the entity must know of keyed requests. While it is not in memory nobody adds to it.
  std::shared_ptr<domain::kept_requests> read_kept(const entity_ref& who) {
    const auto read = [this](const domain::request_owner& owner) {
      return std::make_shared<domain::kept_requests>(
          reader_.load_kept_requests(owner, house_.entities.time.now()));
    };
    switch (who.kind) {
    case entity_kind::catalogue: return read(domain::whole_catalogue{});
    case entity_kind::wallet: return read(domain::user_id{who.user});
    case entity_kind::option: return read(domain::option_id{who.number});
    case entity_kind::booking: return read(domain::booking_id{who.number});
    case entity_kind::queue:
    case entity_kind::seat:
    case entity_kind::caretaker: break;
    }
    return nullptr;
  }

  loader_actor::pointer self_;
  house& house_;
  persistence::reader& reader_;
  std::unordered_set<entity_ref> damaged_;
  bool past_is_damaged_ = false;         // said once, until it can be read again
  std::unordered_set<std::string> left_; // rows of what is past: each is said once
};

} // namespace

loader_actor::behavior_type run_loader(loader_actor::pointer self, house* h) {
  auto it = std::make_shared<loader>(self, *h);
  fail_fast(self, "loader");
  return {
      [it](const load& m) { it->on_load(m); },
      [it](const trace& m) { it->on_trace(m); },
      [it](find_work m) { it->on_find_work(m); },
      [it](const look_up_user& m) { it->on_look_up_user(m); },
      [it](const look_back& m) { it->on_look_back(m); },
      [self](stop) { self->quit(); },
  };
}

} // namespace boxoffice::actors
