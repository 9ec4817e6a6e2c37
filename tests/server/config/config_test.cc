#include "server/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "server/admission/memory_ceiling.h"
#include "server/config/address.h"
#include "server/config/settings.h"

namespace wonbon::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ConfigTest : public testing::Test {
 protected:
  void TearDown() override {
    for (const std::string& name : variables_) unsetenv(name.c_str());
  }

  void Environment(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    variables_.insert(name);
  }

  std::string File(const std::string& toml) {
    const std::string path = testing::TempDir() + "/wonbond-config-test.toml";
    std::ofstream(path) << toml;
    return path;
  }

  static absl::StatusOr<CommandLine> Read(std::vector<const char*> flags) {
    flags.insert(flags.begin(), "wonbond");
    return ReadCommandLine(static_cast<int>(flags.size()), flags.data());
  }

  static std::string Error(std::vector<const char*> flags) {
    return std::string(Read(std::move(flags)).status().message());
  }

 private:
  std::set<std::string> variables_;
};

TEST_F(ConfigTest, DefaultsServeLoopbackOnceToldInsecure) {
  const auto line = Read({"--insecure"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->action, CommandLine::Action::kServe);
  EXPECT_EQ(line->config.listen, "127.0.0.1:7443");
  EXPECT_EQ(line->config.admin_listen, "127.0.0.1:9464");
  EXPECT_EQ(line->config.durability, "sync");
  EXPECT_EQ(line->config.max_body_bytes, 256 << 10);
}

TEST_F(ConfigTest, FlagsBeatEnvironmentBeatsFileBeatsDefaults) {
  const std::string path = File("threads = 1\nlog_format = \"json\"\nlisten = \"127.0.0.1:1\"\n");
  Environment("WONBON_THREADS", "2");
  Environment("WONBON_LISTEN", "127.0.0.1:2");
  const auto line = Read({"--insecure", "--config", path.c_str(), "--listen=127.0.0.1:3"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->config.listen, "127.0.0.1:3");
  EXPECT_EQ(line->config.threads, 2);
  EXPECT_EQ(line->config.log_format, "json");
  EXPECT_EQ(line->config.log_level, "info");
  const std::string printed = Print(line->config);
  EXPECT_THAT(printed, HasSubstr("listen = \"127.0.0.1:3\"  # flag --listen\n"));
  EXPECT_THAT(printed, HasSubstr("threads = 2  # environment WONBON_THREADS\n"));
  EXPECT_THAT(printed, HasSubstr("log_format = \"json\"  # " + path + ":2\n"));
  EXPECT_THAT(printed, HasSubstr("log_level = \"info\"  # default\n"));
}

TEST_F(ConfigTest, WhatIsPrintedCanBeReadAgain) {
  const auto line = Read({"--insecure", "--drain-timeout=90s", "--data-dir=a \"b\" \\c"});
  ASSERT_TRUE(line.ok()) << line.status();
  const std::string path = File(Print(line->config));
  const auto again = Read({"--config", path.c_str()});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->config.drain_timeout, absl::Seconds(90));
  EXPECT_EQ(again->config.data_dir, "a \"b\" \\c");
  EXPECT_TRUE(again->config.insecure);
}

TEST_F(ConfigTest, APrintedTextIsOneTextWhateverItHolds) {
  const std::string odd = "a\n\"b\"\t\\ \x7f";
  const auto line = Read({"--insecure", ("--data-dir=" + odd).c_str()});
  ASSERT_TRUE(line.ok()) << line.status();
  const std::string path = File(Print(line->config));
  const auto again = Read({"--config", path.c_str()});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->config.data_dir, odd);
}

TEST_F(ConfigTest, MemoryIsGivenWithAUnitAndIsAShareOfTheMachineUnlessItIs) {
  const std::vector<std::pair<const char*, uint64_t>> sizes = {
      {"--memory-limit=512MiB", 512 << 20}, {"--memory-limit=4GiB", uint64_t{4} << 30},
      {"--memory-limit=800MB", 800'000'000}, {"--memory-limit=123456789", 123'456'789},
      {"--memory-limit=64KiB", 64 << 10},    {"--memory-limit=10B", 10}};
  for (const auto& [flag, bytes] : sizes) {
    const auto line = Read({"--insecure", flag});
    ASSERT_TRUE(line.ok()) << line.status();
    EXPECT_EQ(line->config.memory_limit.bytes, bytes);
    const std::string path = File(Print(line->config));
    EXPECT_EQ(Read({"--config", path.c_str()})->config.memory_limit.bytes, bytes);
  }
  for (const char* flag : {"--memory-limit=much", "--memory-limit=-1MiB", "--memory-limit=4 TB",
                           "--memory-limit=99999999999GiB", "--memory-limit=MiB"}) {
    EXPECT_THAT(Error({"--insecure", flag}), HasSubstr("memory_limit must be a number of bytes"));
  }
  const auto line = Read({"--insecure"});
  ASSERT_TRUE(line.ok());
  EXPECT_GT(line->config.memory_limit.bytes, GrantedMemory() / 10 * 7);
  EXPECT_LT(line->config.memory_limit.bytes, GrantedMemory() / 10 * 9);
  EXPECT_THAT(Print(line->config),
              testing::ContainsRegex("memory_limit = \"[0-9]+[GM]iB\"  # default"));
}

