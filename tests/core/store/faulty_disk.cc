#include "tests/core/store/faulty_disk.h"

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace wonbon {

using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSRandomAccessFile;
using rocksdb::FSSequentialFile;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

namespace fs = std::filesystem;

// "000012.log" -> "log", "MANIFEST-000004" -> "MANIFEST", a folder -> "folder".
std::string KindOf(const std::string& path) {
  const fs::path name = fs::path(path).filename();
  if (name.has_extension()) return name.extension().string().substr(1);
  const std::string text = name.string();
  for (const char* known : {"MANIFEST", "CURRENT", "OPTIONS", "IDENTITY", "LOG", "LOCK"}) {
    if (text.starts_with(known)) return known;
  }
  return "folder";
}

std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[noreturn]] void KillThisProcess() {
  kill(getpid(), SIGKILL);
  while (true) pause();
}

}  // namespace

class FaultyDisk::FileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit FileSystem(Fault fault)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), fault_(std::move(fault)) {}
  const char* Name() const override { return "FaultyDisk"; }

  // One operation: `work`, unless the fault strikes.
  template <typename Work>
  IOStatus Do(const char* verb, const std::string& path, Work work) {
    absl::MutexLock lock(&mutex_);
    const std::string label = absl::StrCat(verb, " ", KindOf(path));
    const int number = fault_.label.empty() ? all_ : operations_[label];
    const bool labelled = fault_.label.empty() || fault_.label == label;
    ++all_;
    ++operations_[label];
    const bool strikes = fault_.act != Act::kNone && labelled &&
                         (number == fault_.at || (fault_.always && number > fault_.at));
    if (!strikes) return work();
    ++struck_;
    switch (fault_.act) {
      case Act::kFail:
        return fault_.error == Error::kFull ? IOStatus::NoSpace("no space left on device", path)
                                            : IOStatus::IOError("input/output error", path);
      case Act::kKill:
        if (fault_.after) work().PermitUncheckedError();
        KillThisProcess();
      case Act::kPowerCut:
        if (fault_.after) work().PermitUncheckedError();
        LoseWhatWasNotSynced();
        KillThisProcess();
      case Act::kNone: break;
    }
    return work();
  }

  // --- What is known of each file, under Do's lock ---------------------------------------------
  void Created(const std::string& path) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    files_[path] = {};
    names_.push_back({.kind = NameChange::Kind::kCreated, .path = path});
  }
  void Reopened(const std::string& path) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    const uint64_t size = fs::exists(path) ? fs::file_size(path) : 0;
    files_[path] = {.synced = size, .written = size};
  }
  void Appended(const std::string& path, size_t bytes) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    files_[path].written += bytes;
  }
  void Truncated(const std::string& path, uint64_t size) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    files_[path].written = size;
  }
  void Synced(const std::string& path) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (fault_.log_syncs_lie && KindOf(path) == "log") return;
    files_[path].synced = files_[path].written;
    names_.clear();
  }
  void FolderSynced() ABSL_NO_THREAD_SAFETY_ANALYSIS { names_.clear(); }
  void Renamed(const std::string& from, const std::string& to, std::string replaced)
      ABSL_NO_THREAD_SAFETY_ANALYSIS {
    files_[to] = files_[from];
    files_.erase(from);
    names_.push_back({NameChange::Kind::kRenamed, to, from, std::move(replaced)});
  }
  void Deleted(const std::string& path, std::string bytes) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    files_.erase(path);
    names_.push_back({NameChange::Kind::kDeleted, path, "", std::move(bytes)});
  }

  void LoseWhatWasNotSynced() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    std::mt19937_64 random(fault_.seed);
    for (const auto& [path, file] : files_) LoseEnd(path, file, random);
    for (size_t lost = random() % (names_.size() + 1); lost > 0; --lost) {
      Undo(names_.back());
      names_.pop_back();
    }
  }
  [[noreturn]] void CutPower() {
    absl::MutexLock lock(&mutex_);
    LoseWhatWasNotSynced();
    KillThisProcess();
  }

  std::map<std::string, int> operations() const {
    absl::MutexLock lock(&mutex_);
    return operations_;
  }
  int struck() const {
    absl::MutexLock lock(&mutex_);
    return struck_;
  }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* file, IODebugContext* debug) override;
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<FSWritableFile>* file,
                              IODebugContext* debug) override;
  IOStatus NewSequentialFile(const std::string& path, const FileOptions& options,
                             std::unique_ptr<FSSequentialFile>* file,
                             IODebugContext* debug) override;
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions& options,
                               std::unique_ptr<FSRandomAccessFile>* file,
                               IODebugContext* debug) override;
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<FSDirectory>* directory, IODebugContext* debug) override;
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    return Do("rename", to, [&] {
      std::string replaced = fs::exists(to) ? BytesOf(to) : "";
      IOStatus status = target()->RenameFile(from, to, options, debug);
      if (status.ok()) Renamed(from, to, std::move(replaced));
      return status;
    });
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* debug) override {
    return Do("delete", path, [&] {
      std::string bytes = BytesOf(path);
      IOStatus status = target()->DeleteFile(path, options, debug);
      if (status.ok()) Deleted(path, std::move(bytes));
      return status;
    });
  }
  IOStatus GetChildren(const std::string& path, const IOOptions& options,
                       std::vector<std::string>* children, IODebugContext* debug) override {
    return Do("list", path, [&] { return target()->GetChildren(path, options, children, debug); });
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions& options, uint64_t* size,
                       IODebugContext* debug) override {
    return Do("size", path, [&] { return target()->GetFileSize(path, options, size, debug); });
  }

 private:
  struct Known {
    uint64_t synced = 0;
    uint64_t written = 0;
  };
  // A change of a folder that no sync has made sure of yet.
  struct NameChange {
    enum class Kind : uint8_t { kCreated, kRenamed, kDeleted };
    Kind kind = Kind::kCreated;
    std::string path;
    std::string from = {};    // kRenamed
    std::string before = {};  // what `path` held, if anything
  };

  // Of a file no less stays than was synced, no more than was written.
  static void LoseEnd(const std::string& path, const Known& file, std::mt19937_64& random) {
    const uint64_t unsynced = file.written - std::min(file.written, file.synced);
    if (unsynced == 0 || KindOf(path) == "LOG" || !fs::exists(path)) return;
    const uint64_t kept = random() % 3 == 0 ? 0 : random() % (unsynced + 1);
    fs::resize_file(path, file.synced + kept);
    if (kept == 0 || random() % 2 == 0) return;
    // A torn end: the blocks are there, what was to be in them is not.
    const uint64_t torn = 1 + random() % std::min<uint64_t>(kept, 512);
    fs::resize_file(path, file.synced + kept - torn);
    fs::resize_file(path, file.synced + kept);
  }
  static void Undo(const NameChange& change) {
    if (change.kind == NameChange::Kind::kRenamed) fs::rename(change.path, change.from);
    if (change.kind == NameChange::Kind::kCreated) fs::remove(change.path);
    if (change.before.empty()) return;
    std::ofstream(change.path, std::ios::binary | std::ios::trunc) << change.before;
  }

  const Fault fault_;
  mutable absl::Mutex mutex_;
  std::map<std::string, int> operations_ ABSL_GUARDED_BY(mutex_);
  int all_ ABSL_GUARDED_BY(mutex_) = 0;
  int struck_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Known> files_ ABSL_GUARDED_BY(mutex_);
  std::vector<NameChange> names_ ABSL_GUARDED_BY(mutex_);
};

