#include "tests/persistence/power_cut_vfs.hpp"

#include "tests/persistence/support.hpp"

#include <sqlite3.h>

#include <cassert>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace boxoffice::persistence::test {

namespace {

constexpr std::size_t sector = 512;

struct change {
  bool truncates = false;
  std::size_t offset = 0; // or the new size
  std::string bytes;
};

struct file_state {
  std::string durable;
  std::vector<change> unsynced; // in order
};

void apply(std::string& content, const change& c) {
  if (c.truncates) {
    content.resize(c.offset);
    return;
  }
  if (content.size() < c.offset + c.bytes.size()) content.resize(c.offset + c.bytes.size());
  content.replace(c.offset, c.bytes.size(), c.bytes);
}

// What of a change reaches the disk though nobody waited for it: nothing, all, or some sectors.
void apply_by_chance(std::string& content, const change& c, dice& chance) {
  const auto fate = chance.below(3);
  if (fate == 0) return;
  if (fate == 1 || c.truncates) {
    apply(content, c);
    return;
  }
  for (std::size_t at = 0; at < c.bytes.size();) {
    const auto next =
        std::min(c.bytes.size(), (((c.offset + at) / sector) + 1) * sector - c.offset);
    if (chance.one_in(2)) apply(content, {false, c.offset + at, c.bytes.substr(at, next - at)});
    at = next;
  }
}

} // namespace

struct power_cut_vfs::disk {
  explicit disk(std::uint64_t seed) : chance(seed) {}

  dice chance;
  std::string name;
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;
  std::map<std::string, file_state> files; // by path
  bool off = false;
  int until_fault = 0; // 0: none is armed
  fault armed = fault::io_error;
  bool fired = false;
  int wal_syncs = 0;
  bool wal_sync_fails = false;

  // Counts down to the fault; whether it strikes this operation.
  bool strikes() {
    if (until_fault == 0 || --until_fault > 0) return false;
    fired = true;
    if (armed == fault::power_off) off = true;
    return true;
  }
  int fault_code(int io_error) const { return armed == fault::disk_full ? SQLITE_FULL : io_error; }
  // Settles what reaches the disk of writes that no sync waited for.
  void leave_to_chance(file_state& file) {
    const auto mood = chance.below(4);
    if (mood == 0) file.unsynced.resize(chance.below(file.unsynced.size() + 1));
    for (const auto& c : file.unsynced)
      if (mood <= 1)
        apply(file.durable, c);
      else
        apply_by_chance(file.durable, c, chance);
    file.unsynced.clear();
  }
};

// SQLite's side: C structures and functions. A file of ours stands before the real one in memory.
struct power_cut_vfs::callbacks {
  struct file {
    sqlite3_file base;
    disk* on;
    file_state* state; // null for what need not survive
    bool is_wal;
  };

  static file* ours(sqlite3_file* f) { return reinterpret_cast<file*>(f); }
  static sqlite3_file* real(sqlite3_file* f) {
    return reinterpret_cast<sqlite3_file*>(ours(f) + 1);
  }
  static const sqlite3_io_methods* methods(sqlite3_file* f) { return real(f)->pMethods; }
  static disk* on(sqlite3_vfs* vfs) { return static_cast<disk*>(vfs->pAppData); }

