#include "core/store/error_watch.h"

#include <utility>

namespace wonbon {
namespace {

class Listener : public rocksdb::EventListener {
 public:
  explicit Listener(std::shared_ptr<ErrorWatch> watch) : watch_(std::move(watch)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* error) override {
    // A soft one is of a compaction, which RocksDB tries again.
    if (error->severity() >= rocksdb::Status::kHardError) watch_->Note(*error);
  }
  // It would look at the disk every five seconds, and refuse to be asked meanwhile.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

 private:
  const std::shared_ptr<ErrorWatch> watch_;
};

}  // namespace

rocksdb::Status ErrorWatch::worst() const {
  absl::MutexLock lock(&mutex_);
  return worst_;
}

void ErrorWatch::Note(const rocksdb::Status& error) {
  absl::MutexLock lock(&mutex_);
  if (error.severity() > worst_.severity()) worst_ = error;
}

void ErrorWatch::Forget() {
  absl::MutexLock lock(&mutex_);
  worst_ = rocksdb::Status::OK();
}

std::shared_ptr<rocksdb::EventListener> ListenFor(std::shared_ptr<ErrorWatch> watch) {
  return std::make_shared<Listener>(std::move(watch));
}

}  // namespace wonbon
