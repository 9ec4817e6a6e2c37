// The seam: what one engine decided makes another one equal to it, whatever the commands were, and
// whichever of the two was restarted meanwhile.
#include "tests/core/second_engine.h"

#include <algorithm>
#include <map>

#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "tests/corpus/corpus.h"
#include "tests/corpus/random.h"

namespace wonbon {
namespace {

constexpr int kCommands = 5'000;
constexpr uint64_t kSeed = 20'260'214;

// Commands drawn from a corpus of stories, their copies, and articles that have parts of them.
class RandomCommands {
 public:
  explicit RandomCommands(TwoEngines* engines) : engines_(*engines), random_(kSeed) {
    corpus::Options options;
    options.seed = kSeed;
    options.stories = 220;
    options.copies = 12;
    options.notices = 120;
    options.flashes = 60;
    options.max_sentences = 16;
    pool_ = corpus::MakeCorpus(options);
    Require(engines_.first().CreateCollection("kept", {.retention = absl::Hours(24 * 40)}));
  }

  void Step() {
    engines_.now() += absl::Seconds(Below(3'000));
    const uint64_t dice = Below(1'000);
    if (dice < 620) return Submit(NextDocument());
    if (dice < 740) return Update();
    if (dice < 880) return Delete();
    if (dice < 900) return Expire();
    if (dice < 915) return ChangeCollections();
    if (dice < 955) return engines_.CatchUp();
    if (dice < 965) return Restart();
    if (dice < 985) return Edit();
    Submit(NextDocument());
  }

  Document NextDocument() {
    Document document = pool_[next_++ % pool_.size()].document;
    document.id = absl::StrCat("id-", next_);
    // Most come soon after they were published; a few have a date that cannot be.
    document.published_at = engines_.now() - absl::Minutes(Below(600));
    if (Below(50) == 0) document.published_at = absl::UnixEpoch();
    if (Below(50) == 0) *document.published_at += absl::Hours(24 * 365);
    return document;
  }
  const std::string& collection() { return collections_[Below(collections_.size())]; }

  std::map<EventType, int> events() {
    std::map<EventType, int> counts;
    for (const std::string& name : collections_) {
      auto page = engines_.first().ReadEvents(name, 0, 1'000'000);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const ClusterEvent& event : page->events) ++counts[event.type];
    }
    return counts;
  }

 private:
  uint64_t Below(uint64_t limit) { return random_.Below(limit); }
  template <typename T>
  static void Require(const absl::StatusOr<T>& result) {
    EXPECT_TRUE(result.ok()) << result.status();
  }

  void Submit(Document document) { Submit(collection(), std::move(document)); }
  void Submit(const std::string& where, Document document) {
    const std::string id = document.id;
    const absl::StatusOr<Decision> decision = engines_.first().Submit(where, document);
    if (ReasonOf(decision.status()) == ErrorReason::kDocumentExpired) return;
    Require(decision);
    if (!decision.ok()) return;
    standing_[{where, id}] = document;
    // Nothing came in between: the same again is answered alike.
    if (Below(3) > 0) return;
    const absl::StatusOr<Decision> again = engines_.first().Submit(where, std::move(document));
    Require(again);
    EXPECT_EQ(again->outcome, Outcome::kUnchanged);
    EXPECT_EQ(TwoEngines::Told(*again), TwoEngines::Told(*decision));
  }

  using Key = std::pair<std::string, std::string>;
  std::map<Key, Document>::iterator AnyStanding() {
    auto found = standing_.lower_bound({collection(), absl::StrCat("id-", 1 + Below(next_ + 1))});
    return found == standing_.end() ? standing_.begin() : found;
  }

  // To a text with a few words more, or to that of another document.
  void Update() {
    if (standing_.empty()) return;
    const auto found = AnyStanding();
    const std::string where = found->first.first;
    Document document = found->second;
    if (Below(2) == 0) {
      document.body += absl::StrCat(" 시는 다음 달까지 ", Below(90) + 10, "곳을 더 살피기로 했다.");
    } else {
      const Document& other = pool_[Below(pool_.size())].document;
      document.title = other.title;
      document.body = other.body;
    }
    Submit(where, std::move(document));
  }

  void Delete() {
    if (standing_.empty()) return;
    const auto found = AnyStanding();
    const auto [where, id] = found->first;
    const Document document = found->second;
    const bool block = Below(3) == 0;
    standing_.erase(found);
    absl::StatusOr<Engine::Deletion> deletion = absl::UnknownError("not answered");
    absl::Notification done;
    ASSERT_TRUE(engines_.first()
                    .Delete(where, {id}, {.reason = "taken down", .block = block},
                            [&](std::vector<absl::StatusOr<Engine::Deletion>> results) {
                              deletion = std::move(results.front());
                              done.Notify();
                            })
                    .ok());
    done.WaitForNotification();
    if (absl::IsNotFound(deletion.status())) return;  // it had expired
    Require(deletion);
    EXPECT_EQ(deletion->tombstone.sequence, engines_.first().GetStats().sequence);
    if (block) ComeBack(where, document);
  }

  // A blocked id is kept out until it is let in again; some stay blocked.
  void ComeBack(const std::string& where, const Document& document) {
    EXPECT_EQ(ReasonOf(engines_.first().Submit(where, document).status()),
              ErrorReason::kDocumentBlocked);
    if (Below(2) == 0) return;
    const absl::StatusOr<Engine::Unblocking> unblocking =
        engines_.first().Unblock(where, document.id);
    Require(unblocking);
    EXPECT_TRUE(unblocking->unblocked);
    Submit(where, document);
  }

  // An editor's word about the clusters of two documents of one collection.
  void Edit() {
    if (standing_.empty()) return;
    const auto [where, id] = AnyStanding()->first;
    const auto [other_place, other_id] = AnyStanding()->first;
    Engine& engine = engines_.first();
    const auto at = engine.GetDocument(where, id, false);
    const auto other = engine.GetDocument(where, other_place == where ? other_id : id, false);
    if (!at.ok() || !other.ok()) return;  // expired
    const Editor editor{.actor = "desk", .note = id};
    absl::StatusOr<Engine::Edited> edited;
    switch (Below(4)) {
      case 0: edited = engine.PinCanonical(where, at->cluster, id, editor); break;
      case 1:
        Require(engine.PinCanonical(where, at->cluster, id, editor));
        edited = engine.PinCanonical(where, at->cluster, "", editor);
        break;
      case 2:
        edited = engine.MergeClusters(where, {at->cluster, other->cluster}, editor);
        break;
      default: edited = engine.SplitCluster(where, at->cluster, {id}, editor); break;
    }
    if (ReasonOf(edited.status()) == ErrorReason::kNothingStays) return;
    Require(edited);
  }

  void Expire() {
    if (Below(4) == 0) engines_.now() += absl::Hours(24 * 5);
    Require(engines_.first().ExpireDocuments());
  }

  void ChangeCollections() {
    const std::string name = absl::StrCat("fleeting-", Below(3));
    const auto found = std::find(collections_.begin(), collections_.end(), name);
    if (found == collections_.end()) {
      Require(engines_.first().CreateCollection(name, {}));
      collections_.push_back(name);
      return;
    }
    if (Below(2) == 0) {
      Require(engines_.first().UpdateCollection(
          name, {.preferred_publishers = std::vector<std::string>{"한빛일보"}}));
      return;
    }
    Require(engines_.first().DeleteCollection(name, /*force=*/true));
    collections_.erase(found);
    std::erase_if(standing_, [&](const auto& item) { return item.first.first == name; });
  }

  void Restart() {
    if (Below(2) == 0) {
      engines_.OpenFirst();
    } else {
      engines_.OpenSecond();
    }
  }

  TwoEngines& engines_;
  corpus::Random random_;
  std::vector<corpus::Item> pool_;
  size_t next_ = 0;
  std::vector<std::string> collections_ = {"default", "default", "kept"};
  std::map<Key, Document> standing_;
};

TEST(SecondEngineTest, AppliesWhatTheFirstDecidedAndTakesOver) {
  TwoEngines engines;
  RandomCommands commands(&engines);
  for (int i = 0; i < kCommands && !testing::Test::HasFatalFailure(); ++i) commands.Step();
  engines.CatchUp();
  engines.ExpectEqual();
  engines.OpenFirst();
  engines.ExpectEqual();
  engines.OpenSecond();
  engines.ExpectEqual();

  // The commands were of every sort.
  std::map<EventType, int> events = commands.events();
  for (const EventType type : {EventType::kCreated, EventType::kJoined, EventType::kLeft,
                               EventType::kMerged, EventType::kSplit, EventType::kCanonicalChanged,
                               EventType::kDeleted, EventType::kExpired, EventType::kPinned,
                               EventType::kUnpinned}) {
    EXPECT_GT(events[type], 0) << static_cast<int>(type);
  }
  // Whichever decides from now on, the answers are the same.
  for (int i = 0; i < 300; ++i) {
    const Document document = commands.NextDocument();
    const absl::StatusOr<Decision> one = engines.first().Submit("", document);
    const absl::StatusOr<Decision> other = engines.second().Submit("", document);
    ASSERT_TRUE(one.ok() && other.ok()) << one.status() << other.status();
    ASSERT_EQ(TwoEngines::Told(*one), TwoEngines::Told(*other));
    ASSERT_EQ(one->sequence, other->sequence);
  }
  engines.ExpectEqual();
}

TEST(SecondEngineTest, ChangesThatWereAppliedBeforeArePassedOverAndMissingOnesRefused) {
  TwoEngines engines;
  std::vector<Change> changes;
  const absl::Status refused = [&] {
    Change change;
    change.sequence = 1'000;
    change.previous = 999;
    return engines.second().ApplyChanges({change});
  }();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  engines.CatchUp();
  Change again;
  again.sequence = 1;
  EXPECT_TRUE(engines.second().ApplyChanges({again}).ok());
  engines.ExpectEqual();
  Change strange;
  strange.previous = engines.second().GetStats().sequence;
  strange.sequence = strange.previous + 1;
  strange.time_us = absl::ToUnixMicros(engines.now());
  strange.dropped.push_back(ClusterId{77});
  EXPECT_TRUE(absl::IsDataLoss(engines.second().ApplyChanges({strange})));
  engines.ExpectEqual();
}

TEST(SecondEngineTest, OpeningAStoreWritesNoChange) {
  TwoEngines engines;
  EXPECT_EQ(engines.second().GetStats().sequence, 0u);
  engines.OpenSecond();
  EXPECT_EQ(engines.second().GetStats().sequence, 0u);
  EXPECT_TRUE(engines.second().ListCollections().empty());
  const Sequence first = engines.first().GetStats().sequence;
  engines.OpenFirst();
  EXPECT_TRUE(engines.first().EnsureDefaultCollection().ok());
  EXPECT_EQ(engines.first().GetStats().sequence, first);
}

}  // namespace
}  // namespace wonbon