TEST_F(ConfigTest, TheSeedFileIsOnlySaidToBeSet) {
  const auto unset = Read({"--insecure"});
  ASSERT_TRUE(unset.ok());
  EXPECT_THAT(Print(unset->config), HasSubstr("# seed_file is unset"));
  const auto set = Read({"--insecure", "--seed-file=/secret/path"});
  ASSERT_TRUE(set.ok());
  EXPECT_THAT(Print(set->config), HasSubstr("# seed_file is set"));
  EXPECT_THAT(Print(set->config), testing::Not(HasSubstr("/secret/path")));
}

TEST_F(ConfigTest, AnUnknownKeyOfTheFileIsNamedWithItsLine) {
  const std::string path = File("insecure = true\n\nlisten_to = \"x\"\n");
  EXPECT_THAT(Error({"--config", path.c_str()}),
              StartsWith(path + ":3: unknown setting \"listen_to\""));
}

TEST_F(ConfigTest, ABadValueIsNamedWithItsOrigin) {
  const std::string path = File("threads = -1\n");
  EXPECT_THAT(Error({"--config", path.c_str()}),
              StartsWith(path + ":1: threads must be a number from 0 to 1024"));
  Environment("WONBON_DURABILITY", "maybe");
  EXPECT_THAT(Error({"--insecure"}),
              StartsWith("environment WONBON_DURABILITY: durability must be one of sync|async"));
  EXPECT_THAT(Error({"--insecure", "--durability=sync"}), HasSubstr("environment"))
      << "a bad value is bad even where a flag overrides it";
}

TEST_F(ConfigTest, BadValuesOfEveryKindAreRefused) {
  EXPECT_THAT(Error({"--insecure=perhaps"}), HasSubstr("insecure"));
  EXPECT_THAT(Error({"--insecure", "--drain-timeout=soon"}), HasSubstr("duration"));
  EXPECT_THAT(Error({"--insecure", "--drain-timeout=-1s"}), HasSubstr("duration"));
  EXPECT_THAT(Error({"--insecure", "--listen=7443"}), HasSubstr("host:port"));
  EXPECT_THAT(Error({"--insecure", "--listen=::1:7443"}), HasSubstr("brackets"));
  EXPECT_THAT(Error({"--insecure", "--listen=a:70000"}), HasSubstr("host:port"));
  EXPECT_THAT(Error({"--insecure", "--data-dir="}), HasSubstr("data_dir"));
  EXPECT_THAT(Error({"--insecure", "--max-body-bytes=12"}), HasSubstr("1024"));
  EXPECT_THAT(Error({"--insecure", "--disk-reserve=some"}), HasSubstr("disk_reserve"));
  EXPECT_THAT(Error({"--insecure", "--backup-dir=b", "--backup-every=800h"}), HasSubstr("744h"));
  EXPECT_THAT(Error({"--insecure", "--backup-dir=b", "--backup-keep=0"}), HasSubstr("from 1"));
  EXPECT_THAT(Error({"--insecure", "--backup-every=6h"}), HasSubstr("needs backup_dir"));
  for (const char* inside : {"--backup-dir=d", "--backup-dir=d/b", "--backup-dir=./d/../d/b"}) {
    EXPECT_THAT(Error({"--insecure", "--data-dir=d", inside}), HasSubstr("must not be in"));
  }
  EXPECT_EQ(Error({"--insecure", "--data-dir=d", "--backup-dir=d-backups"}), "");
  EXPECT_THAT(Error({"--insecure", "--no-such-flag"}), HasSubstr("no-such-flag"));
  EXPECT_THAT(Error({"--insecure", "stray"}), HasSubstr("stray"));
}

