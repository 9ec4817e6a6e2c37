#include "core/keys/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/keys/limits.h"

namespace wonbon::keys {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string HashOf(char c) { return FormatHash(DigestOf("wonbon_" + std::string(43, c))); }

// With every field; {x} are places where a test puts something else.
std::string Whole() {
  return absl::StrCat("# the desk\n[[key]]\nname = \"desk\"\nhash = \"", HashOf('a'),
                      "\"\nrole = \"editor\"\ncollections = [\"news-*\", \"default\"]\n",
                      "requests_per_second = 50\ndocuments_per_second = 500\n",
                      "expires = 2027-06-30T15:00:00+09:00\n");
}

std::string With(const std::string& from, const std::string& to) {
  return absl::StrReplaceAll(Whole(), {{from, to}});
}

std::string RefusalOf(const std::string& text) {
  return std::string(ParseKeyFile(text).status().message());
}

TEST(KeyFileTest, EveryFieldIsRead) {
  const auto keys = ParseKeyFile(Whole());
  ASSERT_TRUE(keys.ok()) << keys.status();
  ASSERT_EQ(keys->size(), 1);
  const Key& key = keys->front();
  EXPECT_EQ(key.name, "desk");
  EXPECT_EQ(key.digest, DigestOf("wonbon_" + std::string(43, 'a')));
  EXPECT_EQ(key.role, Role::kEditor);
  EXPECT_THAT(key.collections, ElementsAre("news-*", "default"));
  EXPECT_EQ(key.requests_per_second, 50);
  EXPECT_EQ(key.documents_per_second, 500);
  ASSERT_TRUE(key.expires.has_value());
  EXPECT_EQ(TimeText(*key.expires), "2027-06-30T06:00:00Z");
  EXPECT_FALSE(key.revoked.has_value());
}

TEST(KeyFileTest, WhatIsWrongIsNamedWithItsLine) {
  const struct {
    std::string text;
    const char* refusal;
  } cases[] = {
      {"", "1: no [[key]]"},
      {"\n\n", "1: no [[key]]"},
      {"[[key\n", "1: not TOML"},
      {Whole() + "x = \n", "10: not TOML"},
      {"key = 3\n", "1: only [[key]]"},
      {"[key]\nname = \"a\"\n", "1: only [[key]]"},
      {"title = \"x\"\n" + Whole(), "1: only [[key]]"},
      {With("name = \"desk\"\n", ""), "2: has no name"},
      {With("\"desk\"", "7"), "2: name must be a text"},
      {With("desk", "de sk"), "2: name must be 1 to"},
      {With("desk", "anonymous"), "for those who show no key"},
      {With("desk", std::string(kMaxKeyNameBytes + 1, 'a')), "2: name must be 1 to"},
      {With(HashOf('a'), "sha256:abc"), "2: key \"desk\": hash must be"},
      {With("hash", "certificate2"), "certificate2 is no field"},
      {With("hash = \"" + HashOf('a') + "\"\n", ""), "either a hash or a certificate"},
      {Whole() + "certificate = \"x\"\n", "either a hash or a certificate"},
      {With("\"editor\"", "\"owner\""), "role must be \"reader\", \"writer\""},
      {With("role = \"editor\"\n", ""), "has no role"},
      {With("[\"news-*\", \"default\"]", "[]"), "at least one collection"},
      {With("collections = [\"news-*\", \"default\"]\n", ""), "has no collections"},
      {With("news-*", "../.."), "no collection's name can be like"},
      {With("news-*", "<script>"), "no collection's name can be like"},
      {With("news-*", "[a-z]"), "no collection's name can be like"},
      {With("= 50\n", "= 0\n"), "requests_per_second must be a whole number"},
      {With("= 500\n", "= 1000001\n"), "documents_per_second must be a whole number"},
      {With("= 500\n", "= 1.5\n"), "documents_per_second must be a whole number"},
      {With("2027-06-30T15:00:00+09:00", "2027-06-30"), "expires must be a time with its zone"},
      {With("2027-06-30T15:00:00+09:00", "\"soon\""), "expires must be a time with its zone"},
      {Whole() + Whole(), "11: key \"desk\": the same hash as in line 2"},
  };
  for (const auto& bad : cases) {
    EXPECT_THAT(RefusalOf(bad.text), HasSubstr(bad.refusal)) << bad.text;
  }
}

TEST(KeyFileTest, AKeyThatStandsWhereItsHashShouldIsNotRepeated) {
  const std::string key = NewKey();
  EXPECT_THAT(RefusalOf(With(HashOf('a'), key)), Not(HasSubstr(key)));
  EXPECT_THAT(RefusalOf(key), Not(HasSubstr(key)));
  EXPECT_THAT(RefusalOf("[[key]]\nhash = " + key), Not(HasSubstr(key.substr(7, 10))));
}

TEST(KeyFileTest, MoreKeysThanThereMayBeAreRefused) {
  std::string text;
  for (size_t i = 0; i <= kMaxKeys; ++i) {
    absl::StrAppend(&text, "[[key]]\nname = \"k", i, "\"\ncertificate = \"c", i,
                    "\"\nrole = \"reader\"\ncollections = [\"*\"]\n");
  }
  EXPECT_THAT(RefusalOf(text), HasSubstr("at most 1000 are allowed"));
}

TEST(KeyFileTest, PatternsAreOfWholeNames) {
  const Key key{.collections = {"news-*", "default", "x?"}};
  for (const char* covered : {"news-", "news-kr", "news-*", "default", "x1"}) {
    EXPECT_TRUE(Covers(key, covered)) << covered;
  }
  for (const std::string& other :
       {std::string("new-kr"), std::string("anews-kr"), std::string("default2"), std::string("x"),
        std::string(), std::string("../.."), std::string("<script>"),
        std::string("default\0", 8), "news-" + std::string(60, 'a'),
        "news-" + std::string(1 << 20, 'a')}) {
    EXPECT_FALSE(Covers(key, other)) << other.substr(0, 80);
  }
  const Key all{.collections = {"a", "*"}};
  EXPECT_TRUE(Covers(all, std::string(1 << 20, 'a')));
  EXPECT_TRUE(CoversAll(all));
  EXPECT_FALSE(CoversAll(key));
  EXPECT_FALSE(CoversAll(Key{.collections = {"?", "**a", "a*"}}));
}

TEST(KeyFileTest, AddingLeavesWhatIsThereAsItIs) {
  Key key{.name = "crawler",
          .certificate = "spiffe://news/\"crawler\"",
          .role = Role::kWriter,
          .collections = {"a", "b*"},
          .requests_per_second = 7};
  key.expires = absl::FromUnixSeconds(2'000'000'000);
  const auto made = AddKey("", key);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_THAT(ParseKeyFile(*made).value(), ElementsAre(key));
  const auto added = AddKey(Whole(), key);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_THAT(*added, StartsWith(Whole()));
  EXPECT_EQ(ParseKeyFile(*added)->back(), key);
  EXPECT_TRUE(absl::IsAlreadyExists(AddKey(*added, key).status()));
  EXPECT_FALSE(AddKey("[[key\n", key).ok());
  EXPECT_FALSE(AddKey("", Key{.name = "x", .certificate = "y"}).ok()) << "without a collection";
}

TEST(KeyFileTest, RevokingTouchesThatKeyAlone) {
  const std::string text = absl::StrCat(
      Whole(), "\n [[key]] # second\n", "name = \"other\"\ncertificate = \"c\"\n",
      "role = \"reader\"\ncollections = [\"*\"]\n");
  const absl::Time now = absl::FromUnixSeconds(1'900'000'000);
  const auto revoked = RevokeKey(text, "other", now);
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  const auto keys = ParseKeyFile(*revoked);
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_FALSE(keys->at(0).revoked.has_value());
  EXPECT_EQ(keys->at(1).revoked, now);
  EXPECT_EQ(absl::StrReplaceAll(*revoked, {{"revoked = 2030-03-17T17:46:40Z\n", ""}}), text);
  EXPECT_TRUE(absl::IsFailedPrecondition(RevokeKey(*revoked, "other", now).status()));
  EXPECT_TRUE(absl::IsNotFound(RevokeKey(*revoked, "nobody", now).status()));
  const auto inline_array = RevokeKey(
      "key = [{name = \"a\", certificate = \"c\", role = \"reader\", collections = [\"*\"]}]", "a",
      now);
  EXPECT_THAT(std::string(inline_array.status().message()), HasSubstr("by hand"));
}

}  // namespace
}  // namespace wonbon::keys
