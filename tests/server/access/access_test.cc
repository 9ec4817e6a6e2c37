// Who is let in, on plain values; over gRPC see tests/access.
#include "server/access/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/keys/secret.h"
#include "server/log.h"
#include "server/message/status.h"
#include "tests/temporary_folder.h"

namespace wonbon::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kLocal[] = "ipv4:127.0.0.1:4711";
constexpr char kRemote[] = "ipv4:10.0.0.7:4711";

const Rpc& RpcFor(Role role) {
  for (const Rpc& rpc : RpcTable()) {
    if (rpc.role == role) return rpc;
  }
  return RpcTable().front();
}

class AccessTest : public testing::Test {
 protected:
  AccessTest() { SetUpLog(LogFormat::kText, LogLevel::kError); }

  static std::string Entry(const std::string& name, const std::string& secret,
                           const std::string& more =
                               "role = \"writer\"\ncollections = [\"a*\"]\n") {
    return absl::StrCat("[[key]]\nname = \"", name, "\"\nhash = \"",
                        keys::FormatHash(keys::DigestOf(secret)), "\"\n", more);
  }
  void Write(const std::string& text) const {
    std::ofstream(path_, std::ios::trunc) << text;
    chmod(path_.c_str(), 0600);
  }
  std::unique_ptr<Access> Load(std::optional<Role> anonymous = {}) const {
    auto access = Access::Load({.keys_file = path_, .anonymous = anonymous});
    EXPECT_TRUE(access.ok()) << access.status();
    return *std::move(access);
  }
  // "" for who is let in, else why not.
  static std::string Refusal(const Access& access, const Shown& shown, Role role = Role::kReader) {
    const auto caller = access.Admit(RpcFor(role), shown);
    return caller.ok() ? "" : std::string(Reason(caller.status()));
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.path() / "keys.toml";
  const std::string secret_ = keys::NewKey();
};

TEST_F(AccessTest, WithoutAFileThisMachineIsLetInAndNoOther) {
  const auto access = *Access::Load({});
  for (const char* peer : {kLocal, "ipv6:[::1]:5", "ipv6:%5B::1%5D:5", "unix:", "ipv4:127.1.2.3:5",
                           "ipv6:[::ffff:127.0.0.1]:5"}) {
    EXPECT_EQ(Refusal(*access, {.peer = peer}, Role::kAdmin), "") << peer;
    EXPECT_EQ(Refusal(*access, {.peer = peer, .authorization = {"Basic eDp5"}}), "") << peer;
  }
  for (const char* peer : {kRemote, "ipv6:[::2]:5", "ipv4:12.7.0.0:1", "", "ipv6:[fe80::1]:4"}) {
    EXPECT_EQ(Refusal(*access, {.peer = peer}), "KEY_MISSING") << peer;
    EXPECT_EQ(Refusal(*access, {.peer = peer, .api_key = {secret_}}), "KEY_MISSING") << peer;
  }
}

TEST_F(AccessTest, AnonymousIsARoleForAnybody) {
  const auto access = *Access::Load({.anonymous = Role::kReader});
  for (const char* peer : {kLocal, kRemote}) {
    EXPECT_EQ(Refusal(*access, {.peer = peer}), "");
    EXPECT_EQ(Refusal(*access, {.peer = peer}, Role::kWriter), "ROLE_TOO_LOW");
  }
  Write(Entry("a", secret_));
  const auto with_keys = Load(Role::kReader);
  EXPECT_EQ(Refusal(*with_keys, {.peer = kRemote}), "");
  EXPECT_EQ(Refusal(*with_keys, {.peer = kRemote, .api_key = {"wrong"}}), "KEY_UNKNOWN")
      << "who shows a key is not taken for somebody without";
}

TEST_F(AccessTest, AKeyIsShownInOneOfTwoWaysAndItsFormComesFirst) {
  Write(Entry("a", secret_));
  const auto access = Load();
  const std::string bearer = "Bearer " + secret_;
  const std::string odd_case = "bEARER " + secret_;
  const std::string basic = "Basic " + secret_;
  const std::string other = keys::NewKey();
  const std::string other_bearer = "Bearer " + other;
  const std::string long_token(10 << 20, 'A');
  const struct {
    Shown shown;
    const char* refusal;
  } cases[] = {
      {{.authorization = {bearer}}, ""},
      {{.authorization = {odd_case}}, ""},
      {{.api_key = {secret_}}, ""},
      {{.authorization = {bearer}, .api_key = {secret_}}, ""},
      {{.authorization = {bearer}, .api_key = {other}}, "KEY_UNKNOWN"},
      {{.api_key = {secret_, other}}, "KEY_UNKNOWN"},
      {{}, "KEY_MISSING"},
      {{.authorization = {basic}}, "KEY_UNKNOWN"},
      {{.authorization = {secret_}}, "KEY_UNKNOWN"},
      {{.authorization = {"Bearer "}}, "KEY_UNKNOWN"},
      {{.authorization = {""}}, "KEY_UNKNOWN"},
      {{.api_key = {""}}, "KEY_UNKNOWN"},
      {{.api_key = {long_token}}, "KEY_UNKNOWN"},
      {{.authorization = {other_bearer}}, "KEY_UNKNOWN"},
      {{.api_key = {"wonbon_"}}, "KEY_UNKNOWN"},
  };
  for (size_t i = 0; i < std::size(cases); ++i) {
    Shown shown = cases[i].shown;
    shown.peer = kLocal;  // which is no way in where there are keys
    EXPECT_EQ(Refusal(*access, shown), cases[i].refusal) << i;
    const auto caller = access->Admit(RpcFor(Role::kReader), shown);
    EXPECT_THAT(std::string(caller.status().message()), Not(HasSubstr(secret_))) << i;
  }
}

TEST_F(AccessTest, ExpiredAndRevokedKeysAreNamedAndRefused) {
  const std::string expired = keys::NewKey();
  const std::string revoked = keys::NewKey();
  const std::string rights = "role = \"admin\"\ncollections = [\"*\"]\n";
  Write(Entry("old", expired, rights + "expires = 2020-01-01T00:00:00Z\n") +
        Entry("gone", revoked, rights + "revoked = 2020-01-01T00:00:00Z\n"));
  const auto access = Load();
  EXPECT_EQ(Refusal(*access, {.api_key = {expired}}), "KEY_EXPIRED");
  EXPECT_EQ(Refusal(*access, {.api_key = {revoked}}), "KEY_REVOKED");
}

TEST_F(AccessTest, ARoleIncludesThoseBelow) {
  for (const Role held : {Role::kReader, Role::kWriter, Role::kEditor, Role::kAdmin}) {
    Write(Entry("a", secret_, absl::StrCat("role = \"", std::string(Name(held)),
                                           "\"\ncollections = [\"*\"]\n")));
    const auto access = Load();
    for (const Role wanted : {Role::kReader, Role::kWriter, Role::kEditor, Role::kAdmin}) {
      EXPECT_EQ(Refusal(*access, {.api_key = {secret_}}, wanted),
                wanted <= held ? "" : "ROLE_TOO_LOW");
    }
  }
}

TEST_F(AccessTest, WhatIsOfAllCollectionsIsNotForAKeyOfSome) {
  const Rpc rpc{"wonbon.v1.AdminService", "SetReadOnly", Role::kAdmin, WorkKind::kRead,
                /*takes_documents=*/false, /*of_all_collections=*/true};
  for (const char* collections : {"\"*\"", "\"news*\", \"*\"", "\"n*\"", "\"default\""}) {
    Write(Entry("a", secret_,
                absl::StrCat("role = \"admin\"\ncollections = [", collections, "]\n")));
    const bool all = std::string_view(collections).ends_with("\"*\"");
    const auto caller = Load()->Admit(rpc, {.api_key = {secret_}});
    EXPECT_EQ(caller.ok(), all) << collections;
    if (!all) EXPECT_EQ(Reason(caller.status()), "COLLECTION_NOT_ALLOWED") << collections;
  }
}

TEST_F(AccessTest, ANameInACertificateIsACallerAndAKeyGoesBeforeIt) {
  Write(Entry("a", secret_) +
        "[[key]]\nname = \"m\"\ncertificate = \"crawler\"\nrole = \"admin\"\n"
        "collections = [\"*\"]\n");
  auto loaded = Access::Load({.keys_file = path_, .verifies_clients = true});
  ASSERT_TRUE(loaded.ok());
  const Access& access = **loaded;
  EXPECT_EQ(access.Admit(RpcFor(Role::kAdmin), {.identities = {"other", "crawler"}})->name(), "m");
  EXPECT_EQ(Refusal(access, {.identities = {"Crawler"}}), "KEY_MISSING");
  const Shown both{.api_key = {secret_}, .identities = {"crawler"}};
  EXPECT_EQ(access.Admit(RpcFor(Role::kReader), both)->name(), "a");
  EXPECT_EQ(Refusal(access, {.api_key = {"x"}, .identities = {"crawler"}}), "KEY_UNKNOWN");
}

TEST_F(AccessTest, ACallerSeesItsCollectionsAlone) {
  Write(Entry("a", secret_));
  const auto access = Load();
  const Caller caller = *access->Admit(RpcFor(Role::kReader), {.api_key = {secret_}});
  EXPECT_TRUE(caller.MayAsk({.collection = "a-1"}).ok());
  EXPECT_FALSE(caller.SeesAll());
  for (const std::string_view other : {"", "default", "b", "../..", "<script>", "b\n"}) {
    const absl::Status refused = caller.MayAsk({.collection = other});
    EXPECT_EQ(Reason(refused), "COLLECTION_NOT_ALLOWED") << other;
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("<")));
  }
  const std::string endless(16 << 20, 'b');
  EXPECT_LT(caller.MayAsk({.collection = endless}).message().size(), 200);
}

