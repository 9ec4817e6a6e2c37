// WITNESS: what was answered, told outside of RocksDB, so that its absence there shows. A store
// that recovers less than its witness says does not open (recovery.h).
//
// The file is 1,024 bytes: two slots of 512, one sector each, written in turn, so that a write cut
// short leaves the other one. The one with the right checksum and more writes counts.
//    0  magic "wonbonWT"             8  version u32, 2       12  bits u32: 1 asynchronous
//   16  store id, 16 bytes          32  last_sequence u64    40  given_through u64
//   48  manifest number u64         56  manifest bytes u64   64  writes u64
//   72  XXH3-64 of bytes 0 to 71    80  zeros
// Version 1 had no manifest: writes at 48, the checksum at 56. It is read as one without.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/record.h"
#include "core/store/manifest.h"

namespace wonbon {

struct WitnessRecord {
  std::string store_id;        // 32 hex digits
  Sequence last_sequence = 0;  // of the last change that was answered, and is on disk
  // No sequence up to this one is given out again: with asynchronous durability some may have been
  // answered and lost.
  Sequence given_through = 0;
  bool asynchronous = false;  // Durability of the store since it was opened
  ManifestExtent manifest;    // at least

  friend bool operator==(const WitnessRecord&, const WitnessRecord&) = default;
};

// Nothing where there is no file: a store of an older wonbond, or restored without it. DATA_LOSS
// for a damaged one, and for that of another store than `store_id` (empty: any will do).
absl::StatusOr<std::optional<WitnessRecord>> ReadWitness(const std::string& path,
                                                         const std::string& store_id);

// Keeps the file. Note costs the caller one small write into the page cache, which outlives the
// process; a thread of its own syncs it a second later, so that a power cut takes no more.
// Thread-safe.
class Witness {
 public:
  // Makes the file anew; on disk when it returns.
  static absl::StatusOr<std::unique_ptr<Witness>> Open(const std::string& path,
                                                       const WitnessRecord& record);
  ~Witness();
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  // REQUIRES: what `record` says is on disk.
  absl::Status Note(const WitnessRecord& record);
  absl::Status Sync();  // on disk when it returns

 private:
  Witness(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  void SyncEverySecond();

  const std::string path_;
  const int fd_;
  absl::Mutex mutex_;
  uint64_t writes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool unsynced_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace wonbon
