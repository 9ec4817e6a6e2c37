#include "core/cluster/election.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>

#include "core/cluster/partition.h"
#include "core/limits.h"
#include "tests/core/cluster/contenders.h"

namespace wonbon {
namespace {

CollectionRecord Collection(CollectionSettings settings) {
  CollectionRecord record{.settings = std::move(settings)};
  for (const auto* list :
       {&record.settings.preferred_publishers, &record.settings.wire_publishers}) {
    for (const std::string& name : *list) record.publisher_ranks.push_back(KeyOf(name));
  }
  return record;
}

DocumentEntry Headed(DocumentEntry entry) {
  entry.headline_key = 7;
  return entry;
}

struct Case {
  const char* name;
  std::vector<DocumentEntry> members;
  uint64_t pinned;
  CollectionRecord collection;
  uint64_t canonical;
  CanonicalReason reason;
};

TEST(ElectionTest, FollowsThePolicy) {
  const CollectionRecord none = Collection({});
  const CollectionRecord wire =
      Collection({.preferred_publishers = {"으뜸신문"}, .wire_publishers = {"한빛통신"}});
  const Case cases[] = {
      {"one document", {Entry(1, 10)}, 0, none, 1, CanonicalReason::kOnlyDocument},
      {"earliest", {Entry(1, 20), Entry(2, 10)}, 0, none, 2, CanonicalReason::kEarliest},
      {"smallest id", {Entry(2, 10), Entry(1, 10)}, 0, none, 1, CanonicalReason::kSmallestId},
      {"pinned", {Entry(1, 10), Entry(2, 20, 100)}, 2, none, 2, CanonicalReason::kPinned},
      {"a pin on a document that left does nothing", {Entry(1, 10), Entry(2, 20)}, 9, none, 1,
       CanonicalReason::kEarliest},
      {"a cut copy never stands for a full one", {Entry(1, 10, 399), Entry(2, 20, 500)}, 0, none, 2,
       CanonicalReason::kComplete},
      {"at .8 of the fullest it is complete", {Entry(1, 10, 400), Entry(2, 20, 500)}, 0, none, 1,
       CanonicalReason::kEarliest},
      {"preferred before earlier", {Entry(1, 10), Entry(2, 20, 500, "으뜸 신문")}, 0, wire, 2,
       CanonicalReason::kPreferredPublisher},
      {"a cut copy of a preferred publisher does not stand",
       {Entry(1, 10), Entry(2, 20, 100, "으뜸신문")}, 0, wire, 1, CanonicalReason::kComplete},
      {"wire origin before earlier", {Entry(1, 10), Entry(2, 20, 500, "한빛통신")}, 0, wire, 2,
       CanonicalReason::kWireOrigin},
      {"preferred before wire",
       {Entry(1, 10, 500, "한빛통신"), Entry(2, 20, 500, "으뜸신문")}, 0, wire, 2,
       CanonicalReason::kPreferredPublisher},
      {"the newest revision stands with the first one's time",
       {Entry(1, 10, 500, "가", 77), Entry(2, 15, 500, "나"), Entry(3, 20, 500, "가", 77)}, 0, none,
       3, CanonicalReason::kLatestRevision},
      {"a zero date is not published first", {Entry(1, kZeroDate), Entry(2, 10)}, 0, none, 2,
       CanonicalReason::kEarliest},
      {"the last believable times", {Entry(1, kDay), Entry(2, kDay + 1)}, 0, none, 1,
       CanonicalReason::kEarliest},
      {"before 1990 is no time", {Entry(1, kMinPlausibleTimeUs - 1 - kNow), Entry(2, 10)}, 0, none,
       2, CanonicalReason::kEarliest},
      {"1990 is", {Entry(1, kMinPlausibleTimeUs - kNow), Entry(2, 10)}, 0, none, 1,
       CanonicalReason::kEarliest},
      {"of doubtful times the earlier one", {Entry(1, kNextYear), Entry(2, kZeroDate)}, 0, none, 2,
       CanonicalReason::kEarliest},
      {"a revision from the future is not newer than the next one",
       {Entry(1, 10, 500, "가", 77), Entry(2, kNextYear, 500, "가", 77),
        Entry(3, 20, 500, "가", 77)},
       0, none, 3, CanonicalReason::kLatestRevision},
      {"a revision with a zero date does not make the article first",
       {Entry(1, 20, 500, "가", 77), Entry(2, 15, 500, "나"), Entry(3, kZeroDate, 500, "가", 77)},
       0, none, 2, CanonicalReason::kEarliest},
      {"one headline under two urls of one publisher",
       {Headed(Entry(1, 10, 500, "가", 77)), Headed(Entry(2, 20, 500, "가", 78))}, 0, none, 2,
       CanonicalReason::kLatestRevision},
      {"equal everything", {Entry(3, 10), Entry(1, 10), Entry(2, 10)}, 0, none, 1,
       CanonicalReason::kSmallestId},
      {"fuller at one time", {Entry(1, 10, 480), Entry(2, 10, 500)}, 0, none, 2,
       CanonicalReason::kComplete},
      {"one address of two publishers is no revision",
       {Entry(1, 10, 500, "가", 77), Entry(2, 15, 500, "나", 77)}, 0, none, 1,
       CanonicalReason::kEarliest},
  };
  for (const Case& c : cases) {
    const Election election =
        Elect(c.members, static_cast<DocumentNumber>(c.pinned), c.collection, IdOf);
    EXPECT_EQ(static_cast<uint64_t>(election.canonical), c.canonical) << c.name;
    EXPECT_EQ(election.reason, c.reason) << c.name;
  }
}

TEST(ElectionTest, DoesNotDependOnTheOrderOfTheMembers) {
  std::vector<DocumentEntry> members = {Entry(1, 30), Entry(2, 10, 300), Entry(3, 20),
                                        Entry(4, 20)};
  const Election forwards = Elect(members, DocumentNumber::kNone, {}, IdOf);
  std::reverse(members.begin(), members.end());
  const Election backwards = Elect(members, DocumentNumber::kNone, {}, IdOf);
  EXPECT_EQ(forwards.canonical, backwards.canonical);
  EXPECT_EQ(static_cast<uint64_t>(forwards.canonical), 3u);
}

// Texts of 가, 나, 다, ..., one each, in the order of their publication.
struct Told {
  std::vector<Contender> members;
  KnownTexts known;

