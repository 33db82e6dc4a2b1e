// Plain data as bytes, and back: what the log of events and the letters between nodes are made of.
//
// A type says once what it consists of, for writer and reader alike, in this namespace or its own:
//
//   template <class E> auto fields(E& e, of<user>) { return std::tie(e.id, e.name, e.email); }
//
// They stand one after the other. An integer is zigzag-coded in groups of seven bits, low ones
// first; a text or a list is its size and what is in it; what may be missing is 0, or 1 and the
// value; one of several kinds is the kind's place and the value; times are microseconds since 1970.
// A field that a list forgets is an error of compilation.
//
// What is added comes with a version, and both who writes and who reads knows that of the bytes:
// a field says since when it is there, a kind or an enumerator is added behind the others and
// counted in known(). All that is packed counts its versions together. So far:
//   1  events
//   2  letters and outcomes; a performance's cancellation
//
// A reader believes nothing: whatever the bytes are, it stays within them, takes no more memory
// than they could fill, and comes to a value or throws.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace boxoffice::persistence::packed {

template <class T>
struct of {};

// The bytes are not what was to be read.
struct unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
  unreadable() : runtime_error("The bytes hold nothing that could be read from them.") {}
};
// They hold a kind of thing that this version doesn't have.
struct unknown_kind : unreadable {
  unknown_kind() : unreadable("The bytes hold a kind of thing that is not known.") {}
};
// Whoever reads this version would not know what it is.
struct not_spoken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// --- what a type says of itself

// A field that is there since a version. Read from an older one it stays as it was made.
template <class T>
struct later_field {
  int version;
  T& field;
};
template <class T>
later_field<T> since(int version, T& field) {
  return {version, field};
}

// A number without order or size, in eight bytes.
template <class T>
struct opaque_field {
  T& bits;
};
template <class T>
opaque_field<T> opaque(T& bits) {
  return {bits};
}

// A list of fields of which some say more than std::tie could take.
template <class... Fields>
std::tuple<Fields...> list(Fields&&... all) {
  return std::tuple<Fields...>(std::forward<Fields>(all)...);
}

// How many kinds a version has, of those that stand in the order in which they were added; and how
// many enumerators, which each enumeration has to say.
template <class... Kinds>
constexpr std::size_t known(of<std::variant<Kinds...>>, int /*version*/) {
  return sizeof...(Kinds);
}

// A kind that is never packed, though it stands among others that are.
template <class T, class = void>
struct is_kept_back : std::false_type {};

// How many fields an aggregate has: as many as it can be made of. (An optional takes `anything` by
// its constructor and not by the conversion, which GCC mentions; nothing is ever converted.)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
struct anything {
  template <class T>
  operator T() const;
};
template <class T, class Enough, class... Values>
struct count_fields : std::integral_constant<std::size_t, sizeof...(Values) - 1> {};
template <class T, class... Values>
struct count_fields<T, std::void_t<decltype(T{std::declval<Values>()...})>, Values...>
    : count_fields<T, void, Values..., anything> {};
#pragma GCC diagnostic pop

template <class T, class Fields>
constexpr bool names_all_fields() {
  if constexpr (std::is_aggregate_v<T>)
    return count_fields<T, void>::value == std::tuple_size_v<Fields>;
  else
    return true; // its constructors know
}

// What holds its own kind does so by a pointer, so this bounds how deep it goes.
constexpr int most_nested = 2;

// --- writing

class writer {
public:
  explicit writer(int version) : version_(version) { bytes.reserve(128); }

  std::string bytes;

  template <class T>
  void put(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      put_number_of_kind(static_cast<std::size_t>(value), known(of<T>{}, version_));
    } else if constexpr (std::is_integral_v<T>) {
      put_integer(static_cast<std::int64_t>(value));
    } else {
      const auto all = fields(value, of<T>{});
      static_assert(names_all_fields<T, std::decay_t<decltype(all)>>(), "a field is forgotten");
      std::apply([this](const auto&... each) { (put(each), ...); }, all);
    }
  }
  template <class T>
  void put(const later_field<T>& later) {
    if (version_ >= later.version) put(later.field);
  }
  template <class T>
  void put(const opaque_field<T>& opaque) {
    static_assert(sizeof(T) == 8);
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(opaque.bits >> shift);
  }
  void put(const std::string& text) {
    put(text.size());
    bytes += text;
  }
  template <std::size_t Size>
  void put(const std::array<unsigned char, Size>& raw) {
    bytes.append(raw.begin(), raw.end());
  }
  template <class Rep, class Period>
  void put(const std::chrono::duration<Rep, Period>& span) {
    put(span.count());
  }
  template <class Duration>
  void put(const std::chrono::time_point<std::chrono::system_clock, Duration>& t) {
    put(t.time_since_epoch());
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::shared_ptr<T>& value) {
    put(value != nullptr);
    if (value == nullptr) return;
    if (++nested_ > most_nested) throw not_spoken("It is nested too deep to be packed.");
    put(*value);
    --nested_;
  }
  template <class T>
  void put(const std::vector<T>& all) {
    put(all.size());
    for (const auto& each : all) put(each);
  }
  template <class... Kinds>
  void put(const std::variant<Kinds...>& value) {
    put_number_of_kind(value.index(), known(of<std::variant<Kinds...>>{}, version_));
    std::visit([this](const auto& each) { put_kind(each); }, value);
  }

