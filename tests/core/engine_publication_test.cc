// Each read is of one published moment: while a group is in the store and not published yet it
// shows what was before, without waiting, and beside a writer it never shows two moments at once.
#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "tests/core/engine_fixture.h"

namespace wonbon {
namespace {

Document Revised(Document document, int version) {
  document.body += absl::StrCat("\n\n바로잡습니다. 앞선 보도의 오자를 고쳤습니다. ", version, "판.");
  return document;
}

class EnginePublicationTest : public EngineTest {
 protected:
  void SetUp() override {
    Engine::Options options;
    options.store.durability = Durability::kAsync;
    options.article_cache_bytes = 0;  // every judgement asks the store
    options.before_publish = [this] {
      if (!hold_.exchange(false)) return;
      held_.Notify();
      release_.WaitForNotification();
    };
    Open(std::move(options));
    EngineTest::SetUp();
  }
  void TearDown() override {
    if (!release_.HasBeenNotified()) release_.Notify();
    if (submitting_.joinable()) submitting_.join();
    engine_ = nullptr;
  }

  // Submits from another thread; returns when the document is in the store and not published.
  void SubmitAndHold(Document document) {
    hold_ = true;
    submitting_ = std::thread([this, document] { Submit(document); });
    held_.WaitForNotification();
  }

  void Release() {
    release_.Notify();
    submitting_.join();
  }

  std::atomic<bool> hold_{false};
  absl::Notification held_;
  absl::Notification release_;
  std::thread submitting_;
};

// In these tests nobody releases the group before all is read: a read that waits never ends.

TEST_F(EnginePublicationTest, ACanonicalCopyThatIsBeingReplacedIsReadAsItWas) {
  const Decision first = Submit(Article(1));
  Submit(Reprint(Article(1), "copy"));
  const Document revised = Revised(Article(1), 1);
  SubmitAndHold(revised);
  const auto cluster = engine_->GetCluster("", first.cluster, true);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->canonical.document_id, "story-1");
  EXPECT_EQ(cluster->canonical.body, Article(1).body);
  const auto document = engine_->GetDocument("", "story-1", true);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->document.body, Article(1).body);
  const auto member = engine_->GetDocument("", "copy", false);
  ASSERT_TRUE(member.ok()) << member.status();
  EXPECT_EQ(member->canonical_document_id, "story-1");
  Release();
  EXPECT_EQ(engine_->GetCluster("", first.cluster, true)->canonical.body, revised.body);
  EXPECT_EQ(Get("story-1").document.body, revised.body);
}

TEST_F(EnginePublicationTest, ListsAreWholeWhileAMemberIsReplaced) {
  const Decision first = Submit(Article(1));
  Submit(Reprint(Article(1), "copy"));
  SubmitAndHold(Revised(Article(1), 1));
  const std::set<std::string> both = {"story-1", "copy"};
  const auto page = engine_->ListClusters("", {}, 10, {.with_members = true});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->clusters.size(), 1u);
  std::set<std::string> ids;
  for (const ClusterMember& member : page->clusters[0].members) ids.insert(member.document_id);
  EXPECT_EQ(ids, both);
  const auto documents =
      engine_->ListClusterDocuments("", first.cluster, DocumentNumber::kNone, 10, true);
  ASSERT_TRUE(documents.ok()) << documents.status();
  ids.clear();
  for (const StoredDocument& document : documents->documents) ids.insert(document.document.id);
  EXPECT_EQ(ids, both);
}

TEST_F(EnginePublicationTest, AClusterIsItselfUntilItsMergeIsPublished) {
  const Decision old = Submit(Article(1));
  const Decision lone = Submit(Article(2));
  SubmitAndHold(Reprint(Article(1), "story-2"));
  EXPECT_EQ(engine_->GetCluster("", lone.cluster, false)->id, lone.cluster);
  Release();
  EXPECT_EQ(engine_->GetCluster("", lone.cluster, false)->id, old.cluster);
}

