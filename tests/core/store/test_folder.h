// A folder of a test's own, removed with it. Test only.
#pragma once

#include <string>
#include <vector>

#include "core/store/store.h"
#include "tests/core/store/failing_disk.h"
#include "tests/temporary_folder.h"

namespace wonbon {

class TestFolder {
 public:
  std::string path(const std::string& name = "data") const { return folder_.path() / name; }
  // On a disk that does not wait for fsyncs (a new store makes two dozen); it is the folder's,
  // which must outlive the store.
  Store::Options Options(const std::string& name = "data") const;

 private:
  TemporaryFolder folder_;
  FailingDisk disk_;
};

// As a process leaves it that is killed now: files may go while it is copied, one after another.
void CopyFolderInUse(const std::string& from, const std::string& to);
// The whole of a small file; empty where there is none.
std::string FileBytes(const std::string& path);
void WriteFile(const std::string& path, const std::string& bytes, int mode = 0600);
// Inverts one byte of a file, counted from the end where `offset` is negative.
void FlipByte(const std::string& path, int64_t offset);
// The files of a folder whose names begin or end so, sorted.
std::vector<std::string> FilesStarting(const std::string& dir, const std::string& beginning);
std::vector<std::string> FilesEnding(const std::string& dir, const std::string& ending);

}  // namespace wonbon
