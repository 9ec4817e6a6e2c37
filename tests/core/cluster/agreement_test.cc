#include "core/cluster/agreement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/cluster/partition.h"
#include "tests/core/cluster/contenders.h"

namespace wonbon {
namespace {

// Texts of as many shingles, each by a publisher of its own; pairs share what the shorter one has
// but where it is said otherwise.
class Texts {
 public:
  explicit Texts(const std::vector<uint32_t>& sizes) {
    for (const uint32_t size : sizes) {
      const size_t place = known_.texts.size();
      const std::string publisher = "신문" + std::to_string(place);
      for (const Contender& earlier : known_.texts) {
        known_.shared.push_back(
            static_cast<uint16_t>(std::min({size, earlier.entry.shingles, 65'535u})));
      }
      known_.texts.push_back({Entry(place + 1, 0, size, publisher), place});
    }
  }
  Texts& Share(size_t later, size_t earlier, uint16_t shingles) {
    known_.shared[PairPlace(later, earlier)] = shingles;
    return *this;
  }
  DocumentEntry& entry(size_t text) { return known_.texts[text].entry; }
  Agreement Made() const { return Agreement(known_); }
  bool IsComplete(size_t text) const { return Made().IsComplete(known_.texts[text]); }
  bool IsClean(size_t text) const { return Made().IsClean(known_.texts[text]); }

 private:
  KnownTexts known_;
};

TEST(AgreementTest, CommentsBelowAnArticleMakeItNoFuller) {
  const Texts texts({500, 900, 520});
  ASSERT_TRUE(texts.Made().is_witnessed());
  EXPECT_TRUE(texts.IsComplete(0) && texts.IsClean(0));
  EXPECT_TRUE(texts.IsComplete(1)) << "it has the whole article";
  EXPECT_FALSE(texts.IsClean(1));
}

TEST(AgreementTest, AFifthOfItsOwnIsNoTail) {
  EXPECT_TRUE(Texts({500, 625, 500}).IsClean(1));
  EXPECT_FALSE(Texts({500, 626, 500}).IsClean(1));
}

TEST(AgreementTest, ACutCopyIsCutWhereTwoHaveTheWhole) {
  const Texts texts({300, 900, 950});
  ASSERT_TRUE(texts.Made().is_witnessed());
  EXPECT_FALSE(texts.IsComplete(0));
  EXPECT_TRUE(texts.IsComplete(1) && texts.IsClean(1));
}

TEST(AgreementTest, NobodyKnowsWhereOneTextOfEachLengthEnds) {
  EXPECT_FALSE(Texts({300, 900}).Made().is_witnessed());
  EXPECT_FALSE(Texts({500, 520}).Made().is_witnessed()) << "two alone";
  EXPECT_FALSE(Texts({300, 500, 900}).Made().is_witnessed()) << "copies cut at two places";
}

TEST(AgreementTest, TwoThatGoOnApartEndTheTextWhereTheyPart) {
  EXPECT_TRUE(Texts({500, 800, 900}).Share(2, 1, 510).Made().is_witnessed());
  EXPECT_FALSE(Texts({500, 800, 900}).Share(2, 1, 700).Made().is_witnessed());
}

TEST(AgreementTest, PagesOfOnePublisherAreNoWitnessesOfEachOther) {
  Texts texts({900, 900, 500});
  texts.entry(1).publisher_key = texts.entry(0).publisher_key;
  EXPECT_FALSE(texts.Made().is_witnessed()) << "what they have more may be its chrome";
  EXPECT_TRUE(Texts({900, 900, 500}).Made().is_witnessed());
}

TEST(AgreementTest, FlashesDoNotSayWhereTheArticleEnds) {
  Texts texts({100, 105, 900});
  ASSERT_TRUE(texts.Made().is_witnessed());
  texts.entry(0).version_mark = kFlashMark;
  EXPECT_FALSE(texts.Made().is_witnessed());
}

TEST(AgreementTest, AVersionThatWasReplacedSaysNothingMore) {
  Texts texts({500, 510, 900});
  texts.entry(1).publisher_key = texts.entry(2).publisher_key;
  texts.entry(2).version_mark = kWholeMark;
  texts.entry(2).published_us += kMinute;
  EXPECT_FALSE(texts.Made().is_witnessed());
}

TEST(AgreementTest, OfATextThatIsNotKnownItsLengthIsTakenForGood) {
  const Agreement agreement = Texts({500, 520, 510}).Made();
  const auto other = [](uint32_t shingles) { return Contender{Entry(9, 0, shingles), 9}; };
  EXPECT_TRUE(agreement.IsComplete(other(450)) && agreement.IsClean(other(450)));
  EXPECT_FALSE(agreement.IsComplete(other(300)));
  EXPECT_FALSE(agreement.IsClean(other(900)));
}

TEST(AgreementTest, TextsPastWhatAFamilyKeepsAreMeasuredAsThatLong) {
  const Texts texts({100'000, 100'000, 100'000});
  EXPECT_TRUE(texts.Made().is_witnessed());
}

}  // namespace
}  // namespace wonbon
