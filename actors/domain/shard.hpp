// The parts into which all that is sold is divided among the nodes of a cluster. Each shard is one
// node's at a time.
//
// Which one something is in follows from its name alone, for ever: all nodes, of any release, must
// say the same, and a stored booking's id has said it already. So these functions never change.
#pragma once

#include "actors/domain/ids.hpp"
#include "actors/domain/user.hpp"

#include <cstdint>

namespace boxoffice::domain {

// The top six bits of the product with 2^64 divided by the golden ratio (Knuth's multiplicative
// hashing): names that follow one another come into shards far apart, so that even six
// performances are in six of them.
constexpr int spread(std::uint64_t name) {
  static_assert(shards == 64);
  return static_cast<int>((name * 0x9E3779B97F4A7C15) >> 58);
}

// A queue's: by its concert.
constexpr int shard_of(concert_id id) { return spread(static_cast<std::uint64_t>(id.value)); }

// A performance's, which its seats and bookings share.
constexpr int shard_of(option_id id) { return spread(static_cast<std::uint64_t>(id.value)); }

// As its performance's, for its id was drawn so: id_source::next_in_shard(). An id that was not, by
// a single node before there was a cluster, says nothing: that booking is where its performance is.
constexpr int shard_of(booking_id id) {
  return static_cast<int>(static_cast<std::uint64_t>(id.value) % shards);
}

// A wallet's: by the 64-bit FNV-1a hash of its user's id.
inline int shard_of(const user_id& user) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : user.value)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x00000100000001B3;
  return spread(hash);
}

} // namespace boxoffice::domain
