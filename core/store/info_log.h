// What RocksDB warns of, handed to whoever listens instead of written to a file.
//
// RocksDB's own text log lies on the disk that it complains about, and in Debian's build, which has
// its assertions on, the second line that cannot be written there aborts the process.
//
// Thread-safe. Bounded: kMaxWarningBytes.
#pragma once

#include <cstdarg>
#include <functional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/env.h"

namespace wonbon {

class InfoLog : public rocksdb::Logger {
 public:
  using Listener = std::function<void(std::string_view warning)>;

  // `listener` is called from any of RocksDB's threads; null: nobody listens.
  explicit InfoLog(Listener listener)
      : Logger(rocksdb::InfoLogLevel::WARN_LEVEL), listener_(std::move(listener)) {}

  // The first warning; empty where there was none. It names the file where a status does not.
  std::string first() const;

  using Logger::Logv;
  void Logv(rocksdb::InfoLogLevel level, const char* format, std::va_list arguments) override;
  // Headers and whatever else has no level.
  void Logv(const char*, std::va_list) override {}

 private:
  const Listener listener_;
  mutable absl::Mutex mutex_;
  std::string first_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon
