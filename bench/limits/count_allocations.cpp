// To be preloaded (LD_PRELOAD) into a service that is measured: counts what it asks of its
// allocator, in the file that BOXOFFICE_ALLOCATIONS names: two numbers of 8 bytes, allocations and
// the bytes they asked for. The allocator behind it stays the one that was linked.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

struct counts {
  std::atomic<std::uint64_t> allocations, bytes;
};

counts unnamed;
std::atomic<counts*> counted{&unnamed};

// Before the file is there, and for programs without one, nobody reads what is counted.
__attribute__((constructor)) void open_file() {
  const char* name = std::getenv("BOXOFFICE_ALLOCATIONS");
  if (name == nullptr) return;
  const int fd = ::open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ::ftruncate(fd, sizeof(counts)) != 0) std::abort();
  void* at = ::mmap(nullptr, sizeof(counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  if (at == MAP_FAILED) std::abort();
  counted = static_cast<counts*>(at);
}

void count(std::size_t bytes) {
  auto* c = counted.load(std::memory_order_relaxed);
  c->allocations.fetch_add(1, std::memory_order_relaxed);
  c->bytes.fetch_add(bytes, std::memory_order_relaxed);
}

// dlsym may allocate itself while it looks the allocator up.
alignas(std::max_align_t) char first_bytes[16 * 1024];
std::size_t first_used = 0;
thread_local bool looking_up = false;

void* take_first(std::size_t bytes) {
  const auto rounded = (bytes + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
  if (first_used + rounded > sizeof first_bytes) std::abort();
  void* at = first_bytes + first_used;
  first_used += rounded;
  return at;
}

bool is_first(const void* at) {
  return at >= static_cast<const void*>(first_bytes) &&
         at < static_cast<const void*>(first_bytes + sizeof first_bytes);
}

template <class Function>
Function* next(const char* name) {
  looking_up = true;
  void* found = ::dlsym(RTLD_NEXT, name);
  looking_up = false;
  if (found == nullptr) std::abort();
  return reinterpret_cast<Function*>(found);
}

} // namespace

// By the names that the linker knows: what stands behind them must not be replaced, only counted.
extern "C" {

void* malloc(std::size_t n) {
  if (looking_up) return take_first(n);
  static auto* const real = next<void*(std::size_t)>("malloc");
  count(n);
  return real(n);
}
void* calloc(std::size_t many, std::size_t n) {
  if (looking_up) return take_first(many * n); // zero from the start
  static auto* const real = next<void*(std::size_t, std::size_t)>("calloc");
  count(many * n);
  return real(many, n);
}
void* realloc(void* old, std::size_t n) {
  static auto* const real = next<void*(void*, std::size_t)>("realloc");
  count(n);
  if (!is_first(old)) return real(old, n);
  void* fresh = malloc(n);
  const auto kept =
      static_cast<std::size_t>(first_bytes + sizeof first_bytes - static_cast<char*>(old));
  std::memcpy(fresh, old, kept < n ? kept : n);
  return fresh;
}
void free(void* at) {
  if (at == nullptr || is_first(at)) return;
  static auto* const real = next<void(void*)>("free");
  real(at);
}
int posix_memalign(void** at, std::size_t alignment, std::size_t n) {
  static auto* const real = next<int(void**, std::size_t, std::size_t)>("posix_memalign");
  count(n);
  return real(at, alignment, n);
}
void* aligned_alloc(std::size_t alignment, std::size_t n) {
  static auto* const real = next<void*(std::size_t, std::size_t)>("aligned_alloc");
  count(n);
  return real(alignment, n);
}

// operator new and its kin: (size), [size], with nothrow, with an alignment.
void* _Znwm(std::size_t n) {
  static auto* const real = next<void*(std::size_t)>("_Znwm");
  count(n);
  return real(n);
}
void* _Znam(std::size_t n) {
  static auto* const real = next<void*(std::size_t)>("_Znam");
  count(n);
  return real(n);
}
void* _ZnwmRKSt9nothrow_t(std::size_t n, const void* tag) {
  static auto* const real = next<void*(std::size_t, const void*)>("_ZnwmRKSt9nothrow_t");
  count(n);
  return real(n, tag);
}
void* _ZnamRKSt9nothrow_t(std::size_t n, const void* tag) {
  static auto* const real = next<void*(std::size_t, const void*)>("_ZnamRKSt9nothrow_t");
  count(n);
  return real(n, tag);
}
void* _ZnwmSt11align_val_t(std::size_t n, std::size_t alignment) {
  static auto* const real = next<void*(std::size_t, std::size_t)>("_ZnwmSt11align_val_t");
  count(n);
  return real(n, alignment);
}
void* _ZnamSt11align_val_t(std::size_t n, std::size_t alignment) {
  static auto* const real = next<void*(std::size_t, std::size_t)>("_ZnamSt11align_val_t");
  count(n);
  return real(n, alignment);
}
}