  static int close(sqlite3_file* f) { return methods(f)->xClose(real(f)); }
  static int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    return ours(f)->on->off ? SQLITE_IOERR_READ : methods(f)->xRead(real(f), to, size, at);
  }
  static int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
    auto& d = *ours(f)->on;
    if (d.off) return SQLITE_IOERR_WRITE;
    auto* state = ours(f)->state;
    if (state == nullptr) return methods(f)->xWrite(real(f), from, size, at);
    int result = SQLITE_OK;
    if (d.strikes()) {
      result = d.fault_code(SQLITE_IOERR_WRITE);
      size = static_cast<int>(d.chance.below(static_cast<std::size_t>(size)));
    }
    state->unsynced.push_back({false,
                               static_cast<std::size_t>(at),
                               {static_cast<const char*>(from), static_cast<std::size_t>(size)}});
    const int written = methods(f)->xWrite(real(f), from, size, at);
    return result == SQLITE_OK ? written : result;
  }
  static int truncate(sqlite3_file* f, sqlite3_int64 size) {
    auto& d = *ours(f)->on;
    if (d.off) return SQLITE_IOERR_TRUNCATE;
    if (auto* state = ours(f)->state) {
      if (d.strikes()) return d.fault_code(SQLITE_IOERR_TRUNCATE);
      state->unsynced.push_back({true, static_cast<std::size_t>(size), {}});
    }
    return methods(f)->xTruncate(real(f), size);
  }
  static int sync(sqlite3_file* f, int) {
    auto& d = *ours(f)->on;
    if (d.off) return SQLITE_IOERR_FSYNC;
    auto* state = ours(f)->state;
    if (state == nullptr) return SQLITE_OK;
    if (ours(f)->is_wal) ++d.wal_syncs;
    const bool fails = ours(f)->is_wal && std::exchange(d.wal_sync_fails, false);
    if (fails || d.strikes()) {
      if (!d.off) d.leave_to_chance(*state);
      return d.fault_code(SQLITE_IOERR_FSYNC);
    }
    for (const auto& c : state->unsynced) apply(state->durable, c);
    state->unsynced.clear();
    return SQLITE_OK;
  }
  static int file_size(sqlite3_file* f, sqlite3_int64* size) {
    return ours(f)->on->off ? SQLITE_IOERR_FSTAT : methods(f)->xFileSize(real(f), size);
  }
  static int lock(sqlite3_file* f, int level) { return methods(f)->xLock(real(f), level); }
  static int unlock(sqlite3_file* f, int level) { return methods(f)->xUnlock(real(f), level); }
  static int check_lock(sqlite3_file* f, int* out) {
    return methods(f)->xCheckReservedLock(real(f), out);
  }
  static int file_control(sqlite3_file* f, int op, void* arg) {
    return methods(f)->xFileControl(real(f), op, arg);
  }
  static int sector_size(sqlite3_file* f) { return methods(f)->xSectorSize(real(f)); }
  static int characteristics(sqlite3_file* f) {
    return methods(f)->xDeviceCharacteristics(real(f));
  }
  static int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return methods(f)->xShmMap(real(f), page, size, extend, out);
  }
  static int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
    return methods(f)->xShmLock(real(f), offset, n, flags);
  }
  static void shm_barrier(sqlite3_file* f) { methods(f)->xShmBarrier(real(f)); }
  static int shm_unmap(sqlite3_file* f, int remove) {
    return methods(f)->xShmUnmap(real(f), remove);
  }

  static constexpr sqlite3_io_methods io_methods{2,
                                                 close,
                                                 read,
                                                 write,
                                                 truncate,
                                                 sync,
                                                 file_size,
                                                 lock,
                                                 unlock,
                                                 check_lock,
                                                 file_control,
                                                 sector_size,
                                                 characteristics,
                                                 shm_map,
                                                 shm_lock,
                                                 shm_barrier,
                                                 shm_unmap,
                                                 nullptr,
                                                 nullptr};

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* f, int flags, int* out) {
    auto& d = *on(vfs);
    f->pMethods = nullptr;
    if (d.off) return SQLITE_CANTOPEN;
    const int result = d.real->xOpen(d.real, path, real(f), flags, out);
    if (real(f)->pMethods == nullptr) return result;
    constexpr int lasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
    *ours(f) = {{&io_methods}, &d, nullptr, (flags & SQLITE_OPEN_WAL) != 0};
    if (path != nullptr && (flags & lasting) != 0) ours(f)->state = state_of(d, path);
    return result;
  }
  static file_state* state_of(disk& d, const char* path) {
    const auto [entry, is_new] = d.files.try_emplace(path);
    if (is_new) {
      std::ifstream in(path, std::ios::binary);
      entry->second.durable.assign(std::istreambuf_iterator<char>(in), {});
    }
    return &entry->second;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int) {
    auto& d = *on(vfs);
    if (d.off) return SQLITE_IOERR_DELETE;
    const int result = d.real->xDelete(d.real, path, 0);
    if (result == SQLITE_OK) d.files.erase(path);
    return result;
  }
  static int access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    auto& d = *on(vfs);
    return d.off ? SQLITE_IOERR_ACCESS : d.real->xAccess(d.real, path, flags, out);
  }
  static int full_path(sqlite3_vfs* vfs, const char* path, int size, char* out) {
    return on(vfs)->real->xFullPathname(on(vfs)->real, path, size, out);
  }
};

power_cut_vfs::power_cut_vfs(std::uint64_t seed) : disk_(std::make_unique<disk>(seed)) {
  auto& d = *disk_;
  d.real = sqlite3_vfs_find(nullptr);
  d.name = "power-cut-" + std::to_string(reinterpret_cast<std::uintptr_t>(&d));
  d.vfs = *d.real; // what has to do with no file is left to the real one
  d.vfs.pNext = nullptr;
  d.vfs.szOsFile = static_cast<int>(sizeof(callbacks::file)) + d.real->szOsFile;
  d.vfs.zName = d.name.c_str();
  d.vfs.pAppData = &d;
  d.vfs.xOpen = callbacks::open;
  d.vfs.xDelete = callbacks::remove;
  d.vfs.xAccess = callbacks::access;
  d.vfs.xFullPathname = callbacks::full_path;
  sqlite3_vfs_register(&d.vfs, 0);
}

power_cut_vfs::~power_cut_vfs() { sqlite3_vfs_unregister(&disk_->vfs); }

const std::string& power_cut_vfs::name() const { return disk_->name; }

void power_cut_vfs::arm(int n, fault f) {
  assert(n > 0);
  disk_->until_fault = n;
  disk_->armed = f;
  disk_->fired = false;
}

bool power_cut_vfs::fired() const { return disk_->fired; }

void power_cut_vfs::fail_next_wal_sync() { disk_->wal_sync_fails = true; }

void power_cut_vfs::cut_power() { disk_->off = true; }

void power_cut_vfs::restore_power() {
  auto& d = *disk_;
  for (auto& [path, file] : d.files) {
    d.leave_to_chance(file);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << file.durable;
    std::filesystem::remove(path + "-shm"); // it was memory
  }
  d.files.clear();
  d.until_fault = 0;
  d.off = false;
}

int power_cut_vfs::wal_syncs() const { return disk_->wal_syncs; }

} // namespace boxoffice::persistence::test
