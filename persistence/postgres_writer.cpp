#include "persistence/postgres_writer.hpp"

#include "persistence/id_kind_name.hpp"

#include <variant>

namespace boxoffice::persistence {

namespace {

constexpr const char* raise_counters = R"sql(
UPDATE id_counter c SET next = greatest(c.next, u.next)
FROM unnest($1::text[], $2::bigint[]) AS u (kind, next) WHERE c.kind = u.kind)sql";

} // namespace

void postgres_writer::write(const domain::events& facts) {
  wallets_ = {}; // a batch that failed left them as they were
  tokens_ = {};
  bookings_ = {};
  requests_ = {};
  for (const auto& fact : facts) std::visit(*this, fact);
  write_gathered();

  column kind(column::of::texts), next(column::of::integers);
  const auto highest = find_highest_used(facts);
  for (std::size_t k = 0; k < domain::id_kinds; ++k) {
    if (highest[k] == 0) continue;
    kind.add(to_string(static_cast<domain::id_kind>(k)));
    next.add(highest[k] + 1);
  }
  if (kind.size() > 0) db_.run(raise_counters, {&kind, &next});
}

// Users before what is theirs; refunds before the bookings they end.
void postgres_writer::write_gathered() {
  wallets_.write(db_);
  tokens_.write(db_);
  bookings_.write(db_);
  requests_.write(db_);
}

} // namespace boxoffice::persistence
