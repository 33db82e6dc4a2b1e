#include "sim/disk.hpp"

#include "sim/medium.hpp"
#include "sim/simulated_store.hpp"

namespace boxoffice::sim {

disk::disk(disk_faults& faults, disk_listener& listener)
    : medium_(std::make_shared<medium>(faults, listener)) {}

disk::~disk() { medium_->cut_power(); }

std::unique_ptr<persistence::store> disk::open() {
  const auto session = medium_->open();
  return make_simulated_store(medium_, session);
}

void disk::cut_power() { medium_->cut_power(); }

bool disk::powered() const { return medium_->powered(); }

std::size_t disk::groups() const { return medium_->groups(); }

} // namespace boxoffice::sim
