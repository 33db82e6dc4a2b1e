#include "persistence/event_format.hpp"

#include "persistence/store.hpp"

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <utility>

namespace boxoffice::persistence {

namespace {

template <class T>
struct of {};

// --- the fields of everything that is written, in the order in which they stand

// clang-format off: a line a kind
template <class E>
auto fields(E& e, of<domain::user>) {
  return std::tie(e.id, e.name, e.email);
}
template <class E>
auto fields(E& e, of<domain::concert>) {
  return std::tie(e.id, e.title, e.created_at);
}
template <class E>
auto fields(E& e, of<domain::section>) {
  return std::tie(e.name, e.first_seat, e.seats, e.price);
}
template <class E>
auto fields(E& e, of<domain::concert_option>) {
  return std::tie(e.id, e.concert, e.starts_at, e.venue, e.time_zone, e.local_date, e.sales_open_at,
                  e.sales_close_at, e.sections);
}
template <class E>
auto fields(E& e, of<domain::calendar_date>) {
  return std::tie(e.year, e.month, e.day);
}
template <class E>
auto fields(E& e, of<domain::seat_name>) {
  return std::tie(e.section, e.number);
}
template <class E>
auto fields(E& e, of<domain::booked_seat>) {
  return std::tie(e.seat, e.reservation, e.name, e.price);
}
template <class E>
auto fields(E& e, of<domain::request_key>) {
  return std::tie(e.owner, e.route, e.actor, e.key, e.print, e.detail);
}
template <class E>
auto fields(E& e, of<domain::written_answer>) {
  return std::tie(e.status, e.body, e.location);
}

template <class E>
auto fields(E& e, of<domain::user_created>) {
  return std::tie(e.who, e.wallet, e.at);
}
template <class E>
auto fields(E& e, of<domain::user_changed>) {
  return std::tie(e.who, e.at);
}
template <class E>
auto fields(E& e, of<domain::user_erased>) {
  return std::tie(e.user, e.at);
}
template <class E>
auto fields(E& e, of<domain::concert_created>) {
  return std::tie(e.what);
}
template <class E>
auto fields(E& e, of<domain::option_created>) {
  return std::tie(e.what);
}
template <class E>
auto fields(E& e, of<domain::option_drafted>) {
  return std::tie(e.what);
}
template <class E>
auto fields(E& e, of<domain::seats_laid>) {
  return std::tie(e.option, e.concert, e.section, e.first, e.first_number, e.count, e.price);
}
template <class E>
auto fields(E& e, of<domain::option_published>) {
  return std::tie(e.what);
}
template <class E>
auto fields(E& e, of<domain::option_cancelled>) {
  return std::tie(e.option, e.at);
}
template <class E>
auto fields(E& e, of<domain::cancellation_completed>) {
  return std::tie(e.option, e.at);
}
template <class E>
auto fields(E& e, of<domain::token_issued>) {
  return std::tie(e.token, e.row, e.concert, e.user, e.arrival, e.priority, e.at, e.expires_at);
}
template <class E>
auto fields(E& e, of<domain::token_admitted>) {
  return std::tie(e.token, e.concert, e.user, e.at, e.expires_at);
}
template <class E>
auto fields(E& e, of<domain::token_expired>) {
  return std::tie(e.token, e.concert, e.user, e.at);
}
template <class E>
auto fields(E& e, of<domain::token_prioritized>) {
  return std::tie(e.token, e.concert, e.priority, e.at);
}
template <class E>
auto fields(E& e, of<domain::queue_configured>) {
  return std::tie(e.concert, e.active_limit, e.admit_per_second, e.paused, e.at);
}
template <class E>
auto fields(E& e, of<domain::booking_created>) {
  return std::tie(e.booking, e.option, e.concert, e.user, e.token, e.seats, e.total, e.at,
                  e.expires_at);
}
template <class E>
auto fields(E& e, of<domain::booking_expired>) {
  return std::tie(e.booking, e.option, e.seats, e.at);
}
template <class E>
auto fields(E& e, of<domain::payment_started>) {
  return std::tie(e.booking, e.payment, e.token, e.at);
}
template <class E>
auto fields(E& e, of<domain::payment_refused>) {
  return std::tie(e.booking, e.payment, e.at);
}
template <class E>
auto fields(E& e, of<domain::booking_confirmed>) {
  return std::tie(e.booking, e.option, e.payment, e.seats, e.at);
}
template <class E>
auto fields(E& e, of<domain::booking_settled>) {
  return std::tie(e.booking);
}
template <class E>
auto fields(E& e, of<domain::refund_started>) {
  return std::tie(e.booking, e.payment, e.at);
}
template <class E>
auto fields(E& e, of<domain::booking_cancelled>) {
  return std::tie(e.booking, e.option, e.seats, e.at);
}
template <class E>
auto fields(E& e, of<domain::wallet_charged>) {
  return std::tie(e.user, e.entry, e.amount, e.balance, e.guards_double_submit, e.at);
}
template <class E>
auto fields(E& e, of<domain::wallet_debited>) {
  return std::tie(e.user, e.entry, e.payment, e.booking, e.amount, e.balance, e.at);
}
template <class E>
auto fields(E& e, of<domain::debit_refused>) {
  return std::tie(e.user, e.payment, e.booking, e.amount, e.at);
}
template <class E>
auto fields(E& e, of<domain::wallet_refunded>) {
  return std::tie(e.user, e.entry, e.payment, e.booking, e.amount, e.balance, e.at);
}
template <class E>
auto fields(E& e, of<domain::wallet_adjusted>) {
  return std::tie(e.user, e.entry, e.amount, e.balance, e.reason, e.at);
}
template <class E>
auto fields(E& e, of<domain::operator_acted>) {
  return std::tie(e.act, e.subject, e.reason, e.at);
}
template <class E>
auto fields(E& e, of<domain::request_begun>) {
  return std::tie(e.key, e.booking, e.at);
}
template <class E>
auto fields(E& e, of<domain::request_answered>) {
  return std::tie(e.key, e.booking, e.answer, e.at, e.expires_at);
}
template <class E>
auto fields(E& e, of<domain::request_dropped>) {
  return std::tie(e.key);
}
template <class E>
auto fields(E& e, of<domain::tokens_forgotten>) {
  return std::tie(e.concert, e.tokens, e.at);
}
template <class E>
auto fields(E& e, of<domain::bookings_forgotten>) {
  return std::tie(e.option, e.bookings, e.at);
}
// clang-format on

[[noreturn]] void fail_content() {
  throw store_failed(store_failed::reason::damaged,
                     "The log of events holds bytes that are no events.");
}

// --- writing

class writer {
public:
  std::string bytes;

