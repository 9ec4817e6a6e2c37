#include "core/store/backup_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/store/files.h"
#include "core/store/status.h"
#include "core/store/tables.h"
#include "xxhash.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPieceBytes = 1 << 20;

// Hands a file over, piece by piece.
absl::StatusOr<BackupFile> ReadPieces(
    rocksdb::Env* env, const std::string& path,
    const std::function<absl::Status(std::string_view piece)>& take) {
  std::unique_ptr<rocksdb::SequentialFile> file;
  const std::string reading = absl::StrCat("cannot read ", path);
  rocksdb::Status status = env->NewSequentialFile(path, &file, rocksdb::EnvOptions());
  if (!status.ok()) return ToStatus(status, reading);
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> hash(XXH3_createState(),
                                                                      XXH3_freeState);
  XXH3_64bits_reset(hash.get());
  BackupFile read;
  std::string buffer(kPieceBytes, '\0');
  while (true) {
    rocksdb::Slice piece;
    status = file->Read(buffer.size(), &piece, buffer.data());
    if (!status.ok()) return ToStatus(status, reading);
    if (piece.empty()) break;
    XXH3_64bits_update(hash.get(), piece.data(), piece.size());
    read.bytes += piece.size();
    if (absl::Status taken = take(ToView(piece)); !taken.ok()) return taken;
  }
  read.checksum = XXH3_64bits_digest(hash.get());
  return read;
}

absl::StatusOr<std::unique_ptr<rocksdb::WritableFile>> Create(rocksdb::Env* env,
                                                              const std::string& path) {
  std::unique_ptr<rocksdb::WritableFile> file;
  const rocksdb::Status status = env->NewWritableFile(path, &file, rocksdb::EnvOptions());
  if (!status.ok()) return ToStatus(status, absl::StrCat("cannot create ", path));
  if (chmod(path.c_str(), 0600) != 0) return ErrnoStatus(errno, "cannot set the mode of", path);
  return file;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> FilesBelow(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (!it->is_directory(error)) files.push_back(it->path().lexically_relative(folder));
  }
  if (error) return ErrnoStatus(error.value(), "cannot list", folder);
  std::sort(files.begin(), files.end());
  return files;
}

absl::StatusOr<BackupFile> ReadThrough(const std::string& path) {
  return ReadPieces(rocksdb::Env::Default(), path,
                    [](std::string_view) { return absl::OkStatus(); });
}

absl::StatusOr<BackupFile> CopyFile(rocksdb::Env* env, const std::string& from,
                                    const std::string& to) {
  absl::StatusOr<std::unique_ptr<rocksdb::WritableFile>> file = Create(env, to);
  if (!file.ok()) return file.status();
  const std::string writing = absl::StrCat("cannot write ", to);
  uint64_t written = 0;
  absl::StatusOr<BackupFile> copied = ReadPieces(env, from, [&](std::string_view piece) {
    rocksdb::Status status = (*file)->Append(ToSlice(piece));
    if (status.ok()) status = (*file)->RangeSync(written, piece.size());
    written += piece.size();
    return ToStatus(status, writing);
  });
  if (!copied.ok()) return copied.status();
  rocksdb::Status status = (*file)->Sync();
  if (status.ok()) status = (*file)->Close();
  if (!status.ok()) return ToStatus(status, writing);
  return copied;
}

absl::Status WriteWhole(rocksdb::Env* env, const std::string& path, std::string_view bytes) {
  absl::StatusOr<std::unique_ptr<rocksdb::WritableFile>> file = Create(env, path);
  if (!file.ok()) return file.status();
  rocksdb::Status status = (*file)->Append(ToSlice(bytes));
  if (status.ok()) status = (*file)->Sync();
  if (status.ok()) status = (*file)->Close();
  return ToStatus(status, absl::StrCat("cannot write ", path));
}

absl::Status SyncFolder(rocksdb::Env* env, const std::string& folder) {
  std::unique_ptr<rocksdb::Directory> opened;
  rocksdb::Status status = env->NewDirectory(folder, &opened);
  if (status.ok()) status = opened->Fsync();
  return ToStatus(status, absl::StrCat("cannot sync ", folder));
}

}  // namespace wonbon
