#include "core/keys/secret.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace wonbon::keys {
namespace {

TEST(SecretTest, KeysAreNewEachTimeAndHaveTheirForm) {
  std::set<std::string> keys;
  for (int i = 0; i < 1'000; ++i) {
    const std::string key = NewKey();
    EXPECT_TRUE(IsKey(key)) << key;
    EXPECT_TRUE(keys.insert(key).second);
  }
}

TEST(SecretTest, WhatPeopleWouldChooseIsNoKey) {
  const std::string key = NewKey();
  for (const std::string& text :
       {std::string(), std::string("secret"), std::string("wonbon_"), key + "a",
        key.substr(0, key.size() - 1), "Wonbon_" + key.substr(7), key.substr(0, 20) + "=" +
        key.substr(21), key.substr(0, 20) + std::string(1, '\0') + key.substr(21), " " + key,
        std::string(10 << 20, 'a')}) {
    EXPECT_FALSE(IsKey(text)) << text.substr(0, 60);
  }
}

TEST(SecretTest, AHashIsTheSha256OfTheWholeKey) {
  // printf wonbon_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA | sha256sum
  const std::string key = "wonbon_" + std::string(43, 'A');
  ASSERT_TRUE(IsKey(key));
  EXPECT_EQ(FormatHash(DigestOf(key)),
            "sha256:c495612a4925a8e356659af47605fdd3"
            "0ea1fad65af83b4878ec22fda011e211");
}

TEST(SecretTest, AHashIsReadAsItWasWritten) {
  const Digest digest = DigestOf(NewKey());
  const std::string text = FormatHash(digest);
  const auto read = ParseHash(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(Equal(*read, digest));
  Digest other = digest;
  other[31] ^= 1;
  EXPECT_FALSE(Equal(other, digest));
  for (const std::string& bad : {text + "0", text.substr(0, text.size() - 1), text.substr(7),
                                 "sha512:" + text.substr(7), text.substr(0, 70) + "g",
                                 text.substr(0, 70) + "F"}) {
    EXPECT_FALSE(ParseHash(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace wonbon::keys
