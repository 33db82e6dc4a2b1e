// A user's wallet: rules in actors/domain/wallet.hpp.
#pragma once

#include "actors/entity.hpp"

namespace boxoffice::actors {

class wallet_entity : public letter_handler<wallet_entity> {
public:
  wallet_entity(domain::wallet loaded, node& n, entity_exits& exits)
      : letter_handler(ref(loaded.owner.id), n, exits), wallet_(std::move(loaded)) {}

  bool busy() const override { return false; }

  void on(charge&);
  void on(read_balance&);
  void on(describe_owner&);
  void on(debit_wallet&);

private:
  wallet_view view() const { return {wallet_.owner, wallet_.id, wallet_.balance}; }
  void evolve(const domain::events&);

  domain::wallet wallet_;
};

} // namespace boxoffice::actors
