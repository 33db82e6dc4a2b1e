#include "tests/domain/allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local boxoffice::domain::test::allocations so_far;

} // namespace

void* operator new(std::size_t size) {
  ++so_far.count;
  so_far.bytes += size;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace boxoffice::domain::test {

allocations allocated() { return so_far; }

} // namespace boxoffice::domain::test