  template <class T>
  void put(const T& value) {
    std::apply([this](const auto&... each) { (put(each), ...); }, fields(value, of<T>{}));
  }
  void put(std::int64_t value) {
    auto rest = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
    for (; rest >= 0x80; rest >>= 7) bytes += static_cast<char>(rest | 0x80);
    bytes += static_cast<char>(rest);
  }
  void put(int value) { put(std::int64_t{value}); }
  void put(std::size_t value) { put(static_cast<std::int64_t>(value)); }
  void put(bool value) { put(std::int64_t{value}); }
  void put(const std::string& text) {
    put(text.size());
    bytes += text;
  }
  void put(const domain::user_id& user) { put(user.value); }
  void put(domain::money amount) { put(amount.minor); }
  void put(domain::time_point t) { put(domain::to_micros(t)); }
  void put(domain::token_key key) {
    for (const auto half : {key.high, key.low})
      for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(half >> shift);
  }
  void put(const domain::fingerprint& print) {
    bytes.append(print.bytes.begin(), print.bytes.end());
  }
  void put(domain::whole_catalogue) {}
  template <class Tag>
  void put(domain::id<Tag> id) {
    put(id.value);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& all) {
    put(all.size());
    for (const auto& each : all) put(each);
  }
  template <class... Kinds>
  void put(const std::variant<Kinds...>& value) {
    put(value.index());
    std::visit([this](const auto& each) { put(each); }, value);
  }
};

// --- reading

class reader_of_bytes {
public:
  explicit reader_of_bytes(std::string_view bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }

  template <class T>
  void take(T& value) {
    std::apply([this](auto&... each) { (take(each), ...); }, fields(value, of<T>{}));
  }
  void take(std::int64_t& value) {
    std::uint64_t all = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(take_bytes(1).front());
      if (shift > 63) fail_content();
      all |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    value = static_cast<std::int64_t>(all >> 1) ^ -static_cast<std::int64_t>(all & 1);
  }
  void take(int& value) { value = static_cast<int>(integer()); }
  void take(std::size_t& value) { value = static_cast<std::size_t>(integer()); }
  void take(bool& value) { value = integer() != 0; }
  void take(std::string& text) { text = take_bytes(size()); }
  void take(domain::user_id& user) { take(user.value); }
  void take(domain::money& amount) { take(amount.minor); }
  void take(domain::time_point& t) { t = domain::from_micros(integer()); }
  void take(domain::token_key& key) {
    for (auto* half : {&key.high, &key.low})
      for (const char byte : take_bytes(8)) *half = *half << 8 | static_cast<unsigned char>(byte);
  }
  void take(domain::fingerprint& print) {
    const auto bytes = take_bytes(print.bytes.size());
    std::copy(bytes.begin(), bytes.end(), print.bytes.begin());
  }
  void take(domain::whole_catalogue&) {}
  template <class Tag>
  void take(domain::id<Tag>& id) {
    take(id.value);
  }
  template <class T>
  void take(std::optional<T>& value) {
    bool there = false;
    take(there);
    if (there) take(value.emplace());
  }
  template <class T>
  void take(std::vector<T>& all) {
    for (auto left = size(); left > 0; --left) take(all.emplace_back());
  }
  template <class... Kinds>
  void take(std::variant<Kinds...>& value) {
    const auto kind = static_cast<std::size_t>(integer());
    if (kind >= sizeof...(Kinds)) fail_content();
    take_kind(value, kind, std::index_sequence_for<Kinds...>{});
  }

private:
  std::int64_t integer() {
    std::int64_t value = 0;
    take(value);
    return value;
  }
  // Of what follows: no more than there is, so that damage asks for no memory.
  std::size_t size() {
    const auto value = integer();
    if (value < 0 || static_cast<std::size_t>(value) > rest_.size()) fail_content();
    return static_cast<std::size_t>(value);
  }
  std::string_view take_bytes(std::size_t n) {
    if (n > rest_.size()) fail_content();
    const auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  template <class Variant, std::size_t... Kind>
  void take_kind(Variant& value, std::size_t kind, std::index_sequence<Kind...>) {
    ((kind == Kind ? take(value.template emplace<Kind>()) : void()), ...);
  }

  std::string_view rest_;
};

} // namespace

std::string encode(const domain::events& facts) {
  writer out;
  for (const auto& fact : facts) out.put(fact);
  return std::move(out.bytes);
}

domain::events decode(std::string_view bytes) {
  domain::events facts;
  for (reader_of_bytes in(bytes); !in.at_end();) in.take(facts.emplace_back());
  return facts;
}

} // namespace boxoffice::persistence
