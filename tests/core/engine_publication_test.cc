// Reading while a group is in the store and not published yet, and while clusters change.
#include <atomic>
#include <future>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/core/engine_fixture.h"

namespace wonbon {
namespace {

// Long enough for a read that does not wait to answer.
constexpr absl::Duration kMoment = absl::Milliseconds(30);

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

  // What `read` answers when the group is published while it is under way.
  template <typename Read>
  auto Across(Read read) {
    auto answer = std::async(std::launch::async, read);
    absl::SleepFor(kMoment);
    if (!release_.HasBeenNotified()) release_.Notify();
    return answer.get();
  }

  std::atomic<bool> hold_{false};
  absl::Notification held_;
  absl::Notification release_;
  std::thread submitting_;
};

TEST_F(EnginePublicationTest, AClusterIsReadWhileItsCanonicalCopyIsReplaced) {
  const Decision first = Submit(Article(1));
  Submit(Reprint(Article(1), "copy"));
  const Document revised = Revised(Article(1), 1);
  SubmitAndHold(revised);
  const auto cluster = Across([&] { return engine_->GetCluster("", first.cluster, true); });
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->canonical.document_id, "story-1");
  EXPECT_EQ(cluster->canonical.body, revised.body);
}

TEST_F(EnginePublicationTest, AMemberIsReadWhileItsCanonicalCopyIsReplaced) {
  Submit(Article(1));
  Submit(Reprint(Article(1), "copy"));
  SubmitAndHold(Revised(Article(1), 1));
  const auto document = Across([&] { return engine_->GetDocument("", "copy", false); });
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->canonical_document_id, "story-1");
}

TEST_F(EnginePublicationTest, ADocumentIsReadWhileItIsReplaced) {
  Submit(Article(1));
  const Document revised = Revised(Article(1), 1);
  SubmitAndHold(revised);
  const auto document = Across([&] { return engine_->GetDocument("", "story-1", true); });
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->document.body, revised.body);
}

TEST_F(EnginePublicationTest, ListedClustersAreWholeWhileMembersAreReplaced) {
  Submit(Article(1));
  Submit(Reprint(Article(1), "copy"));
  SubmitAndHold(Revised(Article(1), 1));
  const auto page =
      Across([&] { return engine_->ListClusters("", ClusterId::kNone, 10, 0, true); });
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->clusters.size(), 1u);
  std::set<std::string> ids;
  for (const ClusterMember& member : page->clusters[0].members) ids.insert(member.document_id);
  EXPECT_EQ(ids, (std::set<std::string>{"story-1", "copy"}));
}

TEST_F(EnginePublicationTest, ListedDocumentsAreAllThereWhileOneIsReplaced) {
  const Decision first = Submit(Article(1));
  Submit(Reprint(Article(1), "copy"));
  SubmitAndHold(Revised(Article(1), 1));
  const auto page = Across([&] {
    return engine_->ListClusterDocuments("", first.cluster, DocumentNumber::kNone, 10, true);
  });
  ASSERT_TRUE(page.ok()) << page.status();
  std::set<std::string> ids;
  for (const StoredDocument& document : page->documents) ids.insert(document.document.id);
  EXPECT_EQ(ids, (std::set<std::string>{"story-1", "copy"}));
}

TEST_F(EnginePublicationTest, AMergedClusterIsFoundWhileItsDocumentMoves) {
  const Decision old = Submit(Article(1));
  const Decision lone = Submit(Article(2));
  SubmitAndHold(Reprint(Article(1), "story-2"));
  const auto cluster = Across([&] { return engine_->GetCluster("", lone.cluster, false); });
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->id, old.cluster);
}

TEST_F(EnginePublicationTest, ACheckFindsTheClusterWhoseDocumentIsReplaced) {
  const Decision first = Submit(Article(1));
  SubmitAndHold(Revised(Article(1), 1));
  auto prepared = engine_->Prepare("", Reprint(Article(1), "copy"));
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  const auto decision =
      Across([&] { return engine_->Check(**prepared, {.canonical_body = true}); });
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->cluster, first.cluster);
  EXPECT_EQ(decision->canonical.document_id, "story-1");
  EXPECT_EQ(decision->canonical.body, Revised(Article(1), 1).body);
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
  release_.Notify();
  submitting_.join();
  const auto late = engine_->ReadEvents("", early->sequence, 100);
  ASSERT_TRUE(late.ok()) << late.status();
  ASSERT_EQ(late->events.size(), 1u);
  EXPECT_TRUE(engine_->GetCluster("", late->events[0].cluster, false).ok());
}

TEST_F(EnginePublicationTest, ReadersMissNothingWhileAllIsReplacedAgainAndAgain) {
  constexpr uint64_t kStories = 12;
  constexpr int kRounds = 40;
  std::vector<ClusterId> clusters;
  for (uint64_t i = 0; i < kStories; ++i) {
    clusters.push_back(Submit(Article(i, 6)).cluster);
    Submit(Reprint(Article(i, 6), absl::StrCat("copy-", i)));
  }
  std::atomic<bool> done{false};
  const auto writer = std::async(std::launch::async, [&] {
    for (int round = 0; round < kRounds; ++round) {
      for (uint64_t i = 0; i < kStories; ++i) {
        Submit(Revised(Article(i, 6), round));
        Submit(Revised(Reprint(Article(i, 6), absl::StrCat("copy-", i)), round));
      }
    }
    done = true;
  });
  while (!done) {
    const auto page = engine_->ListClusters("", ClusterId::kNone, 1'000, 0, true);
    ASSERT_TRUE(page.ok()) << page.status();
    std::multiset<std::string> ids;
    for (const ClusterView& cluster : page->clusters) {
      for (const ClusterMember& member : cluster.members) ids.insert(member.document_id);
    }
    EXPECT_EQ(page->clusters.size(), kStories);
    EXPECT_EQ(ids.size(), 2 * kStories);
    for (uint64_t i = 0; i < kStories; ++i) {
      const auto view = engine_->GetCluster("", clusters[i], false);
      EXPECT_TRUE(view.ok()) << view.status();
      const auto copy = engine_->GetDocument("", absl::StrCat("copy-", i), false);
      EXPECT_TRUE(copy.ok()) << copy.status();
      const auto documents =
          engine_->ListClusterDocuments("", clusters[i], DocumentNumber::kNone, 100, false);
      ASSERT_TRUE(documents.ok()) << documents.status();
      // One that is replaced after it was read shows again: never is one missing.
      std::set<std::string> members;
      for (const StoredDocument& each : documents->documents) members.insert(each.document.id);
      EXPECT_EQ(members.size(), 2u);
    }
  }
}

}  // namespace
}  // namespace wonbon