TEST_F(EnginePublicationTest, ADeletedDocumentIsThereUntilItsDeletionIsPublished) {
  Submit(Article(1));
  hold_ = true;
  absl::Notification deleted;
  ASSERT_TRUE(engine_
                  ->Delete("", {"story-1"}, {.reason = "taken down"},
                           [&](auto) { deleted.Notify(); })
                  .ok());
  held_.WaitForNotification();
  EXPECT_TRUE(engine_->GetDocument("", "story-1", true).ok());
  const auto compared = engine_->Compare("", {.id = "story-1"}, {.id = "story-1"}, true);
  EXPECT_TRUE(compared.ok()) << compared.status();
  release_.Notify();
  deleted.WaitForNotification();
  EXPECT_EQ(ReasonOf(engine_->GetDocument("", "story-1", true).status()),
            ErrorReason::kDocumentDeleted);
}

TEST_F(EnginePublicationTest, ACheckIsDecidedOnThePublishedMoment) {
  const Decision first = Submit(Article(1));
  SubmitAndHold(Revised(Article(1), 1));
  auto prepared = engine_->Prepare("", Reprint(Article(1), "copy"));
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  const auto decision = engine_->Check(**prepared, {.canonical_body = true});
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->cluster, first.cluster);
  EXPECT_EQ(decision->cluster_size, 2u);
  EXPECT_EQ(decision->canonical.document_id, "story-1");
  EXPECT_EQ(decision->canonical.body, Article(1).body);
}

TEST_F(EnginePublicationTest, ABodyIsThatOfTheDecisionThoughItsGroupReplacedIt) {
  Submit(Article(2));
  std::vector<std::unique_ptr<Submission>> batch;
  for (const Document& document :
       {Article(1), Revised(Article(1), 1), Reprint(Article(2), "copy"), Revised(Article(2), 2)}) {
    batch.push_back(*engine_->Prepare("", document));
  }
  absl::Notification done;
  std::vector<absl::StatusOr<Decision>> decisions;
  ASSERT_TRUE(engine_
                  ->Enqueue(std::move(batch), {.canonical_body = true},
                            [&](std::vector<absl::StatusOr<Decision>> answers) {
                              decisions = std::move(answers);
                              done.Notify();
                            })
                  .ok());
  done.WaitForNotification();
  const std::string bodies[] = {Article(1).body, Revised(Article(1), 1).body, Article(2).body,
                                Revised(Article(2), 2).body};
  ASSERT_EQ(decisions.size(), std::size(bodies));
  for (size_t i = 0; i < decisions.size(); ++i) {
    ASSERT_TRUE(decisions[i].ok()) << decisions[i].status();
    EXPECT_EQ(decisions[i]->canonical.body, "");
    ASSERT_TRUE(engine_->FillBody(&*decisions[i]).ok());
    EXPECT_EQ(decisions[i]->canonical.body, bodies[i]) << i;
    EXPECT_FALSE(decisions[i]->canonical_body.has_value());
  }
}

TEST_F(EnginePublicationTest, EventsAreReadOnceTheirChangesShow) {
  Submit(Article(1));
  const Sequence sequence = engine_->GetStats().sequence;
  SubmitAndHold(Article(2));
  const auto early = engine_->ReadEvents("", sequence, 100);
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_TRUE(early->events.empty());
  EXPECT_EQ(early->sequence, sequence);
  // A watch that begins now must not miss what no list shows yet.
  EXPECT_EQ(engine_->GetStats().sequence, sequence);
  Release();
  const auto late = engine_->ReadEvents("", early->sequence, 100);
  ASSERT_TRUE(late.ok()) << late.status();
  ASSERT_EQ(late->events.size(), 1u);
  EXPECT_TRUE(engine_->GetCluster("", late->events[0].cluster, false).ok());
}

