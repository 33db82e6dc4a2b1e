// Values of whatever is packed: drawn at random, and compared, by the lists of fields that the
// format goes by. (That a list forgets no field the compiler sees to.)
#pragma once

#include "persistence/packed.hpp"
#include "tests/persistence/support.hpp"

namespace boxoffice::persistence::packed::test {

using persistence::test::dice;

// What a version has: of an older one the same values come whatever was added since.
class generator {
public:
  generator(std::uint64_t seed, int version) : dice_(seed), version_(version) {}

  template <class T>
  void fill(T& value) {
    if constexpr (std::is_enum_v<T>)
      value = static_cast<T>(dice_.below(known(of<T>{}, version_)));
    else if constexpr (std::is_same_v<T, bool>)
      value = dice_.one_in(2);
    else if constexpr (std::is_integral_v<T>)
      value = static_cast<T>(dice_.bits() >> dice_.below(64)); // of any size
    else
      std::apply([this](auto&&... each) { (fill(each), ...); }, fields(value, of<T>{}));
  }
  template <class T>
  void fill(later_field<T>& later) {
    if (version_ >= later.version) fill(later.field);
  }
  template <class T>
  void fill(opaque_field<T>& opaque) {
    opaque.bits = dice_.bits();
  }
  void fill(std::string& text) {
    text.resize(dice_.below(20));
    for (auto& byte : text) byte = static_cast<char>(dice_.bits());
  }
  template <std::size_t Size>
  void fill(std::array<unsigned char, Size>& raw) {
    for (auto& byte : raw) byte = static_cast<unsigned char>(dice_.bits());
  }
  template <class Rep, class Period>
  void fill(std::chrono::duration<Rep, Period>& span) {
    span = std::chrono::duration<Rep, Period>(static_cast<Rep>(dice_.bits() >> dice_.below(64)));
  }
  template <class Duration>
  void fill(std::chrono::time_point<std::chrono::system_clock, Duration>& t) {
    t = {};
    t += Duration(static_cast<typename Duration::rep>(dice_.bits() >> dice_.below(64)));
  }
  template <class T>
  void fill(std::optional<T>& value) {
    if (dice_.one_in(2)) fill(value.emplace());
  }
  template <class T>
  void fill(std::shared_ptr<T>& value) {
    if (dice_.one_in(3)) return;
    auto fresh = std::make_shared<std::remove_const_t<T>>();
    fill(*fresh);
    value = std::move(fresh);
  }
  template <class T>
  void fill(std::vector<T>& all) {
    all.resize(dice_.below(4));
    for (auto& each : all) fill(each);
  }
  template <class... Kinds>
  void fill(std::variant<Kinds...>& value) {
    fill_kind(value, dice_.below(known(of<std::variant<Kinds...>>{}, version_)));
  }

  // With something of this kind in it.
  template <class... Kinds>
  void fill_kind(std::variant<Kinds...>& value, std::size_t kind) {
    fill_kind(value, kind, std::index_sequence_for<Kinds...>{});
  }

  bool one_in(std::size_t n) { return dice_.one_in(n); }

private:
  template <class Variant, std::size_t... At>
  void fill_kind(Variant& value, std::size_t kind, std::index_sequence<At...>) {
    ((kind == At ? fill_alternative<At>(value) : void()), ...);
  }
  template <std::size_t At, class Variant>
  void fill_alternative(Variant& value) {
    auto& fresh = value.template emplace<At>();
    if constexpr (!is_kept_back<std::variant_alternative_t<At, Variant>>::value) fill(fresh);
  }

  dice dice_;
  const int version_;
};

// --- whether both have the same in every field

template <class T>
bool same(const T&, const T&);
template <class T>
bool same(const std::optional<T>&, const std::optional<T>&);
template <class T>
bool same(const std::shared_ptr<T>&, const std::shared_ptr<T>&);
template <class T>
bool same(const std::vector<T>&, const std::vector<T>&);
template <class... Kinds>
bool same(const std::variant<Kinds...>&, const std::variant<Kinds...>&);

inline bool same(const std::string& a, const std::string& b) { return a == b; }
template <std::size_t Size>
bool same(const std::array<unsigned char, Size>& a, const std::array<unsigned char, Size>& b) {
  return a == b;
}
template <class Rep, class Period>
bool same(const std::chrono::duration<Rep, Period>& a,
          const std::chrono::duration<Rep, Period>& b) {
  return a == b;
}
template <class Duration>
bool same(const std::chrono::time_point<std::chrono::system_clock, Duration>& a,
          const std::chrono::time_point<std::chrono::system_clock, Duration>& b) {
  return a == b;
}
template <class T>
bool same(const later_field<T>& a, const later_field<T>& b) {
  return same(a.field, b.field);
}
template <class T>
bool same(const opaque_field<T>& a, const opaque_field<T>& b) {
  return a.bits == b.bits;
}

template <class Fields, std::size_t... At>
bool same_fields(const Fields& a, const Fields& b, std::index_sequence<At...>) {
  return (same(std::get<At>(a), std::get<At>(b)) && ...);
}
template <class T>
bool same(const T& a, const T& b) {
  if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    return a == b;
  } else {
    const auto fields_of_a = fields(a, of<T>{});
    const auto fields_of_b = fields(b, of<T>{});
    return same_fields(
        fields_of_a, fields_of_b,
        std::make_index_sequence<std::tuple_size_v<std::decay_t<decltype(fields_of_a)>>>());
  }
}
template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}
template <class T>
bool same(const std::shared_ptr<T>& a, const std::shared_ptr<T>& b) {
  return (a == nullptr) == (b == nullptr) && (a == nullptr || same(*a, *b));
}
template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same(a[i], b[i])) return false;
  return true;
}
template <class... Kinds>
bool same(const std::variant<Kinds...>& a, const std::variant<Kinds...>& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&b](const auto& mine) {
        using kind = std::decay_t<decltype(mine)>;
        if constexpr (is_kept_back<kind>::value)
          return true;
        else
          return same(mine, std::get<kind>(b));
      },
      a);
}

} // namespace boxoffice::persistence::packed::test
