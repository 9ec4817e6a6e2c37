#include "core/cluster/versions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

#include "tests/core/cluster/contenders.h"

namespace wonbon {
namespace {

constexpr uint32_t kBridge = 7;  // headlines
constexpr uint32_t kOrchard = 8;

// A document of publisher 가 with a text of its own, a minute after the one before.
Contender Version(uint64_t number, uint8_t mark, uint32_t headline = kBridge) {
  DocumentEntry entry = Entry(number, static_cast<int64_t>(number) * kMinute, 500, "가");
  entry.version_mark = mark;
  entry.headline_key = headline;
  return {entry, static_cast<size_t>(number)};
}

Contender At(int64_t published, Contender version) {
  version.entry.published_us = version.entry.first_published_us = kNow + published;
  version.entry.received_us = kNow + std::max<int64_t>(published, 0) + kMinute;
  return version;
}

Contender By(std::string_view publisher, Contender version) {
  version.entry.publisher_key = KeyOf(publisher);
  return version;
}

Contender Under(uint64_t url_key, Contender version) {
  version.entry.url_key = url_key;
  return version;
}

Contender WithText(size_t text, Contender version) {
  version.text = text;
  return version;
}

// Numbers of the newest versions, ascending.
std::vector<int> Newest(std::vector<Contender> members) {
  std::vector<int> newest;
  for (const ArticleVersions& article : GatherVersions(members)) {
    newest.push_back(static_cast<int>(article.newest->entry.number));
  }
  std::sort(newest.begin(), newest.end());
  return newest;
}

using Numbers = std::vector<int>;

TEST(VersionsTest, AnUrlOfOnePublisherIsOneArticleWhenever) {
  EXPECT_EQ(Newest({Under(3, Version(1, 0, kBridge)),
                    At(90 * kDay, Under(3, Version(2, 0, kOrchard)))}),
            Numbers({2}));
  EXPECT_EQ(Newest({Under(3, Version(1, 0)), Under(3, By("나", Version(2, 0)))}), Numbers({1, 2}));
  EXPECT_EQ(Newest({Under(3, By("", Version(1, 0))), Under(3, By("", Version(2, 0)))}),
            Numbers({2}))
      << "of unknown publishers the url says enough";
}

TEST(VersionsTest, OneHeadlineWithinTwoDaysIsOneArticle) {
  EXPECT_EQ(Newest({Version(1, 0), Version(2, 0)}), Numbers({2}));
  EXPECT_EQ(Newest({At(0, Version(1, 0)), At(2 * kDay, Version(2, 0))}), Numbers({2}));
  EXPECT_EQ(Newest({At(0, Version(1, 0)), At(2 * kDay + 1, Version(2, 0))}), Numbers({1, 2}));
  EXPECT_EQ(Newest({Version(1, 0), Version(2, 0, kOrchard)}), Numbers({1, 2}));
  EXPECT_EQ(Newest({Version(1, 0, 0), Version(2, 0, 0)}), Numbers({1, 2})) << "no headline is none";
  EXPECT_EQ(Newest({Version(1, 0), By("나", Version(2, 0))}), Numbers({1, 2}));
  EXPECT_EQ(Newest({By("", Version(1, 0)), By("", Version(2, 0))}), Numbers({1, 2}));
}

TEST(VersionsTest, AMarkTellsAVersionWhateverItsHeadline) {
  EXPECT_EQ(Newest({Version(1, kFlashMark), Version(2, 0, kOrchard)}), Numbers({2}));
  EXPECT_EQ(Newest({Version(1, 0), Version(2, kWholeMark, kOrchard)}), Numbers({2}));
  EXPECT_EQ(Newest({Version(1, 0), Version(2, 0, kOrchard), Version(3, kCorrectionMark, 9)}),
            Numbers({3}))
      << "what was published before it, all of it";
  EXPECT_EQ(Newest({At(0, Version(1, 0)), At(3 * kDay, Version(2, kWholeMark, kOrchard))}),
            Numbers({1, 2}));
  EXPECT_EQ(Newest({Version(1, kFlashMark), By("나", Version(2, 0))}), Numbers({1, 2}));
}

TEST(VersionsTest, TheWireCountsItsVersions) {
  std::vector<Contender> wire;
  const uint8_t marks[] = {1, 2, 3, kWholeMark, kWholeMark + 1, kWholeMark + 2, kCorrectionMark};
  for (uint64_t i = 0; i < std::size(marks); ++i) {
    wire.push_back(Under(20 + i, Version(i + 1, marks[i], 30 + static_cast<uint32_t>(i))));
    EXPECT_EQ(Newest(wire), Numbers({static_cast<int>(i) + 1}));
    std::vector<Contender> at_once = wire;
    for (Contender& version : at_once) version = At(5, version);
    std::reverse(at_once.begin(), at_once.end());
    EXPECT_EQ(Newest(at_once), Numbers({static_cast<int>(i) + 1})) 
        << "at one time the mark says it";
  }
}

TEST(VersionsTest, AFlashNeverStandsForWhatGrewOutOfIt) {
  EXPECT_EQ(Newest({At(5, Version(1, 0)), At(5, Version(2, kFlashMark))}), Numbers({1}))
      << "it arrived later, and says the same time";
  Contender article = Version(1, 0);
  Contender flash = Version(2, kFlashMark);
  article.entry.published_us = article.entry.received_us;
  flash.entry.received_us += kMinute;
  flash.entry.published_us = flash.entry.received_us;
  EXPECT_EQ(Newest({article, flash}), Numbers({1})) << "neither has a time";
  EXPECT_EQ(Newest({At(kZeroDate, Version(1, 0)), At(5, Version(2, kFlashMark))}), Numbers({1}))
      << "one has none that can be";
  EXPECT_EQ(Newest({At(5, Version(1, 0)), At(6, Version(2, kFlashMark))}), Numbers({2}))
      << "news of its own";
}

TEST(VersionsTest, ToSendTheNewestAgainMakesItNoNewer) {
  const std::vector<Contender> sent_again = {Version(1, 0), WithText(1, Version(2, 0)),
                                             WithText(1, Version(3, 0))};
  EXPECT_EQ(Newest(sent_again), Numbers({1}));
  EXPECT_FALSE(GatherVersions(sent_again)[0].revised);
  const std::vector<Contender> changed = {Version(1, 0), Version(2, 0), WithText(2, Version(3, 0))};
  EXPECT_EQ(Newest(changed), Numbers({2}));
  EXPECT_TRUE(GatherVersions(changed)[0].revised);
  EXPECT_EQ(Newest({Under(3, Version(1, 0)), Under(3, WithText(1, Version(2, 0)))}), Numbers({2}))
      << "a page says what it says now";
}

TEST(VersionsTest, AnArticleHasTheTimeOfItsFirstVersion) {
  const std::vector<Contender> members = {Version(1, kFlashMark), Version(2, 0),
                                          At(kZeroDate, Version(3, kWholeMark))};
  const std::vector<ArticleVersions> articles = GatherVersions(members);
  ASSERT_EQ(articles.size(), 1u);
  EXPECT_EQ(articles[0].first_published_us, kNow + kMinute);
  EXPECT_FALSE(articles[0].doubtful);
  EXPECT_TRUE(GatherVersions({At(kZeroDate, Version(1, 0))})[0].doubtful);
}

// By looking at every pair.
std::vector<int> NewestByPairs(const std::vector<Contender>& members) {
  const auto are_versions = [](const DocumentEntry& a, const DocumentEntry& b) {
    if (a.publisher_key != b.publisher_key) return false;
    if (a.url_key != 0 && a.url_key == b.url_key) return true;
    return a.publisher_key != 0 && std::abs(a.published_us - b.published_us) <= kVersionTimeUs &&
           ((a.headline_key != 0 && a.headline_key == b.headline_key) || a.version_mark != 0 ||
            b.version_mark != 0);
  };
  std::vector<size_t> group(members.size());
  for (size_t i = 0; i < members.size(); ++i) group[i] = i;
  for (size_t i = 0; i < members.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!are_versions(members[i].entry, members[j].entry)) continue;
      std::replace(group.begin(), group.end(), size_t{group[i]}, size_t{group[j]});
    }
  }
  std::vector<int> newest;
  for (size_t g = 0; g < members.size(); ++g) {
    const Contender* last = nullptr;
    for (size_t i = 0; i < members.size(); ++i) {
      if (group[i] != g) continue;
      const auto order = [](const Contender& m) {
        return std::tuple(m.entry.published_us, VersionStage(m.entry.version_mark), m.entry.number);
      };
      if (last == nullptr || order(*last) < order(members[i])) last = &members[i];
    }
    if (last != nullptr) newest.push_back(static_cast<int>(last->entry.number));
  }
  std::sort(newest.begin(), newest.end());
  return newest;
}

TEST(VersionsTest, WhatHangsTogetherIsWhatPairsSay) {
  std::mt19937 random(5);
  constexpr std::string_view kPublishers[] = {"", "가", "나"};
  constexpr uint8_t kMarks[] = {0, 0, 0, kFlashMark, 2, kWholeMark, kCorrectionMark};
  for (int round = 0; round < 3'000; ++round) {
    std::vector<Contender> members;
    for (uint64_t number = 1; number <= 2 + random() % 12; ++number) {
      Contender member = By(kPublishers[random() % 3],
                            Version(number, kMarks[random() % std::size(kMarks)], random() % 5));
      member = At(-static_cast<int64_t>(1 + random() % 12) * kDay, member);
      members.push_back(Under(random() % 3 == 0 ? 1 + random() % 4 : 0, member));
    }
    std::vector<Contender> shuffled = members;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    ASSERT_EQ(Newest(shuffled), NewestByPairs(members)) << "round " << round;
  }
}

}  // namespace
}  // namespace wonbon