  explicit Told(const std::vector<uint32_t>& sizes) {
    constexpr std::string_view kPublishers[] = {"가", "나", "다", "라", "마"};
    for (const uint32_t size : sizes) {
      const size_t place = members.size();
      for (const Contender& earlier : members) {
        known.shared.push_back(static_cast<uint16_t>(std::min(size, earlier.entry.shingles)));
      }
      members.push_back({Entry(place + 1, static_cast<int64_t>(place + 1) * kMinute, size,
                               kPublishers[place]),
                         place});
    }
    known.texts = members;
  }
  std::pair<int, CanonicalReason> Elected(const CollectionRecord& collection = {}) const {
    const Election election =
        Elect(members, DocumentNumber::kNone, collection, Agreement(known), IdOf);
    return {static_cast<int>(election.canonical), election.reason};
  }
};

TEST(ElectionTest, APageWithCommentsStandsBehindACleanOne) {
  EXPECT_EQ(Told({900, 500, 510}).Elected(), std::pair(2, CanonicalReason::kComplete));
  EXPECT_EQ(Told({500, 900, 510}).Elected(), std::pair(1, CanonicalReason::kEarliest));
  EXPECT_EQ(Told({900, 500, 510}).Elected(Collection({.preferred_publishers = {"가"}})),
            std::pair(2, CanonicalReason::kComplete))
      << "whoever it is of";
}

TEST(ElectionTest, OfTwoTextsTheFullerOneIsTheWhole) {
  EXPECT_EQ(Told({500, 900}).Elected(), std::pair(2, CanonicalReason::kComplete));
  EXPECT_EQ(Told({800, 900}).Elected(), std::pair(1, CanonicalReason::kEarliest));
}

TEST(ElectionTest, ACutCopyNeverStandsForTheFullOne) {
  EXPECT_EQ(Told({300, 900, 880}).Elected(), std::pair(2, CanonicalReason::kComplete));
  EXPECT_EQ(Told({300, 500, 900}).Elected(), std::pair(3, CanonicalReason::kComplete))
      << "cut at two places";
}

TEST(ElectionTest, AtOneTimeTheFullerOneStands) {
  Told told({850, 900, 860});
  for (Contender& member : told.members) {
    member.entry.published_us = member.entry.first_published_us = kNow + 5;
  }
  EXPECT_EQ(told.Elected(), std::pair(3, CanonicalReason::kComplete))
      << "all of it is agreed on, and 40 of the longest are its own";
  told.known = {};
  EXPECT_EQ(told.Elected(), std::pair(2, CanonicalReason::kComplete));
}

TEST(ElectionTest, AnArticleStandsForTheFlashThatItGrewOutOf) {
  Told told({120, 520, 500});
  told.members[1].entry.publisher_key = told.members[0].entry.publisher_key;
  told.members[0].entry.version_mark = kFlashMark;
  EXPECT_EQ(told.Elected(), std::pair(2, CanonicalReason::kLatestRevision));
}

TEST(ElectionTest, ACorrectionStandsUnderANewUrl) {
  Told told({500, 505, 500});
  told.members[2].entry.publisher_key = told.members[0].entry.publisher_key;
  told.members[2].entry.version_mark = kCorrectionMark;
  EXPECT_EQ(told.Elected(), std::pair(3, CanonicalReason::kLatestRevision));
}

// What is not asked in a large cluster is what a full election would have said.
class StandsBehindTest : public testing::Test {
 protected:
  static constexpr std::string_view kPublishers[] = {"", "가", "나", "다"};

