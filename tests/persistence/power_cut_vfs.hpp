// A disk for SQLite that can lose its power: a VFS over the default one, for tests.
//
// What is written can be read at once, as from a page cache, but survives a power cut for certain
// only once its file was synced after it. At a cut, as the seed has it, a file keeps all unsynced
// writes, or the first few, or of each, independently of the others, nothing, all, or some sectors.
// A sync that is made to fail does the same to the writes it was for; what it lost stays lost, as
// with a kernel that takes a page for clean after it failed to write it, unless it is written
// again. Names of files (created, deleted) are durable at once. For one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace boxoffice::persistence::test {

class power_cut_vfs {
public:
  enum class fault { io_error, disk_full, power_off };

  explicit power_cut_vfs(std::uint64_t seed);
  power_cut_vfs(const power_cut_vfs&) = delete;
  power_cut_vfs& operator=(const power_cut_vfs&) = delete;
  ~power_cut_vfs(); // after the last file is closed

  const std::string& name() const; // for sqlite3_open_v2

  // The n-th write, truncation or sync from now on fails (1: the next), a write maybe after some of
  // it was written. Only that one, except that after power_off everything fails.
  void arm(int n, fault);
  bool fired() const; // since arm()
  void fail_next_wal_sync();

  void cut_power();
  // Puts what survived the cut into the files, which must be closed, and turns the power on.
  void restore_power();

  int wal_syncs() const;

private:
  struct disk;
  struct callbacks;
  std::unique_ptr<disk> disk_;
};

} // namespace boxoffice::persistence::test
