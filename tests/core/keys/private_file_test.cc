#include "core/keys/private_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "tests/temporary_folder.h"

namespace wonbon::keys {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class PrivateFileTest : public testing::Test {
 protected:
  static constexpr size_t kMost = 1'000;

  std::string Refusal(Secrecy secrecy = Secrecy::kPrivate) const {
    return std::string(ReadSmallFile(path_, kMost, secrecy).status().message());
  }
  absl::Status Append(const std::string& text) const {
    return EditPrivateFile(path_, kMost, [&](const std::string& old) { return old + text; });
  }
  mode_t Mode() const {
    struct stat info {};
    EXPECT_EQ(stat(path_.c_str(), &info), 0);
    return info.st_mode & 07777;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.path() / "keys.toml";
};

TEST_F(PrivateFileTest, WhatCannotBeReadIsSaid) {
  EXPECT_THAT(Refusal(), HasSubstr("No such file"));
  fs::create_directory(path_);
  EXPECT_THAT(Refusal(), HasSubstr("is not a file"));
  fs::remove(path_);
  std::ofstream(path_) << std::string(kMost + 1, 'a');
  EXPECT_THAT(Refusal(Secrecy::kOpen), HasSubstr("larger than"));
}

TEST_F(PrivateFileTest, AFileThatOthersHaveARightToIsRefused) {
  ASSERT_TRUE(Append("x").ok());
  EXPECT_EQ(Refusal(), "");
  for (const mode_t mode : {0640, 0604, 0620, 0601, 0666}) {
    chmod(path_.c_str(), mode);
    EXPECT_THAT(Refusal(), HasSubstr("chmod 600"));
    EXPECT_EQ(Refusal(Secrecy::kOpen), "");
    EXPECT_FALSE(Append("y").ok());
  }
}

// As a secret of Kubernetes is mounted, and as root keeps keys for a service. Takes root to set up.
TEST_F(PrivateFileTest, AFileOfRootIsReadByTheGroupOfTheProcess) {
  if (geteuid() != 0) GTEST_SKIP() << "not root";
  constexpr id_t kSomebody = 7443;
  ASSERT_TRUE(Append("x").ok());
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  ASSERT_EQ(chown(path_.c_str(), 0, kSomebody), 0);
  const absl::Cleanup back = [] {
    EXPECT_EQ(seteuid(0), 0);
    EXPECT_EQ(setegid(0), 0);
  };
  ASSERT_EQ(setegid(kSomebody), 0);
  for (const mode_t mode : {0440, 0640, 0460, 0444, 0644}) {
    ASSERT_EQ(seteuid(0), 0);
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    ASSERT_EQ(seteuid(kSomebody), 0);
    const bool is_private = mode == 0440 || mode == 0640;
    EXPECT_THAT(Refusal(), HasSubstr(is_private ? "" : "chmod 600")) << mode;
    EXPECT_EQ(Refusal().empty(), is_private) << mode;
  }
}

TEST_F(PrivateFileTest, AnEditIsForTheOwnerAloneAndLeavesNothingElse) {
  ASSERT_TRUE(Append("a").ok());
  EXPECT_EQ(Mode(), 0600);
  ASSERT_TRUE(Append("b").ok());
  EXPECT_EQ(*ReadSmallFile(path_, kMost, Secrecy::kPrivate), "ab");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
  const auto refused = [](const std::string&) { return absl::NotFoundError("no"); };
  EXPECT_TRUE(absl::IsNotFound(EditPrivateFile(path_, kMost, refused)));
  EXPECT_EQ(*ReadSmallFile(path_, kMost, Secrecy::kPrivate), "ab");
}

TEST_F(PrivateFileTest, ALinkStaysALink) {
  const std::string target = folder_.path() / "target.toml";
  ASSERT_TRUE(EditPrivateFile(target, kMost, [](const std::string&) { return "t"; }).ok());
  fs::create_symlink(target, path_);
  ASSERT_TRUE(Append("a").ok());
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(*ReadSmallFile(target, kMost, Secrecy::kPrivate), "ta");
}

TEST_F(PrivateFileTest, EditsAtOnceLoseNothingAndReadersSeeWholeFiles) {
  ASSERT_TRUE(Append("..........").ok());
  std::vector<std::thread> editors;
  editors.reserve(4);
  for (int i = 0; i < 4; ++i) {
    editors.emplace_back([this] {
      for (int edit = 0; edit < 20; ++edit) EXPECT_TRUE(Append("..........").ok());
    });
  }
  for (int i = 0; i < 200; ++i) {
    const auto read = ReadSmallFile(path_, kMost, Secrecy::kPrivate);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->size() % 10, 0);
    EXPECT_GE(read->size(), 10);
  }
  for (std::thread& editor : editors) editor.join();
  EXPECT_EQ(ReadSmallFile(path_, kMost, Secrecy::kPrivate)->size(), 10 + 4 * 20 * 10);
}

}  // namespace
}  // namespace wonbon::keys
