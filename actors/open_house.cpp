// The node being put together: which actors there are, and in which order they start.
#include "actors/interfaces.hpp"

namespace boxoffice::actors {

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "unknown exception";
  }
}

void open_house(caf::actor_system& system, house& h, blocking_actors blocking) {
  const bool detached = blocking == blocking_actors::detached;
  h.journal =
      detached ? system.spawn<caf::detached>(run_journal, &h) : system.spawn(run_journal, &h);
  h.loader = detached ? system.spawn<caf::detached>(run_loader, &h) : system.spawn(run_loader, &h);
  h.librarian =
      detached ? system.spawn<caf::detached>(run_librarian, &h) : system.spawn(run_librarian, &h);
  h.directory = system.spawn(run_directory, &h);
  // Now that every handle stands: the first generation may begin.
  caf::anon_send(h.directory, store_found{1});
}

void release_handles(house& h) {
  h.directory = directory_actor();
  h.librarian = librarian_actor();
  h.loader = loader_actor();
  h.journal = journal_actor();
}

} // namespace boxoffice::actors
