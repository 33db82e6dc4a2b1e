// What letters have in common, and what a kind of them says of itself.
#pragma once

#include "actors/domain/request_key.hpp"
#include "actors/environment.hpp"

#include <type_traits>
#include <utility>
#include <variant>

namespace boxoffice::actors {

// A client's command, with the number that its answer goes to, and its Idempotency-Key.
template <class Command>
struct asked {
  request_id request = 0;
  Command command;
  domain::request_key_ptr key = nullptr; // nothing: it came without
};

// What the store holds of somebody or something; or there is none such, or its rows make no sense.
struct no_rows {};
struct unreadable_rows {};
template <class T>
using read_or_not = std::variant<no_rows, unreadable_rows, T>;

// A client waits for what it leads to.
template <class M, class = void>
struct bears_request : std::false_type {};
template <class M>
struct bears_request<M, std::void_t<decltype(std::declval<M>().request)>> : std::true_type {};

// What it tells may not be durable yet.
template <class M, class = void>
struct runs_ahead : std::false_type {};
template <class M>
struct runs_ahead<M, std::void_t<typename M::runs_ahead>> : std::true_type {};

// It tells nothing.
template <class M, class = void>
struct only_asks : bears_request<M> {};
template <class M>
struct only_asks<M, std::void_t<typename M::only_asks>> : std::true_type {};

} // namespace boxoffice::actors
