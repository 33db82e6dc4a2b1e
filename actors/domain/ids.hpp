// Numbers that name things. Each kind has a type of its own, so that a seat is never passed for a
// booking; all are positive once given out, and 0 means "none".
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace boxoffice::domain {

template <class Tag>
struct id {
  std::int64_t value = 0;

  explicit operator bool() const { return value != 0; }
  friend bool operator==(id a, id b) { return a.value == b.value; }
  friend bool operator!=(id a, id b) { return a.value != b.value; }
  friend bool operator<(id a, id b) { return a.value < b.value; }
};

using concert_id = id<struct concert_tag>;
using option_id = id<struct option_tag>;
using seat_id = id<struct seat_tag>;
using booking_id = id<struct booking_tag>;
using payment_id = id<struct payment_tag>;
using token_id = id<struct token_tag>;             // the row; clients know a token by its token_key
using reservation_id = id<struct reservation_tag>; // one a booked seat
using point_id = id<struct point_tag>;
using entry_id = id<struct entry_tag>;
using audit_id = id<struct audit_tag>; // given by the store, which numbers the acts itself

// The sequences that ids are drawn from.
enum class id_kind { concert, option, seat, booking, payment, token, reservation, point, entry };
constexpr std::size_t id_kinds = 9;

// Where each sequence goes on: the next id of each kind, by id_kind.
using id_counters = std::array<std::int64_t, id_kinds>;

// How many parts all that is sold is divided into: see shard.hpp.
constexpr int shards = 64;

// Hands out ids, each once. Starts where the store's counters stand; the store raises them in the
// commit that first uses an id, so an id that somebody was told is never given out again.
// Any thread.
class id_source {
public:
  explicit id_source(const id_counters& next) {
    for (std::size_t i = 0; i < id_kinds; ++i) next_[i].store(next[i]);
  }

  template <class Id>
  Id next(id_kind kind) {
    return Id{next_[static_cast<std::size_t>(kind)].fetch_add(1)};
  }

  // The first of `count` ids in a row.
  template <class Id>
  Id next_block(id_kind kind, std::int64_t count) {
    return Id{next_[static_cast<std::size_t>(kind)].fetch_add(count)};
  }

  // One that is the shard's by its remainder, of the next block of `shards` ids that begins with a
  // multiple of that: such a block has one for each shard. The block's others are given to nobody,
  // for those of one sale are of one shard anyway.
  template <class Id>
  Id next_in_shard(id_kind kind, int shard) {
    auto& next = next_[static_cast<std::size_t>(kind)];
    auto seen = next.load();
    std::int64_t block = 0;
    do block = (seen + shards - 1) / shards * shards;
    while (!next.compare_exchange_weak(seen, block + shards));
    return Id{block + shard};
  }

private:
  std::array<std::atomic<std::int64_t>, id_kinds> next_;
};

} // namespace boxoffice::domain

template <class Tag>
struct std::hash<boxoffice::domain::id<Tag>> {
  std::size_t operator()(boxoffice::domain::id<Tag> x) const noexcept {
    return std::hash<std::int64_t>{}(x.value);
  }
};
