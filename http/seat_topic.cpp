#include "http/seat_topic.hpp"

#include "http/event_text.hpp"
#include "http/seat_events.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace boxoffice::http {

namespace {

// Two minutes of a sale, or what a stadium's whole state costs several times over.
constexpr std::size_t most_events = 240;
constexpr std::size_t most_bytes = 512 * 1024;

constexpr std::uint64_t knows_nothing = 0;      // of a listener that has just come
constexpr std::uint64_t knows_what_is_void = 1; // of one whose last event is not known here
constexpr std::uint64_t first_number = 2;

} // namespace

// A listener's place in the row.
class seat_topic::place final : public listener {
public:
  place(std::shared_ptr<seat_topic> topic, std::uint64_t heard, std::uint64_t client,
        std::unique_ptr<open_streams::place> among_all)
      : topic_(std::move(topic)),
        among_all_(std::move(among_all)),
        client_(client),
        heard_(heard) {}
  ~place() override { topic_->leave(); }

  told next() override {
    if (std::exchange(greeted_, true)) return topic_->next_after(heard_);
    return {retry_piece(client_), false};
  }

private:
  const std::shared_ptr<seat_topic> topic_;
  const std::unique_ptr<open_streams::place> among_all_;
  const std::uint64_t client_;
  std::uint64_t heard_;
  bool greeted_ = false;
};

seat_topic::seat_topic(topic_id id, std::string incarnation, option_pointer option, map_pointer now)
    : id_(id),
      incarnation_(std::move(incarnation)),
      option_(std::move(option)),
      map_(std::move(now)),
      number_(std::max<std::uint64_t>(static_cast<std::uint64_t>(map_->version()), first_number)),
      row_start_(number_) {}

std::unique_ptr<listener> seat_topic::join(const std::string* last_event_id, std::uint64_t client,
                                           const std::shared_ptr<reply_sink>& sink,
                                           std::unique_ptr<open_streams::place> among_all) {
  const std::lock_guard guard(mutex_);
  const auto heard = last_event_id ? known_number(*last_event_id) : knows_nothing;
  sinks_.insert(sink);
  auto joined = std::make_unique<place>(shared_from_this(), heard, client, std::move(among_all));
  ++listeners_; // which `joined` takes back
  return joined;
}

void seat_topic::leave() {
  const std::lock_guard guard(mutex_);
  if (--listeners_ > 0) return;
  // What remains is the map: enough for whoever comes back having heard everything.
  row_.clear();
  row_bytes_ = 0;
  row_start_ = number_;
  snapshot_ = reset_ = {};
  sinks_.clear();
}

bool seat_topic::listened_to() const {
  const std::lock_guard guard(mutex_);
  return listeners_ > 0;
}

sinks seat_topic::where_to_announce() const {
  const std::lock_guard guard(mutex_);
  return sinks_;
}

bool seat_topic::follow(const backend& service) {
  const std::lock_guard one_at_a_time(follow_mutex_); // map_ and number_ change under it only
  const auto now = service.seats(option_->id);
  if (now == nullptr || now == map_) return false;
  const auto changes = now->changes_since(*map_);
  auto number = number_;
  event_piece piece;
  if (!changes.empty()) {
    // The commit's number, unless a store that failed and came back has published an older one.
    number = std::max(static_cast<std::uint64_t>(now->version()), number_ + 1);
    piece = event_piece(seat_changes_event(id_of(number), number, *option_, changes));
  }

  const std::lock_guard guard(mutex_);
  map_ = now;
  if (!piece) return false;
  number_ = number;
  snapshot_ = reset_ = {};
  row_bytes_ += piece.text().size();
  row_.push_back({number, std::move(piece)});
  shorten_row();
  return true;
}

void seat_topic::shorten_row() {
  while (row_.size() > most_events || row_bytes_ > most_bytes) {
    row_start_ = row_.front().number;
    row_bytes_ -= row_.front().piece.text().size();
    row_.pop_front();
  }
}

listener::told seat_topic::next_after(std::uint64_t& heard) {
  const std::lock_guard guard(mutex_);
  if (heard == number_) return {};
  if (heard < row_start_) {
    const bool as_reset = heard != knows_nothing;
    heard = number_;
    return {state(as_reset), false};
  }
  const auto next = std::upper_bound(row_.begin(), row_.end(), heard,
                                     [](auto number, const event& e) { return number < e.number; });
  heard = next->number;
  return {next->piece, false};
}

const event_piece& seat_topic::state(bool as_reset) {
  auto& piece = as_reset ? reset_ : snapshot_;
  if (!piece)
    piece = event_piece(seat_state_event(as_reset ? "reset" : "snapshot", id_of(number_), number_,
                                         *option_, *map_));
  return piece;
}

std::string seat_topic::id_of(std::uint64_t number) const {
  return incarnation_ + '-' + std::to_string(number);
}

// Where in the row an event's id is, or knows_what_is_void.
std::uint64_t seat_topic::known_number(const std::string& event_id) const {
  const auto prefix = incarnation_ + '-';
  if (event_id.compare(0, prefix.size(), prefix) != 0) return knows_what_is_void;
  std::uint64_t number = 0;
  const auto end = event_id.data() + event_id.size();
  const auto [stop, error] = std::from_chars(event_id.data() + prefix.size(), end, number);
  if (error != std::errc{} || stop != end) return knows_what_is_void;
  if (number == row_start_) return number;
  const bool in_row =
      std::any_of(row_.begin(), row_.end(), [&](const event& e) { return e.number == number; });
  return in_row ? number : knows_what_is_void;
}

} // namespace boxoffice::http
