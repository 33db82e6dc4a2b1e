// Random lives of wallets and bookings (CONTRACT 2, Wallet and Payment).
#include "actors/domain/wallet.hpp"
#include "tests/domain/samples.hpp"

#include <map>
#include <optional>
#include <utility>

namespace boxoffice::domain::test {

namespace {

// A wallet and the entries that must add up to its balance.
class random_wallet {
public:
  explicit random_wallet(dice& d) : d_(d), wallet_(created(opening_)) {
    rules_.max_charge = {d.between<std::int64_t>(1, 50'000)};
    rules_.max_balance = {d.between<std::int64_t>(1, 100'000)};
    rules_.double_submit_window = std::chrono::milliseconds(d.between(0, 2000));
  }

  void step() {
    now_ += duration(d_.chance(50) ? 0 : d_.between<std::int64_t>(1, 3'000'000));
    if (d_.chance(50))
      charge();
    else
      debit();
    require(wallet_.balance == sum_, "the balance is the sum of the entries");
    require(wallet_.balance >= money{0}, "a balance is never below 0");
  }

  void check_replay() const {
    auto again = created(opening_);
    for (const auto& e : journal_) evolve(again, e);
    require(again.balance == wallet_.balance && again.debited == wallet_.debited &&
                again.refused == wallet_.refused,
            "the journal tells the whole story");
  }

private:
  void charge() {
    const money amount{d_.chance(30) ? last_amount_.minor : d_.between<std::int64_t>(-5, 60'000)};
    const bool repeats = last_charged_ && amount == last_amount_ &&
                         now_ - *last_charged_ < rules_.double_submit_window;
    const auto answer = decide_charge(wallet_, rules_, amount, {++entries_}, now_);
    if (amount <= money{0} || amount > rules_.max_charge)
      require(code_of(answer) == error_code::invalid_request, "an amount outside the bounds");
    else if (repeats)
      require(code_of(answer) == error_code::duplicate_request, "a double submit");
    else if (sum_ + amount > rules_.max_balance)
      require(code_of(answer) == error_code::balance_limit, "a balance above the limit");
    else {
      auto e = only<wallet_charged>(value_of(answer));
      require(e.balance == sum_ + amount, "an entry says the balance after it");
      e.guards_double_submit = d_.chance(70); // else the charge came with an Idempotency-Key
      if (e.guards_double_submit) {
        last_amount_ = amount;
        last_charged_ = now_;
      }
      note({e});
      sum_ = sum_ + amount;
    }
  }

  // As bookings ask: for the same payment again, or for the next once it was refused.
  void debit() {
    const booking_id booking{d_.between<std::int64_t>(1, 60)};
    const auto [found, is_first] = asked_.try_emplace(booking);
    auto& [payment, amount, word] = found->second;
    const bool again = !is_first && (word || d_.chance(50));
    if (!again) {
      payment = {++payments_};
      amount = money{d_.between<std::int64_t>(0, 40'000)};
    }
    const auto answer = decide_debit(wallet_, payment, booking, amount, {++entries_}, now_);
    if (again) {
      require(answer.facts.empty() && answer.debited == word, "a payment is decided once");
      return;
    }
    word = amount <= sum_;
    require(answer.debited == word, "whoever has enough can pay, and nobody else");
    require(answer.facts.size() == 1, "a refusal is recorded like a debit");
    note(answer.facts);
    if (word) sum_ = sum_ - amount;
    require(wallet_.refused.size() <= asked_.size(), "a booking leaves one refusal behind");
  }

  void note(const events& facts) {
    for (const auto& e : facts) {
      evolve(wallet_, e);
      journal_.push_back(e);
    }
  }

  dice& d_;
  const user_created opening_{{alice, "Alice", ""}, {1}, noon};
  wallet wallet_;
  domain::wallet_rules rules_;
  time_point now_ = noon;
  std::int64_t entries_ = 0;
  events journal_;
  money sum_;
  money last_amount_{1};
  std::optional<time_point> last_charged_;
  struct attempt {
    payment_id payment;
    money amount;
    bool debited = false;
  };
  std::map<booking_id, attempt> asked_; // the last of each booking, and what it was told
  std::int64_t payments_ = 0;
};

// Which state may follow which, apart from staying.
bool may_become(booking_status from, booking_status to) {
  using s = booking_status;
  switch (from) {
  case s::pending: return to == s::paying || to == s::expired;
  case s::paying: return to == s::confirmed || to == s::pending || to == s::expired;
  default: return false;
  }
}

void random_booking_life(dice& d) {
  auto b = pending();
  auto now = noon;
  std::int64_t attempts = 0;
  int debits = 0;
  for (int step = 0; step < 60; ++step) {
    now += std::chrono::milliseconds(d.between(0, 4000));
    const auto before = b;
    const bool in_time = now < b.expires_at;
    events facts;
    switch (d.between(0, 3)) {
    case 0: {
      payment_claim claim;
      claim.user = d.chance(80) ? alice : bob;
      const auto answer = decide_payment(b, claim, {++attempts}, false, now);
      const bool payable = claim.user == alice && b.status == booking_status::pending && in_time;
      require((refused(answer) == nullptr) == payable, "who may pay pays, and nobody else");
      if (payable) facts = value_of(answer);
      break;
    }
    case 1: {
      // The wallet's word on any attempt, in time, late or twice.
      const payment_id attempt{d.between<std::int64_t>(0, attempts + 1)};
      const bool debited = d.chance(30);
      facts = decide_debit_outcome(b, attempt, debited, now);
      const bool awaited = b.status == booking_status::paying && b.payment == attempt;
      require(facts.empty() == !awaited, "a late duplicate changes nothing, the awaited word does");
      if (awaited && debited) ++debits;
      break;
    }
    case 2:
      facts = decide_expiry(b, now);
      require(facts.empty() || !in_time, "no hold ends early");
      require(facts.size() == (b.status == booking_status::pending && !in_time ? 1u : 0u),
              "a hold that has run out ends, and a payment that began finishes");
      break;
    case 3: facts = decide_settled(b); break;
    }
    b = then(b, facts);
    require(b.status == before.status || may_become(before.status, b.status), "an illegal state");
    require(facts.empty() || !is_final(before), "something happened to a final booking");
    require(b.status != booking_status::expired || before.status == b.status || !in_time,
            "a booking expired in time");
    require(b.settled <= (b.status == booking_status::confirmed), "only the confirmed settle");
    require(seat_ids(b) == seat_ids(before) && b.total == before.total, "its seats are fixed");
  }
  require(debits == (b.status == booking_status::confirmed ? 1 : 0), "paid once, or not at all");
}

} // namespace

BOOST_AUTO_TEST_SUITE(money_properties)

BOOST_AUTO_TEST_CASE(a_balance_is_the_exact_sum_of_its_entries_and_a_payment_counts_once) {
  play(300, [](dice& d) {
    random_wallet w(d);
    for (int i = 0; i < 150; ++i) w.step();
    w.check_replay();
  });
}

BOOST_AUTO_TEST_CASE(a_booking_never_reaches_an_illegal_state) { play(3000, random_booking_life); }

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