// Everything that one answer says fits together.
void ExpectOneMoment(const ClusterView& cluster) {
  EXPECT_EQ(cluster.members.size(), cluster.size);
  std::set<std::string> ids;
  for (const ClusterMember& member : cluster.members) ids.insert(member.document_id);
  EXPECT_EQ(ids.size(), cluster.size) << "a document is listed twice";
  EXPECT_TRUE(ids.contains(cluster.canonical.document_id)) << cluster.canonical.document_id;
}

// Stories whose documents are replaced, moved from one to the other (which merges and splits), and
// deleted, beside readers.
TEST_F(EnginePublicationTest, EveryAnswerBesideAWriterIsOfOneMoment) {
  constexpr uint64_t kStories = 6;
  constexpr int kRounds = 60;
  const auto text = [](uint64_t story) { return Article(story, 6); };
  const auto roamer = [](uint64_t i) { return absl::StrCat("roamer-", i); };
  std::vector<ClusterId> clusters;
  for (uint64_t i = 0; i < kStories; ++i) {
    clusters.push_back(Submit(text(i)).cluster);
    Submit(Reprint(text(i), absl::StrCat("copy-", i)));
    Submit(Reprint(text(i), roamer(i)));
  }
  std::atomic<bool> done{false};
  const auto writer = std::async(std::launch::async, [&] {
    for (int round = 0; round < kRounds; ++round) {
      for (uint64_t i = 0; i < kStories; ++i) {
        Submit(Revised(text(i), round));
        // Now a copy of this story, now of the next one.
        const uint64_t story = (i + static_cast<uint64_t>(round)) % kStories;
        Submit(Reprint(text(story), roamer(i)));
        if (round % 3 == 2) {
          ASSERT_TRUE(engine_->Delete("", {roamer(i)}, {.reason = "gone"}, [](auto) {}).ok());
        }
      }
    }
    done = true;
  });
  while (!done) {
    const auto page = engine_->ListClusters("", {}, 1'000, {.with_members = true});
    ASSERT_TRUE(page.ok()) << page.status();
    std::multiset<std::string> all;
    for (const ClusterView& cluster : page->clusters) {
      ExpectOneMoment(cluster);
      for (const ClusterMember& member : cluster.members) all.insert(member.document_id);
    }
    for (uint64_t i = 0; i < kStories; ++i) {
      EXPECT_EQ(all.count(absl::StrCat("story-", i)), 1u);
      EXPECT_EQ(all.count(absl::StrCat("copy-", i)), 1u);
      EXPECT_LE(all.count(roamer(i)), 1u);
      const auto copy = engine_->GetDocument("", absl::StrCat("copy-", i), true);
      ASSERT_TRUE(copy.ok()) << copy.status();
      EXPECT_EQ(copy->document.body, text(i).body);
      const auto roaming = engine_->GetDocument("", roamer(i), true);
      EXPECT_TRUE(roaming.ok() || ReasonOf(roaming.status()) == ErrorReason::kDocumentDeleted)
          << roaming.status();
      const auto documents =
          engine_->ListClusterDocuments("", clusters[i], DocumentNumber::kNone, 100, true);
      ASSERT_TRUE(documents.ok()) << documents.status();
      std::set<std::string> canonical;
      for (const StoredDocument& each : documents->documents) {
        canonical.insert(each.canonical_document_id);
      }
      EXPECT_EQ(canonical.size(), 1u);
      auto prepared = engine_->Prepare("", Reprint(text(i), "checked"));
      ASSERT_TRUE(prepared.ok()) << prepared.status();
      const auto checked = engine_->Check(**prepared, {.canonical_body = true});
      ASSERT_TRUE(checked.ok()) << checked.status();
      EXPECT_EQ(checked->relation, Relation::kExact);
      EXPECT_FALSE(checked->canonical.body.empty());
    }
  }
}

}  // namespace
}  // namespace wonbon