TEST_F(AccessTest, LimitsAreOfTheKeyAndSayWhenTheyPass) {
  const std::string rights = "role = \"writer\"\ncollections = [\"*\"]\n";
  Write(Entry("slow", secret_, rights + "requests_per_second = 2\n"));
  const auto access = Load();
  const auto caller = [&] { return *access->Admit(RpcFor(Role::kReader), {.api_key = {secret_}}); };
  EXPECT_TRUE(caller().TakeRequest(false).ok());
  absl::Status refused;
  int taken = 1;
  while ((refused = caller().TakeRequest(true)).ok()) ++taken;
  EXPECT_LE(taken, 3);
  EXPECT_EQ(Reason(refused), "RATE_LIMITED");
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_GT(DetailOf(refused).retry_after, absl::ZeroDuration());
  EXPECT_LT(DetailOf(refused).retry_after, absl::Milliseconds(501));
  Write(Entry("slow", secret_, rights + "documents_per_second = 5\n"));
  EXPECT_TRUE(access->Reload());
  EXPECT_TRUE(caller().MayAsk({.documents = 1'000}).ok());
  EXPECT_EQ(Reason(caller().MayAsk({.documents = 1})), "RATE_LIMITED");
  EXPECT_EQ(Reason(caller().TakeRequest(true)), "RATE_LIMITED") << "before any work";
  EXPECT_TRUE(caller().TakeRequest(false).ok());
  EXPECT_TRUE(caller().MayAsk({}).ok());
}

TEST_F(AccessTest, ABadFileIsRefusedAtTheStartAndLeavesTheKeysOfBeforeLater) {
  const auto refusal = [&] {
    return std::string(Access::Load({.keys_file = path_}).status().message());
  };
  EXPECT_THAT(refusal(), HasSubstr("No such file"));
  Write("");
  EXPECT_THAT(refusal(), HasSubstr("no [[key]]"));
  Write(Entry("a", secret_));
  chmod(path_.c_str(), 0644);
  EXPECT_THAT(refusal(), HasSubstr("chmod 600"));
  Write(Entry("a", secret_));
  const auto access = Load();
  uint64_t failures = 0;
  const std::string good = Entry("a", secret_);
  for (const std::string& bad : {std::string(), std::string("[[key\n"), good + good,
                                 good.substr(0, good.size() / 2), std::string(2 << 20, '#')}) {
    Write(bad);
    EXPECT_TRUE(access->Reload());
    EXPECT_EQ(access->failures(), ++failures);
    EXPECT_THAT(access->Trouble(), HasSubstr(path_));
    EXPECT_EQ(Refusal(*access, {.api_key = {secret_}}), "");
  }
  Write(good);
  EXPECT_TRUE(access->Reload());
  EXPECT_EQ(access->Trouble(), "");
  EXPECT_FALSE(access->Reload()) << "the same as before";
}

TEST_F(AccessTest, AChangeIsBelievedWhenTwoLooksSawIt) {
  Write(Entry("a", secret_));
  const auto access = Load();
  const std::string second = keys::NewKey();
  Write(Entry("a", secret_) + Entry("b", second));
  access->Poll();
  EXPECT_EQ(Refusal(*access, {.api_key = {second}}), "KEY_UNKNOWN");
  access->Poll();
  EXPECT_EQ(Refusal(*access, {.api_key = {second}}), "");
}

TEST_F(AccessTest, AnOpenStreamStandsUntilItsKeyIsChanged) {
  const std::string other = keys::NewKey();
  Write(Entry("a", secret_) + Entry("b", other));
  const auto access = Load();
  const Caller caller = *access->Admit(RpcFor(Role::kReader), {.api_key = {secret_}});
  Write(Entry("a", secret_) + Entry("b", keys::NewKey()));
  access->Reload();
  EXPECT_TRUE(caller.Stands(absl::Now()).ok()) << "another key was changed";
  Write(Entry("a", secret_) + "revoked = 2020-01-01T00:00:00Z\n");
  access->Reload();
  EXPECT_EQ(caller.Stands(absl::Now()).code(), absl::StatusCode::kUnavailable);
  Write(Entry("a", secret_, "role = \"reader\"\ncollections = [\"*\"]\n"
                            "expires = 2099-01-01T00:00:00Z\n"));
  access->Reload();
  const Caller passing = *access->Admit(RpcFor(Role::kReader), {.api_key = {secret_}});
  EXPECT_TRUE(passing.Stands(absl::Now()).ok());
  EXPECT_EQ(Reason(passing.Stands(absl::Now() + absl::Hours(24 * 365 * 80))), "KEY_EXPIRED");
}

}  // namespace
}  // namespace wonbon::server
