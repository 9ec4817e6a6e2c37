#include "client/command/machine.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "absl/time/clock.h"
#include "tests/temporary_folder.h"

namespace wonbon::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using State = Finding::State;

TEST(MachineTest, EverythingIsLookedAt) {
  std::vector<std::string> names;
  for (const Finding& finding : LookAtMachine()) {
    names.push_back(finding.what);
    EXPECT_NE(finding.measured, "") << finding.what;
    EXPECT_EQ(finding.advice.empty(), finding.state == State::kOk) << finding.what;
  }
  EXPECT_THAT(names, ElementsAre("file descriptors", "huge pages", "clock", "memory"));
}

TEST(MachineTest, TheDiskOfAFolderIsMeasuredAndNothingStaysThere) {
  const TemporaryFolder folder;
  const std::vector<Finding> findings = LookAtDisk(folder.path());
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_THAT(findings[0].measured, HasSubstr(" ms in the middle"));
  EXPECT_THAT(findings[1].measured, HasSubstr("are free"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(MachineTest, AFolderThatIsNotThereIsBad) {
  for (const Finding& finding : LookAtDisk("/nowhere/at/all")) {
    EXPECT_EQ(finding.state, State::kBad);
    EXPECT_THAT(finding.measured, HasSubstr("No such file"));
    EXPECT_THAT(finding.advice, HasSubstr("--data-dir"));
  }
}

TEST(MachineTest, ACertificateIsJudgedByTheDaysItHasLeft) {
  const struct {
    absl::Duration left;
    State state;
    const char* measured;
  } cases[] = {{absl::Hours(24 * 400 + 1), State::kOk, ", 400 days"},
               {absl::Hours(24 * 29 + 1), State::kWarn, ", 29 days"},
               {absl::Hours(1), State::kWarn, ", 0 days"},
               {-absl::Hours(1), State::kBad, "over since"}};
  for (const auto& c : cases) {
    const Finding finding = JudgeCertificate("--ca", absl::Now() + c.left);
    EXPECT_EQ(finding.state, c.state) << c.measured;
    EXPECT_THAT(finding.measured, HasSubstr(c.measured));
    EXPECT_EQ(finding.advice.empty(), c.state == State::kOk);
  }
}

TEST(MachineTest, AFileWithoutCertificateIsBad) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "ca.pem") << "-----BEGIN CERTIFICATE-----\nnone\n";
  for (const std::string name : {"ca.pem", "missing.pem"}) {
    const Finding finding = LookAtCertificate("--ca", folder.path() / name);
    EXPECT_EQ(finding.state, State::kBad);
    EXPECT_THAT(finding.measured, HasSubstr(name));
  }
}

}  // namespace
}  // namespace wonbon::client