TEST_F(ConfigTest, BrokenTomlIsNamedWithItsLine) {
  const std::string path = File("threads = 1\nlisten = \n");
  EXPECT_THAT(Error({"--config", path.c_str()}), StartsWith(path + ":2: "));
  const std::string nested = File("[server]\nthreads = 1\n");
  EXPECT_THAT(Error({"--config", nested.c_str()}), StartsWith(nested + ":1: server must be"));
  EXPECT_THAT(Error({"--config", "/no/such/file"}), HasSubstr("/no/such/file"));
}

TEST_F(ConfigTest, WithoutTlsTheServerRefusesUnlessInsecure) {
  EXPECT_THAT(Error({}), HasSubstr("--insecure"));
  EXPECT_TRUE(Read({"--tls-cert=c", "--tls-key=k"}).ok());
  EXPECT_THAT(Error({"--tls-cert=c"}), HasSubstr("belong together"));
  EXPECT_THAT(Error({"--insecure", "--tls-client-ca=c"}), HasSubstr("tls_client_ca"));
  EXPECT_THAT(Error({"--insecure", "--tls-cert=c", "--tls-key=k"}), HasSubstr("contradicts"));
}

TEST_F(ConfigTest, PrintConfigWorksOnAnInvalidConfiguration) {
  const auto line = Read({"--print-config"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->action, CommandLine::Action::kPrintConfig);
}

TEST_F(ConfigTest, TheManualPageSaysEverySetting) {
  const auto line = Read({"--man"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->action, CommandLine::Action::kShow);
  EXPECT_THAT(line->text, StartsWith(".TH WONBOND 8 "));
  for (const Setting& setting : Settings()) {
    const std::string flag = absl::StrReplaceAll("--" + FlagOf(setting), {{"-", "\\-"}});
    EXPECT_THAT(line->text, HasSubstr("\n.TP\n.B \\&" + flag));
    EXPECT_THAT(line->text, HasSubstr(EnvironmentOf(setting)));
  }
}

TEST_F(ConfigTest, TheExampleSaysEverySettingAndReadsBackAsWhatWasGiven) {
  const auto line = Read({"--example-config", "--insecure", "--data-dir=/a \"b\"", "--threads=3",
                          "--seed-file=/where/the/seed/is"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->action, CommandLine::Action::kExampleConfig);
  const std::string example = Example(line->config);
  EXPECT_THAT(example, testing::Not(HasSubstr("/where/the/seed/is")));
  const auto given = ReadConfigFile(File(example));
  ASSERT_TRUE(given.ok()) << given.status();
  Config config;
  ASSERT_TRUE(Apply(*given, config).ok());
  EXPECT_EQ(config.origins.size(), 3u);
  EXPECT_EQ(config.data_dir, "/a \"b\"");
  EXPECT_EQ(config.threads, 3);
  EXPECT_TRUE(config.insecure);
  // And all of it, defaults included.
  const std::string uncommented = absl::StrReplaceAll(example, {{"\n#", "\n"}});
  const auto every = ReadConfigFile(File(absl::StrReplaceAll(uncommented, {{"\n ", "\n# "}})));
  ASSERT_TRUE(every.ok()) << every.status();
  EXPECT_EQ(every->size(), Settings().size());
  Config same;
  EXPECT_TRUE(Apply(*every, same).ok());
}

TEST_F(ConfigTest, CheckConfigOnlyChecks) {
  const auto line = Read({"--insecure", "--check-config"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->action, CommandLine::Action::kCheckConfig);
  EXPECT_FALSE(Read({"--check-config"}).ok());
}

TEST_F(ConfigTest, HelpExplainsEverySettingAndVersionIsShown) {
  const auto help = Read({"--help"});
  ASSERT_TRUE(help.ok()) << help.status();
  EXPECT_EQ(help->action, CommandLine::Action::kShow);
  for (const Setting& setting : Settings()) {
    EXPECT_THAT(help->text, HasSubstr("--" + FlagOf(setting)));
    EXPECT_THAT(help->text, HasSubstr(EnvironmentOf(setting)));
  }
  const auto version = Read({"--version"});
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->text, "wonbond " WONBON_VERSION "\n");
}

TEST_F(ConfigTest, AddressesAreReadAndWritten) {
  EXPECT_EQ(FormatAddress(*ParseAddress("[::1]:7443")), "[::1]:7443");
  EXPECT_EQ(FormatAddress(*ParseAddress("localhost:1")), "localhost:1");
  EXPECT_EQ(FormatAddress(*ParseAddress(":1")), "0.0.0.0:1");
}

}  // namespace
}  // namespace wonbon::server
