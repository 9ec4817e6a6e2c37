#include "core/cluster/election.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>

#include "core/limits.h"

namespace wonbon {
namespace {

// Any keys do, as long as they are those of the entries.
uint64_t KeyOf(std::string_view publisher) {
  static const Identifier identifier(Seed{});
  return identifier.PublisherKey(publisher);
}

CollectionRecord Collection(CollectionSettings settings) {
  CollectionRecord record{.settings = std::move(settings)};
  for (const auto* list :
       {&record.settings.preferred_publishers, &record.settings.wire_publishers}) {
    for (const std::string& name : *list) record.publisher_ranks.push_back(KeyOf(name));
  }
  return record;
}

constexpr int64_t kNow = 1'770'000'000'000'000;
constexpr int64_t kDay = 86'400'000'000;
// As `published` of an Entry: the zero date of clients, a year ahead.
constexpr int64_t kZeroDate = -kNow;
constexpr int64_t kNextYear = 365 * kDay;

// `published`: after kNow, when all arrive.
DocumentEntry Entry(uint64_t number, int64_t published, uint32_t shingles = 500,
                    std::string_view publisher = "", uint64_t url_key = 0) {
  return {.number = static_cast<DocumentNumber>(number),
          .shingles = shingles,
          .published_us = kNow + published,
          .first_published_us = kNow + published,
          .received_us = kNow,
          .url_key = url_key,
          .publisher_key = KeyOf(publisher)};
}

std::string IdOf(DocumentNumber number) {
  return "id-" + std::to_string(static_cast<uint64_t>(number));
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

// What is not asked in a large cluster is what a full election would have said.
TEST(ElectionTest, AMemberThatStandsBehindChangesNoElection) {
  std::mt19937 random(3);
  const CollectionRecord collection =
      Collection({.preferred_publishers = {"가"}, .wire_publishers = {"나"}});
  constexpr std::string_view kPublishers[] = {"", "가", "나", "다"};
  const auto any = [&](uint64_t number, bool may_be_version) {
    const auto url = may_be_version ? random() % 4 : 100 + number;
    const int64_t published = random() % 20 == 0 ? kZeroDate : static_cast<int64_t>(random() % 9);
    return Entry(number, published, 300 + 50 * static_cast<uint32_t>(random() % 6),
                 kPublishers[random() % 4], url);
  };
  int behind = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::vector<DocumentEntry> members;
    for (uint64_t number = 1; number <= 2 + random() % 8; ++number) {
      members.push_back(any(number, true));
    }
    const Election before = Elect(members, DocumentNumber::kNone, collection, IdOf);
    const DocumentEntry joined = any(50, false);
    const DocumentEntry& standing =
        *std::find_if(members.begin(), members.end(), [&before](const DocumentEntry& entry) {
          return entry.number == before.canonical;
        });
    if (!StandsBehind(joined, standing, collection)) continue;
    ++behind;
    members.push_back(joined);
    const Election after = Elect(members, DocumentNumber::kNone, collection, IdOf);
    ASSERT_EQ(after.canonical, before.canonical) << "round " << round;
    ASSERT_EQ(after.reason, before.reason) << "round " << round;
  }
  EXPECT_GT(behind, 1'000);
}

}  // namespace
}  // namespace wonbon
