#include "core/sketch/sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/sketch/fingerprint.h"
#include "tests/core/sketch/texts.h"

namespace wonbon {
namespace {

std::vector<uint32_t> Sample(const std::u16string& text, const Seed& seed = kTestSeed) {
  return FingerprintOf(seed, text).sample;
}

std::vector<uint32_t> Shared(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  std::vector<uint32_t> shared;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(shared));
  return shared;
}

TEST(SampleTest, ValuesAscendAndAreDistinct) {
  std::mt19937_64 random(1);
  for (const size_t size : {24, 60, 500, 2000, 90000}) {
    const std::vector<uint32_t> sample = Sample(RandomText(random, size));
    EXPECT_TRUE(std::is_sorted(sample.begin(), sample.end()));
    EXPECT_EQ(std::adjacent_find(sample.begin(), sample.end()), sample.end());
  }
}

TEST(SampleTest, OneShingleIn32IsSampled) {
  std::mt19937_64 random(2);
  double sampled = 0;
  for (int i = 0; i < 100; ++i) {
    sampled += static_cast<double>(Sample(RandomText(random, 3207), SeedNumber(i)).size());
  }
  EXPECT_NEAR(sampled / 100, 100, 4 * std::sqrt(100.0 / 100));
}

TEST(SampleTest, ShortTextsHaveTheSixteenSmallest) {
  std::mt19937_64 random(3);
  for (const size_t size : {30, 50, 100, 200}) {
    EXPECT_GE(Sample(RandomText(random, size)).size(), kMinSampleSize) << size;
    EXPECT_LE(Sample(RandomText(random, size)).size(), kMinSampleSize + 4) << size;
  }
  // 24 units are 20 shingles of five, enough to be no short document, and 17 of eight.
  EXPECT_EQ(Sample(RandomText(random, 24)).size(), kMinSampleSize);
}

TEST(SampleTest, LongTextsHaveAtMostTheCap) {
  std::mt19937_64 random(4);
  EXPECT_EQ(Sample(RandomText(random, 2'300'000)).size(), kMaxSampleSize);
}

TEST(SampleTest, ATextAtTheEndOfALongOneIsFound) {
  std::mt19937_64 random(9);
  const std::u16string end = RandomText(random, 1'000);
  const std::vector<uint32_t> shared =
      Shared(Sample(RandomText(random, 260'000) + end), Sample(end));
  EXPECT_GE(shared.size(), Sample(end).size() * 9 / 10);
}

TEST(SampleTest, RepetitionAddsNothing) {
  std::mt19937_64 random(5);
  const std::u16string text = RandomText(random, 1000);
  const std::vector<uint32_t> once = Sample(text);
  const std::vector<uint32_t> twice = Sample(text + text);
  EXPECT_EQ(Shared(once, twice), once);
  EXPECT_LE(twice.size(), once.size() + 3);                   // 7 shingles across the seam
  EXPECT_EQ(Sample(std::u16string(5000, u'가')).size(), 0u);  // one shingle: a short document
}

TEST(SampleTest, ATextsSampleIsInThatOfEveryTextAroundIt) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 50; ++i) {
    const std::u16string text = RandomText(random, 1500);
    const std::vector<uint32_t> sample = Sample(text, SeedNumber(i));
    ASSERT_GT(sample.size(), kMinSampleSize);
    const std::u16string page = RandomText(random, 2000) + text + RandomText(random, 3000);
    EXPECT_EQ(Shared(sample, Sample(page, SeedNumber(i))), sample);
  }
}

TEST(SampleTest, ValuesSpreadOverAll32Bits) {
  std::mt19937_64 random(7);
  const std::vector<uint32_t> sample = Sample(RandomText(random, 64000));
  ASSERT_GT(sample.size(), 1500u);
  for (uint32_t quarter = 0; quarter < 4; ++quarter) {
    const auto in_quarter = std::count_if(
        sample.begin(), sample.end(), [quarter](uint32_t value) { return value >> 30 == quarter; });
    EXPECT_NEAR(static_cast<double>(in_quarter), static_cast<double>(sample.size()) / 4, 90);
  }
}

// Share of 200 articles of 720 syllables that share kMinSharedSample values with `make`'s text.
template <typename MakeText>
double Recall(MakeText make) {
  constexpr size_t kMinShared = 2;
  std::mt19937_64 random(8);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const std::u16string article = RandomText(random, 720);
    const std::u16string other = make(article, random);
    const auto shared = Shared(Sample(article, SeedNumber(i)), Sample(other, SeedNumber(i)));
    found += shared.size() >= kMinShared;
  }
  return found / 200.0;
}

TEST(SampleTest, CutCopiesAreFound) {
  const auto cut = [](size_t percent) {
    return [percent](const std::u16string& article, std::mt19937_64&) {
      return article.substr(0, article.size() * percent / 100);
    };
  };
  EXPECT_GE(Recall(cut(60)), 0.99);
  EXPECT_GE(Recall(cut(30)), 0.95);
  EXPECT_GE(Recall(cut(15)), 0.70);
}

TEST(SampleTest, CopiesInsideLongerPagesAreFound) {
  const auto inside = [](size_t times) {
    return [times](const std::u16string& article, std::mt19937_64& random) {
      return RandomText(random, (times - 1) * 360) + article +
             RandomText(random, (times - 1) * 360);
    };
  };
  EXPECT_GE(Recall(inside(3)), 0.99);
  EXPECT_GE(Recall(inside(6)), 0.99);
}

// Share of 200 items of `letters` that share `needed` values, asked for by the one, posted by the
// other, with a round-up of 20 sentences in which they stand.
double FoundInARoundUp(size_t letters, size_t needed, bool item_asks) {
  std::mt19937_64 random(10);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const std::u16string item = RandomText(random, letters);
    std::u16string page;
    std::vector<uint32_t> ends;
    for (int sentence = 0; sentence < 20; ++sentence) {
      page += sentence == 12 ? item : RandomText(random, 30 + random() % 50);
      ends.push_back(static_cast<uint32_t>(page.size()));
    }
    const auto whole = static_cast<uint32_t>(letters);
    const Fingerprint a = FingerprintOf(SeedNumber(i), item, {whole});
    const Fingerprint b = FingerprintOf(SeedNumber(i), page, ends);
    EXPECT_TRUE(a.asks_all);
    EXPECT_FALSE(b.asks_all);
    const auto shared = item_asks ? Shared(a.asked, b.sample) : Shared(a.sample, b.asked);
    found += shared.size() >= needed;
  }
  return found / 200.0;
}

TEST(SampleTest, AShortItemAndTheRoundUpAroundItFindEachOther) {
  for (const size_t letters : {30, 60, 100, 150}) {
    EXPECT_EQ(FoundInARoundUp(letters, 1, /*item_asks=*/true), 1.0) << letters;
    EXPECT_GE(FoundInARoundUp(letters, 2, /*item_asks=*/false), 0.99) << letters;
  }
}

TEST(SampleTest, OfASentenceThatIsSampledNothingIsAdded) {
  std::mt19937_64 random(11);
  const std::u16string text = RandomText(random, 1000);
  const Fingerprint without = FingerprintOf(kTestSeed, text);
  const Fingerprint with = FingerprintOf(kTestSeed, text, {500, 1000});
  EXPECT_EQ(with.sample, without.sample);
  EXPECT_EQ(without.asked, without.sample);
  EXPECT_EQ(Shared(with.asked, with.sample), with.sample);
}

TEST(SampleTest, UnrelatedTextsShareNothing) {
  const auto other = [](const std::u16string&, std::mt19937_64& random) {
    return RandomText(random, 720);
  };
  EXPECT_EQ(Recall(other), 0.0);
}

}  // namespace
}  // namespace wonbon