private:
  void put_integer(std::int64_t value) {
    auto rest = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
    for (; rest >= 0x80; rest >>= 7) bytes += static_cast<char>(rest | 0x80);
    bytes += static_cast<char>(rest);
  }
  void put_number_of_kind(std::size_t number, std::size_t known_ones) {
    if (number >= known_ones) throw not_spoken("It is of a kind that this version doesn't have.");
    put(number);
  }
  template <class Kind>
  void put_kind(const Kind& value) {
    if constexpr (is_kept_back<Kind>::value)
      throw not_spoken("It is of a kind that is never packed.");
    else
      put(value);
  }

  const int version_;
  int nested_ = 0;
};

// --- reading

class reader {
public:
  reader(std::string_view bytes, int version) : rest_(bytes), version_(version) {}

  bool at_end() const { return rest_.empty(); }

  template <class T>
  void take(T& value) {
    if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(take_number_of_kind(known(of<T>{}, version_)));
    } else if constexpr (std::is_integral_v<T>) {
      const auto whole = take_integer();
      value = static_cast<T>(whole);
      if (static_cast<std::int64_t>(value) != whole) throw unreadable();
    } else {
      std::apply([this](auto&&... each) { (take(each), ...); }, fields(value, of<T>{}));
    }
  }
  template <class T>
  void take(later_field<T>& later) {
    if (version_ >= later.version) take(later.field);
  }
  template <class T>
  void take(opaque_field<T>& opaque) {
    static_assert(sizeof(T) == 8);
    for (const char byte : take_bytes(8))
      opaque.bits = opaque.bits << 8 | static_cast<unsigned char>(byte);
  }
  void take(std::string& text) { text = take_bytes(take_size()); }
  template <std::size_t Size>
  void take(std::array<unsigned char, Size>& raw) {
    const auto bytes = take_bytes(Size);
    std::copy(bytes.begin(), bytes.end(), raw.begin());
  }
  template <class Rep, class Period>
  void take(std::chrono::duration<Rep, Period>& span) {
    Rep count = 0;
    take(count);
    span = std::chrono::duration<Rep, Period>(count);
  }
  template <class Duration>
  void take(std::chrono::time_point<std::chrono::system_clock, Duration>& t) {
    Duration since_epoch{};
    take(since_epoch);
    t = std::chrono::time_point<std::chrono::system_clock, Duration>(since_epoch);
  }
  template <class T>
  void take(std::optional<T>& value) {
    if (take_bool()) take(value.emplace());
  }
  template <class T>
  void take(std::shared_ptr<T>& value) {
    if (!take_bool()) return;
    if (++nested_ > most_nested) throw unreadable();
    auto fresh = std::make_shared<std::remove_const_t<T>>();
    take(*fresh);
    value = std::move(fresh);
    --nested_;
  }
  template <class T>
  void take(std::vector<T>& all) {
    for (auto left = take_size(); left > 0; --left) take(all.emplace_back());
  }
  template <class... Kinds>
  void take(std::variant<Kinds...>& value) {
    take_kind(value, take_number_of_kind(known(of<std::variant<Kinds...>>{}, version_)),
              std::index_sequence_for<Kinds...>{});
  }

private:
  std::int64_t take_integer() {
    std::uint64_t all = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(take_bytes(1).front());
      if (shift == 63 && byte > 1) throw unreadable(); // more than 64 bits
      all |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    return static_cast<std::int64_t>(all >> 1) ^ -static_cast<std::int64_t>(all & 1);
  }
  bool take_bool() {
    bool value = false;
    take(value);
    return value;
  }
  // Of what follows, each at least a byte: no more than there is.
  std::size_t take_size() {
    const auto value = static_cast<std::size_t>(take_integer());
    if (value > rest_.size()) throw unreadable();
    return value;
  }
  std::size_t take_number_of_kind(std::size_t known_ones) {
    const auto number = static_cast<std::size_t>(take_integer());
    if (number >= known_ones) throw unknown_kind();
    return number;
  }
  std::string_view take_bytes(std::size_t n) {
    if (n > rest_.size()) throw unreadable();
    const auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  template <class Variant, std::size_t... At>
  void take_kind(Variant& value, std::size_t kind, std::index_sequence<At...>) {
    ((kind == At ? take_alternative<At>(value) : void()), ...);
  }
  template <std::size_t At, class Variant>
  void take_alternative(Variant& value) {
    if constexpr (is_kept_back<std::variant_alternative_t<At, Variant>>::value)
      throw unreadable();
    else
      take(value.template emplace<At>());
  }

  std::string_view rest_;
  const int version_;
  int nested_ = 0;
};

} // namespace boxoffice::persistence::packed