class FaultyDisk::File : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::string path, std::unique_ptr<FSWritableFile>&& file, FileSystem* disk)
      : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), disk_(*disk) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    return disk_.Do("append", path_, [&] {
      IOStatus status = target()->Append(data, options, debug);
      if (status.ok()) disk_.Appended(path_, data.size());
      return status;
    });
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    return disk_.Do("truncate", path_, [&] {
      disk_.Truncated(path_, size);
      return target()->Truncate(size, options, debug);
    });
  }
  // What the operating system has survives a killed process; the power cut is this class's own. So
  // nothing is really synced, which is what makes thousands of runs affordable.
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return disk_.Do("sync", path_, [&] {
      disk_.Synced(path_);
      return IOStatus::OK();
    });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    return disk_.Do("close", path_, [&] { return target()->Close(options, debug); });
  }

 private:
  const std::string path_;
  FileSystem& disk_;
};

class FaultyDisk::SequentialFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(std::string path, std::unique_ptr<FSSequentialFile>&& file, FileSystem* disk)
      : FSSequentialFileOwnerWrapper(std::move(file)), path_(std::move(path)), disk_(*disk) {}
  IOStatus Read(size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) override {
    return disk_.Do("read", path_,
                    [&] { return target()->Read(n, options, result, scratch, debug); });
  }

 private:
  const std::string path_;
  FileSystem& disk_;
};

