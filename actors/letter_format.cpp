#include "actors/letter_format.hpp"

#include "actors/letter_fields.hpp"

#include <utility>

namespace boxoffice::actors {

namespace packed = persistence::packed;

namespace {

template <class Told>
std::string pack(const Told& what, int version) {
  if (version < oldest_spoken || version > newest_spoken)
    throw unsayable_letter("This release doesn't speak version " + std::to_string(version) + ".");
  packed::writer out(version);
  out.put(what);
  return std::move(out.bytes);
}

template <class Told>
Told unpack(std::string_view bytes, int version) {
  if (version < oldest_spoken || version > newest_spoken)
    throw unreadable_letter("This release doesn't speak version " + std::to_string(version) + ".");
  Told what;
  packed::reader in(bytes, version);
  in.take(what);
  if (!in.at_end()) throw unreadable_letter("More bytes came than were read.");
  return what;
}

// Who asks a wallet, and is asked after a user. Others don't know what to do with such a letter,
// and an entity that fails takes all of its generation along.
bool is_queue_or_desk(const entity_ref& who) {
  return who.kind == entity_kind::queue || who.kind == entity_kind::option;
}

// What a letter's receiver relies on, beyond its type.
bool hangs_together(const letter& l) {
  if (const auto* question = std::get_if<describe_owner>(&l))
    return is_queue_or_desk(question->asker);
  if (const auto* word = std::get_if<owner_described>(&l)) return is_queue_or_desk(word->asker);
  if (const auto* question = std::get_if<asked_after_user>(&l))
    return is_queue_or_desk(question->whom);
  if (const auto* payment = std::get_if<admit_payment>(&l))
    return payment->command.claim.token.has_value(); // the queue judges it
  if (const auto* asked = std::get_if<recall>(&l)) {
    if (asked->key == nullptr) return false; // it says who is asked
    if (asked->next == nullptr) return true;
    const auto& next = asked->next->what;
    return !std::holds_alternative<recall>(next) && hangs_together(next); // asked once is enough
  }
  return true;
}

} // namespace

std::string encode(const letter& what, int version) {
  if (!hangs_together(what)) throw unsayable_letter("It lacks what its receiver relies on.");
  return pack(what, version);
}
std::string encode(const outcome& what, int version) { return pack(what, version); }

letter decode_letter(std::string_view bytes, int version) {
  auto what = unpack<letter>(bytes, version);
  if (!hangs_together(what))
    throw unreadable_letter("The letter lacks what its receiver relies on.");
  return what;
}
outcome decode_outcome(std::string_view bytes, int version) {
  return unpack<outcome>(bytes, version);
}

} // namespace boxoffice::actors