  // Members of up to 6 texts; some of their families know, two of one length share nearly all.
  void MakeCluster() {
    members_.clear();
    known_ = {};
    const size_t texts = 1 + random_() % 6;
    sizes_.clear();
    for (size_t i = 0; i < texts; ++i) sizes_.push_back(300 + 50 * (random_() % 7));
    for (uint64_t number = 1; number <= 2 + random_() % 9; ++number) {
      members_.push_back(Any(number, random_() % texts, kPublishers[random_() % 4], random_() % 4));
    }
    const size_t known = random_() % 3 == 0 ? random_() % (texts + 1) : texts;
    for (const Contender& member : members_) {
      if (member.text == known_.texts.size() && known_.texts.size() < known) Know(member);
    }
  }
  void Know(const Contender& oldest) {
    for (const Contender& earlier : known_.texts) {
      const uint32_t shorter = std::min(oldest.entry.shingles, earlier.entry.shingles);
      const uint32_t missing = random_() % 3 == 0 ? random_() % 200 : random_() % 20;
      known_.shared.push_back(static_cast<uint16_t>(shorter - missing));
    }
    known_.texts.push_back(oldest);
  }
  Contender Any(uint64_t number, size_t text, std::string_view publisher, uint64_t url) {
    const auto minutes = static_cast<int64_t>(1 + random_() % 9);
    const int64_t published = random_() % 20 == 0 ? kZeroDate : minutes;
    Contender any{Entry(number, published, static_cast<uint32_t>(sizes_[text]), publisher, url),
                  text};
    any.entry.headline_key = random_() % 4;
    constexpr uint8_t kMarks[] = {0, 0, 0, 0, kFlashMark, kWholeMark};
    any.entry.version_mark = kMarks[random_() % std::size(kMarks)];
    return any;
  }
  // Of a publisher that nobody else is of, preferred now and then; a text that is there, or one
  // that the family does not know.
  Contender Joined() {
    sizes_.push_back(300 + 50 * (random_() % 7));
    constexpr std::string_view kOthers[] = {"", "라", "으뜸", "누리"};
    return Any(50, random_() % sizes_.size(), kOthers[random_() % 4], 100);
  }

  std::mt19937 random_{3};
  std::vector<uint32_t> sizes_;  // of the texts
  std::vector<Contender> members_;
  KnownTexts known_;
};

TEST_F(StandsBehindTest, WhoDoesSoChangesNoElection) {
  const CollectionRecord collection = Collection(
      {.preferred_publishers = {"으뜸", "가"}, .wire_publishers = {"나", "누리"}});
  int behind = 0;
  int witnessed = 0;
  for (int round = 0; round < 100'000; ++round) {
    MakeCluster();
    const Agreement agreement(known_);
    const Election before =
        Elect(members_, DocumentNumber::kNone, collection, agreement, IdOf);
    const Contender standing =
        *std::find_if(members_.begin(), members_.end(), [&before](const Contender& member) {
          return member.entry.number == before.canonical;
        });
    const Contender joined = Joined();
    if (!StandsBehind(joined, standing, collection, agreement)) continue;
    ++behind;
    witnessed += agreement.is_witnessed();
    members_.push_back(joined);
    const Election after = Elect(members_, DocumentNumber::kNone, collection, agreement, IdOf);
    ASSERT_EQ(after.canonical, before.canonical) << "round " << round;
    ASSERT_EQ(after.reason, before.reason) << "round " << round;
  }
  EXPECT_GT(behind, 10'000);
  EXPECT_GT(witnessed, 1'000);
}

}  // namespace
}  // namespace wonbon
