#include "core/text/literal_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/text/block_scan.h"

namespace wonbon {
namespace {

TEST(LiteralFilterTest, FindsWhatAPlainSearchFinds) {
  std::mt19937 random(7);
  const auto below = [&](size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random);
  };
  // Few letters, so that literals overlap, contain one another and share their beginnings.
  const std::u16string letters = u"가나다@. \n";
  const auto word = [&](size_t size) {
    std::u16string out;
    while (out.size() < size) out += letters[below(letters.size())];
    return out;
  };
  size_t found = 0, missed = 0;
  for (int round = 0; round < 50; ++round) {
    LiteralFilter filter;
    std::vector<std::u16string> literals;
    for (size_t i = 0; i < 64; ++i) {
      literals.push_back(word(1 + below(6)));
      filter.Add(literals.back(), uint64_t{1} << i);
    }
    for (int text = 0; text < 50; ++text) {
      const std::u16string units = word(below(60));
      const uint64_t rules = filter.Find(units);
      for (size_t i = 0; i < literals.size(); ++i) {
        const bool has = units.find(literals[i]) != std::u16string::npos;
        ASSERT_EQ((rules >> i & 1) != 0, has);
        ++(has ? found : missed);
      }
    }
  }
  EXPECT_GT(found, 1'000u);
  EXPECT_GT(missed, 1'000u);
}

TEST(LiteralFilterTest, NothingIsInNothing) {
  LiteralFilter filter;
  EXPECT_EQ(filter.Find(u"가나다"), 0u);
  filter.Add(u"가", 1);
  filter.Add(u"가나", 2);
  EXPECT_EQ(filter.Find(u""), 0u);
  EXPECT_EQ(filter.Find(u"가"), 1u);
  EXPECT_EQ(filter.Find(u"나가나"), 3u);
}

TEST(BlockScanTest, TheFirstOneIsFoundWhereverItStands) {
  const auto is_mark = [](UnitLanes c) { return (c == Lane(u'(')) | (c == Lane(u'★')); };
  for (size_t size = 0; size <= 40; ++size) {
    const std::u16string none(size, u'가');
    EXPECT_EQ(FindWanted(none, 0, size, is_mark), size);
    for (size_t at = 0; at < size; ++at) {
      std::u16string text = none;
      text[at] = at % 2 == 0 ? u'(' : u'★';
      for (size_t from = 0; from <= size; ++from) {
        for (size_t end = from; end <= size; ++end) {
          EXPECT_EQ(FindWanted(text, from, end, is_mark), from <= at && at < end ? at : end);
        }
      }
    }
  }
  EXPECT_EQ(FindWanted(u"가(나", 3, 1, is_mark), 3u);
}

}  // namespace
}  // namespace wonbon
