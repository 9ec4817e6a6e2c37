#include "client/import/dry_run.h"

#include <gmock/gmock.h>

#include <fstream>

#include "client/limits.h"
#include "core/limits.h"
#include "tests/temporary_folder.h"

namespace wonbon::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What the client says a server refuses, a server refuses.
static_assert(kMaxIdBytes == wonbon::kMaxIdBytes && kMaxTitleBytes == wonbon::kMaxTitleBytes &&
              kMaxPublisherBytes == wonbon::kMaxPublisherBytes &&
              kMaxUrlBytes == wonbon::kMaxUrlBytes && kMaxBylineBytes == wonbon::kMaxBylineBytes &&
              kMaxSectionBytes == wonbon::kMaxSectionBytes &&
              kDefaultBodyBytes == wonbon::kDefaultMaxBodyBytes);

class DryRunTest : public ::testing::Test {
 protected:
  absl::StatusOr<DryRunReport> Run(const std::string& text) {
    std::ofstream(folder_.path() / "articles.jsonl") << text;
    ImportOptions options;
    options.files = {folder_.path() / "articles.jsonl"};
    return DryRun(options, [this](const RejectsFile::InputLine& at, std::string_view,
                                  std::string_view why) {
      rejected_.push_back(std::to_string(at.line) + ": " + std::string(why));
      return absl::OkStatus();
    });
  }

  const TemporaryFolder folder_;
  std::vector<std::string> rejected_;
};

TEST_F(DryRunTest, CountsWhatWouldBeSent) {
  const auto report = Run(R"({"id":"a","title":"제목","body":"글","extra":1})"
                          "\n\n"
                          R"({"id":"b","title":"","link":"x","published_at":"2025-04-15"})"
                          "\n"
                          "nonsense\n"
                          R"({"id":"c","body":")" +
                          std::string(kDefaultBodyBytes + 1, 'x') + "\"}\n");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->documents, 3u);
  EXPECT_EQ(report->rejected, 1u);
  EXPECT_GT(report->bytes, kDefaultBodyBytes);
  EXPECT_EQ(report->fields.at("title"), 1u);
  EXPECT_EQ(report->fields.at("body"), 2u);
  EXPECT_EQ(report->fields.at("published_at"), 1u);
  EXPECT_EQ(report->empty_bodies, 1u);
  EXPECT_EQ(report->long_bodies, 1u);
  EXPECT_EQ(report->times_without_zone, 1u);
  EXPECT_EQ(report->keys.SuggestedMap(), "url=link");
  EXPECT_EQ(report->first.id(), "a");
  EXPECT_THAT(rejected_, ElementsAre(HasSubstr("4: ")));
}

TEST_F(DryRunTest, LimitsOfTheContractAreKept) {
  const struct {
    std::string line;
    const char* why;
  } cases[] = {
      {R"({"id":")" + std::string(257, 'x') + R"(","body":"글"})", "document.id: has 257 bytes"},
      {R"({"id":"a\u0007","body":"글"})", "document.id: has a control character"},
      {R"({"id":"a","title":")" + std::string(4'097, 'x') + "\"}", "document.title: has 4097"},
      {R"({"id":"a","publisher":")" + std::string(257, 'x') + "\"}", "document.publisher"},
      {R"({"id":"a","body":"a\u0000b"})", "document.body: has a NUL byte"}};
  for (const auto& [line, why] : cases) {
    rejected_.clear();
    const auto report = Run(line + "\n");
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->documents, 0u);
    EXPECT_THAT(rejected_, ElementsAre(HasSubstr(why)));
  }
}

TEST_F(DryRunTest, AFileThatCannotBeReadIsAnError) {
  EXPECT_EQ(Run("id,title\n1,x\n").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Run("[{\"id\":1}]\n").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace wonbon::client
