// The engine end to end: submit, decide, remember, repair.
#include "core/engine.h"

#include <algorithm>
#include <optional>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "tests/core/engine_fixture.h"

namespace wonbon {
namespace {

TEST_F(EngineTest, AFirstDocumentFoundsItsCluster) {
  const Decision decision = Submit(Article(1));
  EXPECT_EQ(decision.outcome, Outcome::kCreated);
  EXPECT_EQ(decision.relation, Relation::kUnique);
  EXPECT_TRUE(decision.is_canonical);
  EXPECT_EQ(decision.cluster_size, 1u);
  EXPECT_EQ(decision.canonical.document_id, "story-1");
  EXPECT_EQ(decision.canonical.reason, CanonicalReason::kOnlyDocument);
  EXPECT_FALSE(decision.best_match.has_value());
  EXPECT_GT(decision.sequence, 0u);
}

TEST_F(EngineTest, AReprintJoinsAndTheEarliestStands) {
  const Decision first = Submit(Article(1));
  const Decision second = Submit(Reprint(Article(1), "reprint"));
  EXPECT_EQ(second.cluster, first.cluster);
  EXPECT_EQ(second.relation, Relation::kExact);
  EXPECT_FALSE(second.is_canonical);
  EXPECT_EQ(second.canonical.document_id, "story-1");
  EXPECT_EQ(second.canonical.reason, CanonicalReason::kEarliest);
  ASSERT_TRUE(second.best_match.has_value());
  EXPECT_EQ(second.best_match->document_id, "story-1");
  EXPECT_EQ(second.best_match->jaccard, 1);
  EXPECT_EQ(second.cluster_size, 2u);
}

TEST_F(EngineTest, ALateEarlierOriginalBecomesCanonicalWithoutChangingTheClusterId) {
  const Decision first = Submit(Article(1));
  const Decision second = Submit(Reprint(Article(1), "earlier", -60));
  EXPECT_EQ(second.cluster, first.cluster);
  EXPECT_TRUE(second.is_canonical);
  EXPECT_EQ(Get("story-1").canonical_document_id, "earlier");
}

TEST_F(EngineTest, DifferentStoriesStayApart) {
  std::set<ClusterId> clusters;
  for (uint64_t i = 0; i < 20; ++i) clusters.insert(Submit(Article(i)).cluster);
  EXPECT_EQ(clusters.size(), 20u);
}

TEST_F(EngineTest, TheSameSubmissionTwiceChangesNothing) {
  const Decision first = Submit(Article(1));
  const Decision again = Submit(Article(1));
  EXPECT_EQ(again.outcome, Outcome::kUnchanged);
  EXPECT_EQ(again.cluster, first.cluster);
  EXPECT_EQ(again.relation, first.relation);
  EXPECT_EQ(again.sequence, first.sequence);
  EXPECT_EQ(engine_->GetStats().documents, 1u);
}

TEST_F(EngineTest, ARevisionKeepsTheCluster) {
  const Decision first = Submit(Article(1));
  Document revised = Article(1);
  revised.body += "\n\n바로잡습니다. 앞선 보도에서 행사 장소를 잘못 적어 고칩니다.";
  const Decision second = Submit(revised);
  EXPECT_EQ(second.outcome, Outcome::kUpdated);
  EXPECT_EQ(second.relation, Relation::kRevision);
  EXPECT_EQ(second.cluster, first.cluster);
  EXPECT_EQ(second.cluster_size, 1u);
  EXPECT_EQ(Get("story-1").document.body, revised.body);
}

// One number is another, in headline and text: between two outlets that is another story.
TEST_F(EngineTest, ACorrectedNumberStaysWithTheReprintsOfTheOldOne) {
  Document first = Article(1);
  first.title = "가람군, 폐교 48곳에 마을 도서관 연다";
  first.body = absl::StrCat("가람군이 폐교 48곳에 마을 도서관을 연다고 밝혔다. ", first.body);
  const Decision founded = Submit(first);
  Submit(Reprint(first, "reprint"));
  Document corrected = first;
  corrected.title = "가람군, 폐교 84곳에 마을 도서관 연다";
  corrected.body.replace(corrected.body.find("48곳"), 2, "84");
  Document stranger = Reprint(corrected, "stranger");
  const auto checked = engine_->Prepare("", stranger);
  EXPECT_EQ(engine_->Check(**checked, {})->relation, Relation::kTemplate);
  const Decision decision = Submit(corrected);
  EXPECT_EQ(decision.outcome, Outcome::kUpdated);
  EXPECT_EQ(decision.relation, Relation::kRevision);
  EXPECT_EQ(decision.cluster, founded.cluster);
  EXPECT_EQ(decision.cluster_size, 2u);
  EXPECT_TRUE(decision.is_canonical);
  // Days later it is no correction.
  corrected.title = "가람군, 폐교 35곳에 마을 도서관 연다";
  corrected.body.replace(corrected.body.find("84곳"), 2, "35");
  corrected.published_at = *first.published_at + absl::Hours(24 * 4);
  EXPECT_NE(Submit(corrected).cluster, founded.cluster);
}

TEST_F(EngineTest, AnUpdateToAnotherStoryLeavesTheOldCluster) {
  const Decision first = Submit(Article(1));
  Submit(Reprint(Article(1), "reprint"));
  Document changed = Article(2);
  changed.id = "story-1";
  const Decision moved = Submit(changed);
  EXPECT_EQ(moved.outcome, Outcome::kUpdated);
  EXPECT_NE(moved.cluster, first.cluster);
  EXPECT_EQ(Get("reprint").cluster, first.cluster);
  EXPECT_EQ(Get("reprint").canonical_document_id, "reprint");
}

TEST_F(EngineTest, AnUpdateThatBecomesACopyOfAnOlderStoryMergesTheClusters) {
  const Decision old = Submit(Article(1));
  const Decision lone = Submit(Article(2));
  Document changed = Reprint(Article(1), "story-2");
  const Decision moved = Submit(changed);
  EXPECT_EQ(moved.cluster, old.cluster);
  EXPECT_EQ(moved.merged, std::vector<ClusterId>{lone.cluster});
  EXPECT_EQ(moved.relation, Relation::kRevision) << "its cluster goes on under another id";
  EXPECT_EQ(moved.best_match->relation, Relation::kExact);
  absl::StatusOr<ClusterView> redirected = engine_->GetCluster("", lone.cluster, false);
  ASSERT_TRUE(redirected.ok()) << redirected.status();
  EXPECT_EQ(redirected->id, old.cluster);
}

TEST_F(EngineTest, AnUpdateThatBecomesACopyOfAYoungerStoryLeavesItsClusterItsId) {
  const Decision lone = Submit(Article(1));
  const Decision young = Submit(Article(2));
  const Decision moved = Submit(Reprint(Article(2), "story-1"));
  EXPECT_EQ(moved.cluster, young.cluster);
  EXPECT_EQ(moved.merged, std::vector<ClusterId>{lone.cluster});
  EXPECT_EQ(Get("story-2").cluster, young.cluster);
  absl::StatusOr<ClusterView> redirected = engine_->GetCluster("", lone.cluster, false);
  ASSERT_TRUE(redirected.ok()) << redirected.status();
  EXPECT_EQ(redirected->id, young.cluster);
}

TEST_F(EngineTest, RedirectsSurviveARestart) {
  const Decision old = Submit(Article(1));
  const Decision lone = Submit(Article(2));
  Submit(Reprint(Article(1), "story-2"));
  Open();
  absl::StatusOr<ClusterView> redirected = engine_->GetCluster("", lone.cluster, false);
  ASSERT_TRUE(redirected.ok()) << redirected.status();
  EXPECT_EQ(redirected->id, old.cluster);
}

TEST_F(EngineTest, DeletingTheCanonicalElectsAnother) {
  const Decision first = Submit(Article(1));
  Submit(Reprint(Article(1), "b", 5));
  Submit(Reprint(Article(1), "c", 9));
  absl::StatusOr<Engine::Deletion> deletion = Delete("story-1");
  ASSERT_TRUE(deletion.ok()) << deletion.status();
  EXPECT_TRUE(deletion->deleted);
  EXPECT_EQ(Get("c").cluster, first.cluster);
  EXPECT_EQ(Get("c").canonical_document_id, "b");
  const absl::Status gone = engine_->GetDocument("", "story-1", false).status();
  EXPECT_TRUE(absl::IsNotFound(gone));
  EXPECT_EQ(ReasonOf(gone), ErrorReason::kDocumentDeleted);
}

TEST_F(EngineTest, DeletingTwiceAnswersTheSameTombstone) {
  Submit(Article(1));
  const absl::StatusOr<Engine::Deletion> first = Delete("story-1");
  const absl::StatusOr<Engine::Deletion> again = Delete("story-1");
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_TRUE(first->deleted);
  EXPECT_FALSE(again->deleted);
  EXPECT_EQ(first->tombstone.sequence, again->tombstone.sequence);
  EXPECT_EQ(again->tombstone.reason, "taken down");
  EXPECT_TRUE(absl::IsNotFound(Delete("never-was").status()));
}

TEST_F(EngineTest, ADeletedDocumentNoLongerAttractsCopies) {
  const Decision first = Submit(Article(1));
  ASSERT_TRUE(Delete("story-1").ok());
  const Decision second = Submit(Reprint(Article(1), "b"));
  EXPECT_NE(second.cluster, first.cluster);
  EXPECT_TRUE(absl::IsNotFound(engine_->GetCluster("", first.cluster, false).status()));
}

TEST_F(EngineTest, CopiesAreFoundAfterTheDocumentThatPostedTheirKeysIsGone) {
  const Decision first = Submit(Article(1, 20));
  Submit(Reprint(Article(1, 20), "b"));
  ASSERT_TRUE(Delete("story-1").ok());
  // Edited, so that the exact-copy table cannot find it.
  Document edited = Reprint(Article(1, 20), "c");
  edited.body += " 시는 다음 달까지 같은 조사를 이어 가기로 했다.";
  EXPECT_EQ(Submit(edited).cluster, first.cluster);
}

TEST_F(EngineTest, ExpiryRemovesOldDocumentsAndRepairsTheirClusters) {
  ASSERT_TRUE(engine_->UpdateCollection("default", {.retention = absl::Hours(24)}).ok());
  Document old = Article(1);
  old.published_at = now_ - absl::Hours(20);
  const Decision first = Submit(old);
  Submit(Reprint(old, "b", 600));
  now_ += absl::Hours(5);
  const absl::StatusOr<uint64_t> expired = engine_->ExpireDocuments();
  ASSERT_TRUE(expired.ok()) << expired.status();
  EXPECT_EQ(*expired, 1u);
  EXPECT_TRUE(absl::IsNotFound(engine_->GetDocument("", "story-1", false).status()));
  EXPECT_EQ(Get("b").cluster, first.cluster);
  EXPECT_EQ(Get("b").canonical_document_id, "b");
}

TEST_F(EngineTest, CheckAnswersLikeSubmitAndWritesNothing) {
  Submit(Article(1));
  auto prepared = engine_->Prepare("", Reprint(Article(1), "b"));
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  const absl::StatusOr<Decision> checked = engine_->Check(**prepared, {});
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(engine_->GetStats().documents, 1u);
  const Decision submitted = Submit(Reprint(Article(1), "b"));
  EXPECT_EQ(checked->relation, submitted.relation);
  EXPECT_EQ(checked->cluster, submitted.cluster);
  EXPECT_EQ(checked->canonical.document_id, submitted.canonical.document_id);
  EXPECT_EQ(checked->cluster_size, submitted.cluster_size);
  auto unknown = engine_->Prepare("", Article(2), Engine::Purpose::kCheck);
  ASSERT_TRUE(unknown.ok());
  EXPECT_EQ(engine_->Check(**unknown, {})->cluster, ClusterId::kNone);
}

TEST_F(EngineTest, ShortTextsAreCopiesOfTheSameTextUnderTheSameHeadlineOnly) {
  Document flash{.id = "a", .title = "속보: 한강 다리 통제", .body = "한강 다리 통제 시작"};
  const Decision first = Submit(flash);
  EXPECT_EQ(first.flags & kFlagShortText, kFlagShortText);
  flash.id = "b";
  EXPECT_EQ(Submit(flash).cluster, first.cluster);
  flash.id = "c";
  flash.title = "속보: 다른 소식";
  EXPECT_NE(Submit(flash).cluster, first.cluster);
}

TEST_F(EngineTest, CollectionsDoNotSeeEachOther) {
  ASSERT_TRUE(engine_->CreateCollection("sports", {}).ok());
  const Decision first = Submit(Article(1));
  const Decision second = Submit(Article(1), "sports");
  EXPECT_EQ(second.outcome, Outcome::kCreated);
  EXPECT_NE(second.cluster, first.cluster);
  EXPECT_TRUE(absl::IsNotFound(engine_->GetCluster("sports", first.cluster, false).status()));
  EXPECT_TRUE(absl::IsNotFound(engine_->Submit("unknown", Article(1)).status()));
}

TEST_F(EngineTest, ACollectionWithDocumentsIsDeletedByForceOnly) {
  ASSERT_TRUE(engine_->CreateCollection("sports", {}).ok());
  Submit(Article(1), "sports");
  Submit(Article(2), "sports");
  EXPECT_TRUE(absl::IsFailedPrecondition(engine_->DeleteCollection("sports", false).status()));
  const absl::StatusOr<uint64_t> deleted = engine_->DeleteCollection("sports", true);
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_EQ(*deleted, 2u);
  EXPECT_TRUE(absl::IsNotFound(engine_->GetCollection("sports").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(engine_->DeleteCollection("default", true).status()));
}

TEST_F(EngineTest, AnswersAreEqualAfterARestart) {
  for (uint64_t i = 0; i < 30; ++i) {
    Submit(Article(i));
    if (i % 3 == 0) Submit(Reprint(Article(i), absl::StrCat("r", i)));
  }
  ASSERT_TRUE(Delete("story-3").ok());
  const auto before = engine_->ListClusters("", {}, 1000, {.with_members = true});
  Open();
  const auto after = engine_->ListClusters("", {}, 1000, {.with_members = true});
  ASSERT_TRUE(before.ok() && after.ok());
  ASSERT_EQ(before->clusters.size(), after->clusters.size());
  for (size_t i = 0; i < before->clusters.size(); ++i) {
    EXPECT_EQ(before->clusters[i].id, after->clusters[i].id);
    EXPECT_EQ(before->clusters[i].canonical.document_id, after->clusters[i].canonical.document_id);
    EXPECT_EQ(before->clusters[i].size, after->clusters[i].size);
  }
  const Decision joined = Submit(Reprint(Article(7), "late"));
  EXPECT_EQ(joined.canonical.document_id, "story-7");
}

TEST_F(EngineTest, CopiesSubmittedAtOnceEndInOneCluster) {
  constexpr int kClients = 8;
  constexpr uint64_t kStories = 25;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([this, client] {
      for (uint64_t i = 0; i < kStories; ++i) {
        Submit(Reprint(Article(i), absl::StrCat("c", client, "-", i), client));
      }
    });
  }
  for (std::thread& client : clients) client.join();
  const auto page = engine_->ListClusters("", {}, 1000, {});
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->clusters.size(), kStories);
  for (const ClusterView& cluster : page->clusters) {
    EXPECT_EQ(cluster.size, static_cast<uint32_t>(kClients));
    EXPECT_EQ(cluster.canonical.document_id.substr(0, 2), "c0");
  }
}

TEST_F(EngineTest, ABatchSeesItsOwnDocuments) {
  std::vector<std::unique_ptr<Submission>> batch;
  const std::vector<Document> documents = {Article(1), Reprint(Article(1), "b"), Article(1)};
  for (const Document& document : documents) {
    auto prepared = engine_->Prepare("", document);
    ASSERT_TRUE(prepared.ok());
    batch.push_back(*std::move(prepared));
  }
  std::vector<absl::StatusOr<Decision>> decisions;
  ASSERT_TRUE(engine_
                  ->Enqueue(std::move(batch), {},
                            [&](std::vector<absl::StatusOr<Decision>> answered) {
                              decisions = std::move(answered);
                            })
                  .ok());
  Submit(Article(2), "barriers");
  ASSERT_EQ(decisions.size(), 3u);
  EXPECT_EQ(decisions[0]->outcome, Outcome::kCreated);
  EXPECT_EQ(decisions[1]->cluster, decisions[0]->cluster);
  EXPECT_EQ(decisions[2]->outcome, Outcome::kUnchanged);
}

TEST_F(EngineTest, EventsTellTheStoryOfAClusterInOrder) {
  Submit(Article(1));
  Submit(Reprint(Article(1), "earlier", -60));
  ASSERT_TRUE(Delete("earlier").ok());
  const auto page = engine_->ReadEvents("", 0, 100);
  ASSERT_TRUE(page.ok()) << page.status();
  std::vector<EventType> types;
  for (const ClusterEvent& event : page->events) types.push_back(event.type);
  EXPECT_EQ(types, (std::vector<EventType>{EventType::kCreated, EventType::kJoined,
                                           EventType::kCanonicalChanged, EventType::kDeleted,
                                           EventType::kCanonicalChanged}));
  EXPECT_TRUE(std::is_sorted(
      page->events.begin(), page->events.end(),
      [](const ClusterEvent& a, const ClusterEvent& b) { return a.sequence < b.sequence; }));
}

TEST_F(EngineTest, PagesOfClustersAndDocumentsCoverAllOnce) {
  for (uint64_t i = 0; i < 7; ++i) Submit(Article(i));
  for (int i = 0; i < 4; ++i) Submit(Reprint(Article(0), absl::StrCat("r", i)));
  std::set<ClusterId> seen;
  std::optional<ClusterPosition> after = ClusterPosition();
  do {
    const auto page = engine_->ListClusters("", *after, 3, {});
    ASSERT_TRUE(page.ok());
    for (const ClusterView& cluster : page->clusters) EXPECT_TRUE(seen.insert(cluster.id).second);
    after = page->next;
  } while (after);
  EXPECT_EQ(seen.size(), 7u);
  std::set<std::string> ids;
  DocumentNumber next = DocumentNumber::kNone;
  do {
    const auto page = engine_->ListClusterDocuments("", *seen.begin(), next, 2, false);
    ASSERT_TRUE(page.ok());
    for (const StoredDocument& document : page->documents) ids.insert(document.document.id);
    next = page->next;
  } while (next != DocumentNumber::kNone);
  EXPECT_EQ(ids.size(), 5u);
}

TEST_F(EngineTest, PagesOfDocumentsEndByBytes) {
  // Bodies as large as they may be: all copies together pass two pages.
  Document large = Article(1);
  const std::string body = large.body + "\n";
  while (large.body.size() + body.size() <= kDefaultMaxBodyBytes) large.body += body;
  const ClusterId cluster = Submit(large).cluster;
  constexpr int kCopies = 31;
  for (int i = 0; i < kCopies; ++i) Submit(Reprint(large, absl::StrCat("r", i)));

  const auto read = [&](int page_size, auto... max_bytes) {
    std::vector<size_t> pages;
    std::set<std::string> ids;
    DocumentNumber after = DocumentNumber::kNone;
    do {
      const auto page =
          engine_->ListClusterDocuments("", cluster, after, page_size, true, max_bytes...);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      size_t bytes = 0;
      for (const StoredDocument& document : page->documents) {
        bytes += document.document.body.size() + document.document.title.size();
        EXPECT_TRUE(ids.insert(document.document.id).second);
      }
      if (page->documents.size() > 1) {
        EXPECT_LE(bytes, kMaxPageBytes);
      }
      pages.push_back(page->documents.size());
      after = page->next;
    } while (after != DocumentNumber::kNone);
    EXPECT_EQ(ids.size(), kCopies + 1u);
    return pages;
  };
  EXPECT_EQ(read(1'000).size(), 3u);
  EXPECT_EQ(read(1'000).front(), kMaxPageBytes / (large.body.size() + 1'000));
  EXPECT_EQ(read(4).size(), 8u);
  // One that is too large for a page by itself is a page.
  EXPECT_EQ(read(1'000, size_t{1'000}).size(), kCopies + 1u);
}

TEST_F(EngineTest, UpdatesAreJudgedAheadAndUnchangedSubmissionsNotAtAll) {
  Submit(Article(1));
  Document edited = Reprint(Article(1), "b");
  edited.body += " 시는 다음 달에 다시 알리기로 했다.";
  Submit(edited);
  const uint64_t before = engine_->GetStats().judged_pairs;
  Submit(Article(1));
  EXPECT_EQ(engine_->GetStats().judged_pairs, before) << "unchanged";

  // A correction: what the commit thread needs is judged when it is asked.
  Document correction = Article(1);
  correction.body += " 시는 다음 주에 다시 알리기로 했다.";
  auto prepared = engine_->Prepare("", correction);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  engine_->Prejudge(**prepared);
  const size_t ahead = (*prepared)->judgements.judged();
  EXPECT_GE(ahead, 2u) << "the version that stands, and its copy";
  const uint64_t judged = engine_->GetStats().judged_pairs;
  std::vector<std::unique_ptr<Submission>> batch;
  batch.push_back(*std::move(prepared));
  absl::Notification done;
  ASSERT_TRUE(engine_
                  ->Enqueue(std::move(batch), {},
                            [&done](std::vector<absl::StatusOr<Decision>> decisions) {
                              EXPECT_TRUE(decisions.front().ok());
                              done.Notify();
                            })
                  .ok());
  done.WaitForNotification();
  EXPECT_EQ(engine_->GetStats().judged_pairs, judged) << "by the commit thread";
}

TEST_F(EngineTest, DrainedEnginesTakeNothingMore) {
  Submit(Article(1));
  ASSERT_TRUE(engine_->Drain().ok());
  EXPECT_TRUE(absl::IsUnavailable(engine_->Submit("", Article(2)).status()));
  EXPECT_EQ(Get("story-1").document.id, "story-1");
}

TEST_F(EngineTest, CompareJudgesDocumentsAndShowsSpansOfTheOriginalBytes) {
  Submit(Article(1));
  Document other = Reprint(Article(1), "b");
  other.body = "머리말을 새로 붙였다. " + other.body;
  const auto comparison =
      engine_->Compare("", {.id = "story-1"}, {.document = other}, /*with_spans=*/true);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_TRUE(comparison->judgement.same_article());
  ASSERT_FALSE(comparison->spans.shared.empty());
  const std::string first = Get("story-1").document.body;
  for (const SharedSpan& span : comparison->spans.shared) {
    EXPECT_EQ(first.substr(span.a.begin, 3), other.body.substr(span.b.begin, 3));
  }
  const auto missing = engine_->Compare("", {}, {.id = "story-1"}, false);
  EXPECT_EQ(Violation(missing.status())->field, "a.side");
}

TEST(ClusterIdTest, IsReadBackAsItWasWritten) {
  EXPECT_EQ(FormatClusterId(static_cast<ClusterId>(1234)), "c1234");
  EXPECT_EQ(ParseClusterId("c1234"), static_cast<ClusterId>(1234));
  for (const char* bad : {"", "c", "1234", "c0", "c-1", "c01", "c1x", "c99999999999999999999"}) {
    EXPECT_FALSE(ParseClusterId(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace wonbon
