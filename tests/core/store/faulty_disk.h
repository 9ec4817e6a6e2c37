// A disk under RocksDB on which one fault happens at a chosen operation: an error once or for ever,
// the death of the process, or a power cut that takes along what was not synced. Test only.
//
// A power cut leaves what journaling file systems (ext4, XFS) leave: of each file what was synced,
// and of the rest a part, perhaps with a torn end; of new names, renames and removals the first so
// many, in their order, and all that came before a sync of any file.
//
// Operations are counted by label, "sync log", "create sst", "rename CURRENT", so that a campaign
// can go through all of them. Thread-safe: one operation at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace rocksdb {
class Env;
}

namespace wonbon {

class FaultyDisk {
 public:
  enum class Act : uint8_t {
    kNone,
    kFail,      // the operation fails
    kKill,      // the process is killed before the operation, or after it
    kPowerCut,  // so, and what was not synced is lost: all of it, or the end, or with a torn end
  };
  enum class Error : uint8_t { kBroken, kFull };  // EIO, ENOSPC
  struct Fault {
    Act act = Act::kNone;
    int at = 0;               // of the operations with this label, from 0
    std::string label = "";   // "": of all
    bool always = false;      // kFail: this one and all that follow
    Error error = Error::kBroken;
    bool after = false;       // kKill: the operation is done first
    bool log_syncs_lie = false;  // a sync of the log says that it is done, and is not
    uint64_t seed = 1;        // of what a power cut takes
  };

  explicit FaultyDisk(Fault fault);
  ~FaultyDisk();
  rocksdb::Env* env() const;

  // How many operations there were, by label.
  std::map<std::string, int> operations() const;
  // How often the fault struck; a process that it ended cannot say so.
  int struck() const;
  // The power goes now: takes along what was not synced and kills the process.
  [[noreturn]] void CutPower();

 private:
  class FileSystem;
  class File;
  class SequentialFile;
  class RandomAccessFile;
  class Directory;
  std::shared_ptr<FileSystem> file_system_;
  std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace wonbon
