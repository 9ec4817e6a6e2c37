#include "core/identity/identity.h"

#include <gtest/gtest.h>

#include <string>

namespace wonbon {
namespace {

constexpr Seed kSeed = {'o', 'n', 'e'};

Identity Identify(const Document& document, const Seed& seed = kSeed) {
  return Identifier(seed).Identify(document, Canonicalize(document.body, {}),
                                   CanonicalizeTitle(document.title));
}

Document Sample() {
  return {.id = "a",
          .title = "늦서리에 배꽃 얼어",
          .body = "들녘군의 배 과수원 340곳에서 꽃눈이 얼었다.",
          .publisher = "가람일보",
          .url = "https://garam.example/news/7",
          .published_at = absl::FromUnixSeconds(1'700'000'000),
          .labels = {{"k", "v"}}};
}

// What is on disk means these values. If this test fails, either the change is a mistake, or
// kFormatVersion has to rise and stores be made anew.
TEST(IdentityTest, IsTheGoldenOne) {
  const Identity identity = Identify(Sample());
  EXPECT_EQ(identity.text, absl::MakeUint128(16684469279242887950u, 13896347635132840600u));
  EXPECT_EQ(identity.content, absl::MakeUint128(5586409535701201195u, 9636462505948290579u));
  EXPECT_EQ(identity.headline, 11110643355369060156u);
  EXPECT_EQ(identity.publisher, 15169276522617197708u);
  EXPECT_EQ(identity.article_url, 7157867632872623539u);
}

TEST(IdentityTest, EveryKeyDependsOnTheSeed) {
  const Identity one = Identify(Sample()), other = Identify(Sample(), {'t', 'w', 'o'});
  EXPECT_NE(one.text, other.text);
  EXPECT_NE(one.content, other.content);
  EXPECT_NE(one.headline, other.headline);
  EXPECT_NE(one.publisher, other.publisher);
  EXPECT_NE(one.article_url, other.article_url);
}

TEST(IdentityTest, TextAndHeadlineAreTheirLettersAndDigits) {
  Document other = Sample();
  other.title = "늦서리에, 배꽃 얼어!";
  other.body = "<p>들녘군의 배 과수원 340곳에서 꽃눈이 얼었다</p>";
  EXPECT_EQ(Identify(other).text, Identify(Sample()).text);
  EXPECT_EQ(Identify(other).headline, Identify(Sample()).headline);
  EXPECT_NE(Identify(other).content, Identify(Sample()).content);
  other.body = "들녘군의 배 과수원 430곳에서 꽃눈이 얼었다.";
  other.title = "늦서리에 배꽃 녹아";
  EXPECT_NE(Identify(other).text, Identify(Sample()).text);
  EXPECT_NE(Identify(other).headline, Identify(Sample()).headline);
}

TEST(IdentityTest, ContentIsEveryField) {
  const absl::uint128 content = Identify(Sample()).content;
  EXPECT_EQ(Identify(Sample()).content, content);
  for (std::string Document::*field : {&Document::id, &Document::title, &Document::body,
                                       &Document::publisher, &Document::url, &Document::byline,
                                       &Document::section}) {
    Document other = Sample();
    other.*field += "x";
    EXPECT_NE(Identify(other).content, content);
  }
  Document other = Sample();
  other.published_at = std::nullopt;
  EXPECT_NE(Identify(other).content, content);
  other = Sample();
  other.content_type = ContentType::kText;
  EXPECT_NE(Identify(other).content, content);
  other = Sample();
  other.labels = {{"kv", ""}};
  EXPECT_NE(Identify(other).content, content);
}

TEST(IdentityTest, PublishersAreComparedWithoutWidthCaseAndSpaces) {
  const Identifier identifier(kSeed);
  for (const char* name : {"KBS 뉴스", " kbs뉴스", "ＫＢＳ　뉴스", "Kbs\u00a0뉴스\n",
                           "KBS \u1102\u1172\u1109\u1173"}) {
    EXPECT_EQ(identifier.PublisherKey(name), identifier.PublisherKey("KBS뉴스")) << name;
  }
  EXPECT_NE(identifier.PublisherKey("가나신문"), identifier.PublisherKey("가다신문"));
  for (const char* none : {"", " ", "-", "…"}) EXPECT_EQ(identifier.PublisherKey(none), 0u) << none;
}

TEST(IdentityTest, WhatIsNotThereHasNoKey) {
  const Identity identity = Identify({.title = "!", .body = "글", .url = "https://garam.example/"});
  EXPECT_EQ(identity.headline, 0u);
  EXPECT_EQ(identity.publisher, 0u);
  EXPECT_EQ(identity.article_url, 0u);
}

}  // namespace
}  // namespace wonbon
