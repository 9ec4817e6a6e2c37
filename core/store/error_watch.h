// The errors for which RocksDB stops writing, in whichever of its threads they arise.
//
// Thread-safe.
#pragma once

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/listener.h"
#include "rocksdb/status.h"

namespace wonbon {

class ErrorWatch {
 public:
  // The worst since the beginning, or since Forget; OK where writes go on.
  rocksdb::Status worst() const;
  void Note(const rocksdb::Status& error);
  void Forget();

 private:
  mutable absl::Mutex mutex_;
  rocksdb::Status worst_ ABSL_GUARDED_BY(mutex_);
};

// For DBOptions::listeners: notes them in `watch`. RocksDB does not resume by itself then.
std::shared_ptr<rocksdb::EventListener> ListenFor(std::shared_ptr<ErrorWatch> watch);

}  // namespace wonbon
