// The checker's books of requests with an Idempotency-Key. Private to this room.
#pragma once

#include "actors/commands.hpp"
#include "actors/domain/events.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace boxoffice::sim {

using key_scope = std::tuple<domain::request_owner, std::string, std::string, std::string>;

struct key_record {
  std::string print;
  bool is_answered = false;
  domain::written_answer answer;
  std::uint64_t since = 0; // the instant at which that was durable
  domain::time_point expires_at;
  bool told = false; // as a first answer
};

struct key_books {
  std::map<key_scope, std::vector<key_record>> records; // the last is the one that counts
  std::map<key_scope, std::map<std::string, std::uint64_t>> asked; // how often, by fingerprint
  std::map<domain::booking_id, key_scope> open;                    // begun and not ended

  // What this commit must still say of keyed acts in it, and what may be said.
  std::map<domain::user_id, int> charged;
  std::map<domain::option_id, int> booked;
  std::set<domain::booking_id> started, settled, refused, ended;
};

// The routes of the simulator's clients.
namespace keyed_route {
constexpr char charge[] = "charge", book[] = "book", pay[] = "pay", pay_at_desk[] = "pay at desk";
constexpr char give_up[] = "give up", release[] = "release", call_off[] = "call off";
} // namespace keyed_route

struct sale_books;
struct request;

// Judges what a fact says of keyed requests, or owes them, and takes it in.
void take_keys(sale_books&, const domain::event&);
// Between groups nothing is owed.
void judge_keys(sale_books&);

void note_keyed(sale_books&, const request&);
// The answer to a keyed request, as it left the node: `written` holds the words, `behind` what they
// tell.
void take_keyed_answer(sale_books&, const request&, const domain::written_answer& written,
                       bool is_replay, const actors::outcome& behind, domain::time_point now);
// Any other answer to one; true when there is nothing more to judge.
bool take_keyed_refusal(sale_books&, const request&, const actors::outcome&,
                        domain::time_point now);

} // namespace boxoffice::sim
