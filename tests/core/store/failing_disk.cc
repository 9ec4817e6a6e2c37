#include "tests/core/store/failing_disk.h"

#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace wonbon {

using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

class UnsyncedDirectory : public FSDirectory {
 public:
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
};

}  // namespace

class FailingDisk::FileSystem : public rocksdb::FileSystemWrapper {
 public:
  FileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FailingDisk"; }

  void Fail(Fault fault, std::string ending) {
    absl::MutexLock lock(&mutex_);
    fault_ = fault;
    ending_ = std::move(ending);
  }
  void StopAfter(int operations) {
    absl::MutexLock lock(&mutex_);
    operations_left_ = operations;
  }
  void SetFreeBytes(uint64_t bytes) {
    absl::MutexLock lock(&mutex_);
    free_bytes_ = bytes;
  }
  int operations() const {
    absl::MutexLock lock(&mutex_);
    return operations_;
  }

  // The fault that a change of `path` meets now.
  Fault Meet(const std::string& path) {
    absl::MutexLock lock(&mutex_);
    ++operations_;
    if (operations_left_ >= 0 && --operations_left_ < 0) {
      operations_left_ = 0;
      return Fault::kStopped;
    }
    return path.ends_with(ending_) ? fault_ : Fault::kNone;
  }
  // For what a full disk does not stop.
  IOStatus Stopped(const std::string& path) {
    return Meet(path) == Fault::kStopped ? IOStatus::IOError("stopped", path) : IOStatus::OK();
  }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* file, IODebugContext* debug) override;
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<FSWritableFile>* file,
                              IODebugContext* debug) override;
  IOStatus NewDirectory(const std::string&, const IOOptions&,
                        std::unique_ptr<FSDirectory>* directory, IODebugContext*) override {
    *directory = std::make_unique<UnsyncedDirectory>();
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    if (IOStatus status = Stopped(to); !status.ok()) return status;
    return target()->RenameFile(from, to, options, debug);
  }
  IOStatus GetFreeSpace(const std::string& path, const IOOptions& options, uint64_t* bytes,
                        IODebugContext* debug) override {
    absl::MutexLock lock(&mutex_);
    if (!free_bytes_.has_value()) return target()->GetFreeSpace(path, options, bytes, debug);
    *bytes = *free_bytes_;
    return IOStatus::OK();
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* debug) override {
    if (IOStatus status = Stopped(path); !status.ok()) return status;
    return target()->DeleteFile(path, options, debug);
  }

 private:
  mutable absl::Mutex mutex_;
  Fault fault_ ABSL_GUARDED_BY(mutex_) = Fault::kNone;
  std::string ending_ ABSL_GUARDED_BY(mutex_);
  std::optional<uint64_t> free_bytes_ ABSL_GUARDED_BY(mutex_);
  int operations_ ABSL_GUARDED_BY(mutex_) = 0;
  int operations_left_ ABSL_GUARDED_BY(mutex_) = -1;  // negative: no end
};

class FailingDisk::File : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::string path, std::unique_ptr<FSWritableFile>&& file, FileSystem* disk)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), disk_(*disk) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    switch (disk_.Meet(path_)) {
      case Fault::kStopped: return IOStatus::IOError("stopped", path_);
      case Fault::kAppend:
        target()
            ->Append(Slice(data.data(), data.size() / 2), options, debug)
            .PermitUncheckedError();
        return IOStatus::NoSpace("no space left on device", path_);
      default: return target()->Append(data, options, debug);
    }
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    switch (disk_.Meet(path_)) {
      case Fault::kStopped: return IOStatus::IOError("stopped", path_);
      case Fault::kSync: return IOStatus::NoSpace("no space left on device", path_);
      case Fault::kBroken: return IOStatus::IOError("input/output error", path_);
      default: return IOStatus::OK();
    }
  }

 private:
  const std::string path_;
  FileSystem& disk_;
};

IOStatus FailingDisk::FileSystem::NewWritableFile(const std::string& path,
                                                  const FileOptions& options,
                                                  std::unique_ptr<FSWritableFile>* file,
                                                  IODebugContext* debug) {
  if (IOStatus status = Stopped(path); !status.ok()) return status;
  std::unique_ptr<FSWritableFile> opened;
  IOStatus status = target()->NewWritableFile(path, options, &opened, debug);
  if (status.ok()) *file = std::make_unique<File>(path, std::move(opened), this);
  return status;
}

IOStatus FailingDisk::FileSystem::ReopenWritableFile(const std::string& path,
                                                     const FileOptions& options,
                                                     std::unique_ptr<FSWritableFile>* file,
                                                     IODebugContext* debug) {
  if (IOStatus status = Stopped(path); !status.ok()) return status;
  std::unique_ptr<FSWritableFile> opened;
  IOStatus status = target()->ReopenWritableFile(path, options, &opened, debug);
  if (status.ok()) *file = std::make_unique<File>(path, std::move(opened), this);
  return status;
}

FailingDisk::FailingDisk()
    : file_system_(std::make_shared<FileSystem>()), env_(rocksdb::NewCompositeEnv(file_system_)) {}
FailingDisk::~FailingDisk() = default;

void FailingDisk::Fail(Fault fault, std::string ending) {
  file_system_->Fail(fault, std::move(ending));
}
void FailingDisk::SetFreeBytes(uint64_t bytes) { file_system_->SetFreeBytes(bytes); }
void FailingDisk::StopAfter(int operations) { file_system_->StopAfter(operations); }
int FailingDisk::operations() const { return file_system_->operations(); }

}  // namespace wonbon
