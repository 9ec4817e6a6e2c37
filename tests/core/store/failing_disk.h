// A disk that fails when told to, under RocksDB. Test only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace wonbon {

// Passes everything on to the operating system until told otherwise, but for fsyncs, which are only
// counted: no test here cuts the power of the machine. Thread-safe.
class FailingDisk {
 public:
  FailingDisk();
  ~FailingDisk();
  rocksdb::Env* env() const { return env_.get(); }

  enum class Fault {
    kNone,
    kAppend,   // writing fails with "no space"; half of the bytes are written first
    kSync,     // syncing fails with "no space"; all bytes have been written
    kBroken,   // syncing fails as a broken disk does
    kStopped,  // nothing is written, renamed or removed any more: the machine has stopped
  };
  // From now on, for files whose path ends with `ending` (any where empty).
  void Fail(Fault fault, std::string ending = "");
  // What it says is free from now on; nothing that is written is counted.
  void SetFreeBytes(uint64_t bytes);
  // Lets `operations` more pass, then stops everything.
  void StopAfter(int operations);
  int operations() const;  // seen so far

 private:
  class FileSystem;
  class File;
  std::shared_ptr<FileSystem> file_system_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace wonbon