class FaultyDisk::RandomAccessFile : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(std::string path, std::unique_ptr<FSRandomAccessFile>&& file, FileSystem* disk)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), path_(std::move(path)), disk_(*disk) {}
  IOStatus Read(uint64_t offset, size_t n, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) const override {
    return disk_.Do("read", path_,
                    [&] { return target()->Read(offset, n, options, result, scratch, debug); });
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count, const IOOptions& options,
                     IODebugContext* debug) override {
    return disk_.Do("read", path_,
                    [&] { return target()->MultiRead(requests, count, options, debug); });
  }

 private:
  const std::string path_;
  FileSystem& disk_;
};

class FaultyDisk::Directory : public FSDirectory {
 public:
  Directory(std::string path, FileSystem* disk) : path_(std::move(path)), disk_(*disk) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return disk_.Do("sync", path_, [&] {
      disk_.FolderSynced();
      return IOStatus::OK();
    });
  }

 private:
  const std::string path_;
  FileSystem& disk_;
};

IOStatus FaultyDisk::FileSystem::NewWritableFile(const std::string& path,
                                                 const FileOptions& options,
                                                 std::unique_ptr<FSWritableFile>* file,
                                                 IODebugContext* debug) {
  return Do("create", path, [&] {
    std::unique_ptr<FSWritableFile> opened;
    IOStatus status = target()->NewWritableFile(path, options, &opened, debug);
    if (!status.ok()) return status;
    Created(path);
    *file = std::make_unique<File>(path, std::move(opened), this);
    return status;
  });
}

IOStatus FaultyDisk::FileSystem::ReopenWritableFile(const std::string& path,
                                                    const FileOptions& options,
                                                    std::unique_ptr<FSWritableFile>* file,
                                                    IODebugContext* debug) {
  return Do("reopen", path, [&] {
    std::unique_ptr<FSWritableFile> opened;
    Reopened(path);
    IOStatus status = target()->ReopenWritableFile(path, options, &opened, debug);
    if (status.ok()) *file = std::make_unique<File>(path, std::move(opened), this);
    return status;
  });
}

IOStatus FaultyDisk::FileSystem::NewSequentialFile(const std::string& path,
                                                   const FileOptions& options,
                                                   std::unique_ptr<FSSequentialFile>* file,
                                                   IODebugContext* debug) {
  return Do("open", path, [&] {
    std::unique_ptr<FSSequentialFile> opened;
    IOStatus status = target()->NewSequentialFile(path, options, &opened, debug);
    if (status.ok()) *file = std::make_unique<SequentialFile>(path, std::move(opened), this);
    return status;
  });
}

IOStatus FaultyDisk::FileSystem::NewRandomAccessFile(const std::string& path,
                                                     const FileOptions& options,
                                                     std::unique_ptr<FSRandomAccessFile>* file,
                                                     IODebugContext* debug) {
  return Do("open", path, [&] {
    std::unique_ptr<FSRandomAccessFile> opened;
    IOStatus status = target()->NewRandomAccessFile(path, options, &opened, debug);
    if (status.ok()) *file = std::make_unique<RandomAccessFile>(path, std::move(opened), this);
    return status;
  });
}

IOStatus FaultyDisk::FileSystem::NewDirectory(const std::string& path, const IOOptions&,
                                              std::unique_ptr<FSDirectory>* directory,
                                              IODebugContext*) {
  *directory = std::make_unique<Directory>(path, this);
  return IOStatus::OK();
}

FaultyDisk::FaultyDisk(Fault fault)
    : file_system_(std::make_shared<FileSystem>(std::move(fault))),
      env_(rocksdb::NewCompositeEnv(file_system_)) {}
FaultyDisk::~FaultyDisk() = default;

rocksdb::Env* FaultyDisk::env() const { return env_.get(); }
std::map<std::string, int> FaultyDisk::operations() const { return file_system_->operations(); }
int FaultyDisk::struck() const { return file_system_->struck(); }
void FaultyDisk::CutPower() { file_system_->CutPower(); }

}  // namespace wonbon
