// The catalogue: what is on offer. It changes rarely; readers take the published snapshot.
#pragma once

#include "actors/entity.hpp"

namespace boxoffice::actors {

class catalogue_entity : public letter_handler<catalogue_entity> {
public:
  catalogue_entity(node& n, entity_exits& exits)
      : letter_handler({entity_kind::catalogue, 0}, n, exits) {}

  // It decides on the published snapshot, so it must not decide twice before the first is durable.
  bool busy() const override { return !waiting_.empty(); }
  void abandon() override;

  void on(stock_demo&);

protected:
  void on_durable() override;

private:
  void stock(request_id);

  std::vector<request_id> waiting_;
};

} // namespace boxoffice::actors
