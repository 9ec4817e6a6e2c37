#include "tests/core/store/test_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace wonbon {

namespace fs = std::filesystem;

Store::Options TestFolder::Options(const std::string& name) const {
  Store::Options options;
  options.dir = path(name);
  options.env = disk_.env();
  return options;
}

void CopyFolderInUse(const std::string& from, const std::string& to) {
  namespace fs = std::filesystem;
  fs::create_directories(to);
  for (const auto& file : fs::directory_iterator(from)) {
    const std::string name = file.path().filename();
    std::error_code gone;
    if (file.is_directory(gone)) {
      CopyFolderInUse(file.path(), to + "/" + name);
    } else {
      fs::copy_file(file.path(), to + "/" + name, gone);
    }
  }
}

std::string FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::string& path, const std::string& bytes, int mode) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  EXPECT_EQ(chmod(path.c_str(), static_cast<mode_t>(mode)), 0);
}

void FlipByte(const std::string& path, int64_t offset) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  ASSERT_TRUE(file.is_open()) << path;
  const std::streamoff position =
      offset >= 0 ? offset : static_cast<std::streamoff>(fs::file_size(path)) + offset;
  file.seekg(position);
  const char byte = static_cast<char>(~file.get());
  file.seekp(position);
  file.put(byte);
}

std::vector<std::string> FilesStarting(const std::string& dir, const std::string& beginning) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(dir)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(beginning)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> FilesEnding(const std::string& dir, const std::string& ending) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(dir)) {
    if (entry.path().string().ends_with(ending)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace wonbon
