// A site with PostgreSQL behind its store. Where answers wait for PostgreSQL, durable is what is
// there: the checker hears of a commit when PostgreSQL has it, and of no other.
#include "sim/invariants.hpp"
#include "sim/site.hpp"

namespace boxoffice::sim {

std::unique_ptr<behind> site::make_behind(random chance) {
  behind::hearers told;
  told.arrived = [this](persistence::commit_number first, persistence::commit_number last) {
    if (!waits_for_postgres()) return;
    judge([&] {
      for (auto n = first; n <= last; ++n) checker_.durable(n, disk_.facts_of(n));
    });
  };
  told.shipped = [this](persistence::commit_number last) {
    if (up()) node_->shipped(last);
  };
  told.judge = [this](const std::function<void()>& judgement) { judge(judgement); };
  told.tell = [this](const std::function<std::string()>& text) { around_.tell(number_, text); };
  told.now = [this] { return around_.now(); };
  return std::make_unique<behind>(plan_.postgres, disk_, chance, around_.reached(),
                                  std::move(told));
}

// Readers are shown what the journal has heard is there; while it fails they may be behind.
void site::settle_postgres() {
  judge([&] { behind_->judge_log(); });
  if (!waits_for_postgres()) return;
  if (!up()) {
    if (store_ != nullptr && behind_->has_all()) serve();
    return;
  }
  const auto heard = node_->heard_shipped();
  if (node_->failing() || heard <= shown_) return;
  shown_ = heard;
  judge([&] { checker_.shown(heard); });
}

// Who asks while nothing is taken is refused: no token, booking or charge is made for them.
void site::judge_bound(const waiting& w, const actors::outcome& what) const {
  if (!behind_) return;
  std::optional<domain::time_point> decided_at;
  if (const auto* booked = std::get_if<actors::booking_view>(&what))
    if (booked->booking.status == domain::booking_status::pending)
      decided_at = booked->booking.created_at;
  if (const auto* charged = std::get_if<actors::entry_view>(&what)) decided_at = charged->entry.at;
  if (const auto* entered = std::get_if<domain::token_view>(&what))
    if (entered->fresh) decided_at = entered->issued_at;
  if (!decided_at) return;
  const auto then = booted_at_ + (*decided_at - clock_at_boot_);
  if (then < w.at) return; // it is told again
  require(!behind_->was_closed(w.at, then), invariant::backlog_bound,
          "a request is served that was decided on at ", *decided_at,
          ", when PostgreSQL was away or lacked too much");
}

void site::lose_disk() {
  disk_lost_ = waits_for_postgres();
  crash();
}

// As `boxoffice rebuild` does.
void site::make_disk_anew() {
  disk_lost_ = false;
  if (!behind_->can_rebuild()) return;
  const auto last = behind_->rebuild();
  around_.reached().reached("postgres: a lost disk was made anew");
  if (last < disk_.last_commit()) around_.reached().reached("postgres: commits were lost untold");
  around_.tell(number_, [&] { return "has a new disk, with commit " + std::to_string(last); });
  disk_.cut_power(); // the machine may have been shut down in order before
  disk_.forget_after(last);
}

} // namespace boxoffice::sim
