// Letters, and what clients are told, as bytes: how the nodes of a cluster say them to one another.
//
// Neighbouring releases understand each other: both sides speak the highest version that both know.
// What that version has no words for can't be written, and its sender must refuse it; a field that
// it lacks is left out, and read as if nobody had set it.
//
// What it is made of, and what every reader is safe from: persistence/packed.hpp; which fields a
// letter has: letter_fields.hpp.
#pragma once

#include "actors/messages.hpp"
#include "persistence/packed.hpp"

#include <string>
#include <string_view>
#include <type_traits>

namespace boxoffice::actors {

// The versions of packed.hpp that this release speaks.
constexpr int oldest_spoken = 2;
constexpr int newest_spoken = 2;

// Letters that never leave their node, for it has sender and receiver: inside an option's shard,
// from the loader or the journal to who asked, from the directory to whom it has, and to the
// caretaker. All others are a client's, or go from shard to shard.
template <class Letter>
struct stays_home
    : std::disjunction<std::is_same<Letter, attempt_lost>, std::is_same<Letter, request_noted>,
                       std::is_same<Letter, booking_noted>, std::is_same<Letter, open_booking>,
                       std::is_same<Letter, seat_answered>, std::is_same<Letter, wind_up_booking>,
                       std::is_same<Letter, check_expiry>, std::is_same<Letter, claim_seat>,
                       std::is_same<Letter, settle_seat>, std::is_same<Letter, token_traced>,
                       std::is_same<Letter, inquiry_begun>, std::is_same<Letter, wake>,
                       std::is_same<Letter, flushed>, std::is_same<Letter, clean_up>,
                       std::is_same<Letter, past_found>> {};

// The bytes are no letter, or no outcome.
using unreadable_letter = persistence::packed::unreadable;
// They may be one, but hold a kind of thing that this version doesn't have.
using unknown_letter = persistence::packed::unknown_kind;
// The version has no words for it, or it is a letter that stays home.
using unsayable_letter = persistence::packed::not_spoken;

// Throw unsayable_letter.
std::string encode(const letter&, int version);
std::string encode(const outcome&, int version);

// Throw unreadable_letter or unknown_letter.
letter decode_letter(std::string_view, int version);
outcome decode_outcome(std::string_view, int version);

} // namespace boxoffice::actors
