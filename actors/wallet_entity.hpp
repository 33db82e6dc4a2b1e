// A user and his wallet: rules in actors/domain/wallet.hpp. One who is not, or is no more, has an
// entity too while somebody asks for him to be.
#pragma once

#include "actors/entity.hpp"

#include <vector>

namespace boxoffice::actors {

class wallet_entity : public letter_handler<wallet_entity> {
public:
  // Without a wallet: there is no such user yet.
  wallet_entity(domain::user_id who, std::optional<domain::wallet> loaded, node& n,
                entity_exits& exits)
      : letter_handler(ref(who), n, exits), wallet_(std::move(loaded)) {}

  bool busy() const override { return erasure_.has_value(); }
  void abandon() override;

  void on(charge&);
  void on(adjust&);
  void on(read_balance&);
  void on(describe_owner&);
  void on(debit_wallet&);
  void on(credit_wallet&);
  void on(open_account&);
  void on(change_account&);
  void on(close_account&);
  void on(inquiry_begun&);
  void on(user_traced&);
  void on(refusals_gone& m) { domain::forget_refusals(*wallet_, m.bookings); }

private:
  // Whether the user may go is for all to say who may hold something of his: the queues and desks
  // in memory, and the store for those that are not. A booking or token can't begin meanwhile
  // without being seen: whoever makes one asks for its owner here first.
  struct erasure {
    request_id request = 0;
    std::uint64_t correlation = 0;
    std::size_t heard = 0;
    std::optional<std::size_t> asked; // until it is known, more answers may come
    bool in_use = false;
    bool unreadable = false;
    std::vector<request_id> behind; // the same wish, come again meanwhile
  };

  bool exists() const { return wallet_ && !wallet_->erased; }
  wallet_view view() const { return {wallet_->owner, wallet_->id, wallet_->balance}; }
  domain::user_account account() const { return {wallet_->owner, wallet_->created_at}; }
  domain::entry_id next_entry();
  void evolve(const domain::events&);
  void begin_erasure(request_id);
  void end_erasure_if_all_answered();

  std::optional<domain::wallet> wallet_;
  std::optional<erasure> erasure_;
  std::uint64_t last_correlation_ = 0;
};

} // namespace boxoffice::actors
