// Clocks that run backwards, dates that cannot be, and retention.
#include "core/error.h"
#include "tests/core/engine_fixture.h"

namespace wonbon {
namespace {

using EngineTimeTest = EngineTest;

TEST_F(EngineTimeTest, ArrivalsNeverRunBackwardsWhateverTheClockDoes) {
  Submit(Article(1));
  const absl::Time first = Get("story-1").received_at;
  EXPECT_EQ(first, now_);
  now_ -= absl::Hours(1);
  Submit(Article(2));
  EXPECT_EQ(Get("story-2").received_at, first);
  Open();
  Submit(Article(3));
  EXPECT_EQ(Get("story-3").received_at, first);
  now_ += absl::Hours(2);
  Submit(Article(4));
  EXPECT_EQ(Get("story-4").received_at, now_);
}

TEST_F(EngineTimeTest, ADocumentPastItsRetentionIsRefusedAndNeverStandsForAnother) {
  ASSERT_TRUE(engine_->UpdateCollection("default", {.retention = absl::Hours(24)}).ok());
  Document standing = Article(1);
  standing.published_at = now_ - absl::Hours(20);
  Submit(standing);
  Document old = Reprint(standing, "old");
  old.published_at = now_ - absl::Hours(25);
  const absl::StatusOr<Decision> refused = engine_->Submit("", old);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_EQ(ReasonOf(refused.status()), ErrorReason::kDocumentExpired);
  EXPECT_EQ(DetailOf(refused.status()).subject, "old");
  EXPECT_EQ(Get("story-1").canonical_document_id, "story-1");
  // One that stands still is told so until it is swept.
  now_ += absl::Hours(5);
  EXPECT_EQ(Submit(standing).outcome, Outcome::kUnchanged);
  EXPECT_EQ(*engine_->ExpireDocuments(), 1u);
}

TEST_F(EngineTimeTest, ADateInTheFutureKeepsNoDocument) {
  ASSERT_TRUE(engine_->UpdateCollection("default", {.retention = absl::Hours(24)}).ok());
  Document document = Article(1);
  document.published_at = now_ + absl::Hours(24 * 365 * 9);
  Submit(document);
  Document tomorrow = Article(2);
  tomorrow.published_at = now_ + absl::Hours(20);
  Submit(tomorrow);
  now_ += absl::Hours(23);
  EXPECT_EQ(*engine_->ExpireDocuments(), 0u);
  now_ += absl::Hours(2);
  EXPECT_EQ(*engine_->ExpireDocuments(), 2u);
}

TEST_F(EngineTimeTest, AZeroDateIsNoReasonToRemoveADocument) {
  ASSERT_TRUE(engine_->UpdateCollection("default", {.retention = absl::Hours(24)}).ok());
  Document document = Article(1);
  document.published_at = absl::UnixEpoch();
  Submit(document);
  EXPECT_EQ(*engine_->ExpireDocuments(), 0u);
  now_ += absl::Hours(25);
  EXPECT_EQ(*engine_->ExpireDocuments(), 1u);
}

TEST_F(EngineTimeTest, AZeroDateIsNotPublishedFirst) {
  Document document = Article(1);
  document.published_at = now_ - absl::Hours(2);
  Submit(document);
  Document zero = Reprint(document, "zero");
  zero.published_at = absl::FromCivil(absl::CivilSecond(1), absl::UTCTimeZone());
  EXPECT_EQ(Submit(zero).canonical.document_id, "story-1");
}

TEST_F(EngineTimeTest, EventsFromAPlaceThatTheStoreHasNotReachedAreOutOfRange) {
  Submit(Article(1));
  const Sequence last = engine_->GetStats().sequence;
  EXPECT_TRUE(engine_->ReadEvents("", last, 10).ok());
  const absl::Status ahead = engine_->ReadEvents("", last + 1, 10).status();
  EXPECT_TRUE(absl::IsOutOfRange(ahead)) << ahead;
  EXPECT_EQ(ReasonOf(ahead), ErrorReason::kSequenceNotReached);
}

TEST_F(EngineTimeTest, EventsOfACollectionMadeAnewAreOutOfRangeForThoseWhoKnewTheOldOne) {
  ASSERT_TRUE(engine_->CreateCollection("fleeting", {}).ok());
  Submit(Article(1), "fleeting");
  const Sequence known = engine_->GetStats().sequence;
  ASSERT_TRUE(engine_->DeleteCollection("fleeting", /*force=*/true).ok());
  ASSERT_TRUE(engine_->CreateCollection("fleeting", {}).ok());
  Submit(Article(2), "fleeting");
  const absl::Status anew = engine_->ReadEvents("fleeting", known, 10).status();
  EXPECT_TRUE(absl::IsOutOfRange(anew)) << anew;
  EXPECT_EQ(ReasonOf(anew), ErrorReason::kEventsDropped);
  EXPECT_TRUE(engine_->ReadEvents("fleeting", 0, 10).ok());
}

TEST_F(EngineTimeTest, DeletingACollectionIsToldToThoseWhoWatchIt) {
  ASSERT_TRUE(engine_->CreateCollection("fleeting", {}).ok());
  Submit(Article(1), "fleeting");
  Submit(Article(2), "fleeting");
  const Sequence known = engine_->GetStats().sequence;
  ASSERT_TRUE(engine_->DeleteCollection("fleeting", /*force=*/true).ok());
  const auto page = engine_->ReadEvents("fleeting", known, 10);
  ASSERT_TRUE(page.ok()) << page.status();
  std::vector<std::string> gone;
  for (const ClusterEvent& event : page->events) {
    if (event.type == EventType::kDeleted) gone.push_back(event.document_id);
  }
  EXPECT_EQ(gone, (std::vector<std::string>{"story-1", "story-2"}));
  const absl::Status after = engine_->ReadEvents("fleeting", page->sequence, 10).status();
  EXPECT_EQ(ReasonOf(after), ErrorReason::kCollectionNotFound) << after;
}

}  // namespace
}  // namespace wonbon
