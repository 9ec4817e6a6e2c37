// Writes that depend on what stands: expected sequences, blocked ids. And lists of what was
// written.
#include <gtest/gtest.h>

#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "tests/core/engine_fixture.h"

namespace wonbon {
namespace {

class EngineWritesTest : public EngineTest {
 protected:
  absl::StatusOr<Decision> SubmitExpecting(Document document, Sequence expected) {
    auto submission = engine_->Prepare("", std::move(document));
    if (!submission.ok()) return submission.status();
    (*submission)->expected_sequence = expected;
    std::vector<std::unique_ptr<Submission>> batch;
    batch.push_back(*std::move(submission));
    absl::StatusOr<Decision> result;
    absl::Notification done;
    EXPECT_TRUE(engine_->Enqueue(std::move(batch), {}, [&](auto decisions) {
      result = std::move(decisions.front());
      done.Notify();
    }).ok());
    done.WaitForNotification();
    return result;
  }

  absl::StatusOr<Engine::Deletion> DeleteWith(const std::string& id,
                                              Engine::DeleteOptions options) {
    absl::StatusOr<Engine::Deletion> result = absl::UnknownError("not answered");
    absl::Notification done;
    EXPECT_TRUE(engine_->Delete("", {id}, std::move(options), [&](auto results) {
      result = std::move(results.front());
      done.Notify();
    }).ok());
    done.WaitForNotification();
    return result;
  }

  static Document WithId(uint64_t seed, const std::string& id) {
    Document document = Article(seed);
    document.id = id;
    return document;
  }

  std::vector<std::string> List(const ListFilter& filter, int page_size = 100) {
    std::vector<std::string> ids;
    DocumentNumber after = DocumentNumber::kNone;
    do {
      const auto page =
          engine_->ListDocuments("", after, page_size, false, kMaxPageBytes, filter);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const StoredDocument& stored : page->documents) ids.push_back(stored.document.id);
      after = page->next;
    } while (after != DocumentNumber::kNone);
    return ids;
  }
};

TEST_F(EngineWritesTest, ALateRetryDoesNotOverwriteANewerText) {
  const Decision first = Submit(WithId(1, "a"));
  const Decision second = *SubmitExpecting(WithId(2, "a"), first.sequence);
  EXPECT_EQ(second.outcome, Outcome::kUpdated);
  const absl::Status late = SubmitExpecting(WithId(3, "a"), first.sequence).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(late), ErrorReason::kSequenceMismatch);
  const absl::StatusOr<Decision> again = SubmitExpecting(WithId(2, "a"), first.sequence);
  ASSERT_TRUE(again.ok()) << "a repetition of what stands: " << again.status();
  EXPECT_EQ(again->outcome, Outcome::kUnchanged);
}

TEST_F(EngineWritesTest, SequenceZeroMeansThatNothingStands) {
  EXPECT_TRUE(SubmitExpecting(WithId(1, "a"), 0).ok());
  EXPECT_EQ(ReasonOf(SubmitExpecting(WithId(2, "a"), 0).status()), ErrorReason::kSequenceMismatch);
  EXPECT_EQ(ReasonOf(SubmitExpecting(WithId(2, "b"), 7).status()), ErrorReason::kSequenceMismatch);
  ASSERT_TRUE(Delete("a").ok());
  EXPECT_TRUE(SubmitExpecting(WithId(2, "a"), 0).ok());
}

TEST_F(EngineWritesTest, ADeletionMayExpectASequence) {
  const Decision first = Submit(WithId(1, "a"));
  const Decision second = Submit(WithId(2, "a"));
  EXPECT_EQ(ReasonOf(DeleteWith("a", {.expected_sequence = first.sequence}).status()),
            ErrorReason::kSequenceMismatch);
  EXPECT_TRUE(DeleteWith("a", {.expected_sequence = second.sequence})->deleted);
  EXPECT_FALSE(DeleteWith("a", {.expected_sequence = second.sequence})->deleted) << "idempotent";
}

TEST_F(EngineWritesTest, ABlockedIdIsNotTakenUntilItIsUnblocked) {
  Submit(WithId(1, "a"));
  const auto deletion = DeleteWith("a", {.reason = "court", .block = true});
  ASSERT_TRUE(deletion.ok()) << deletion.status();
  EXPECT_TRUE(deletion->tombstone.blocked);
  Open();
  const absl::Status refused = engine_->Submit("", WithId(1, "a")).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(refused), ErrorReason::kDocumentBlocked);
  EXPECT_TRUE(DeleteWith("a", {})->tombstone.blocked) << "deleting again leaves the block";
  const auto unblocked = engine_->Unblock("", "a");
  ASSERT_TRUE(unblocked.ok()) << unblocked.status();
  EXPECT_TRUE(unblocked->unblocked);
  EXPECT_EQ(unblocked->tombstone->reason, "court");
  EXPECT_GT(unblocked->tombstone->sequence, deletion->tombstone.sequence);
  EXPECT_FALSE(engine_->Unblock("", "a")->unblocked) << "idempotent";
  Submit(WithId(1, "a"));
  EXPECT_FALSE(engine_->Unblock("", "a")->tombstone.has_value()) << "a document stands";
}

TEST_F(EngineWritesTest, AnIdMayBeBlockedBeforeOrAfterItIsDeleted) {
  EXPECT_EQ(DeleteWith("never", {}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(engine_->Unblock("", "never").status().code(), absl::StatusCode::kNotFound);
  const auto blocked = DeleteWith("never", {.reason = "court", .block = true});
  ASSERT_TRUE(blocked.ok()) << blocked.status();
  EXPECT_FALSE(blocked->deleted);
  EXPECT_EQ(ReasonOf(engine_->Submit("", WithId(1, "never")).status()),
            ErrorReason::kDocumentBlocked);
  Submit(WithId(2, "a"));
  ASSERT_TRUE(DeleteWith("a", {.reason = "mistake"}).ok());
  const auto later = DeleteWith("a", {.block = true});
  EXPECT_TRUE(later->tombstone.blocked);
  EXPECT_EQ(later->tombstone.reason, "mistake");
  EXPECT_FALSE(later->deleted);
}

TEST_F(EngineWritesTest, DocumentsAreListedInEitherOrderInPages) {
  for (uint64_t i = 1; i <= 5; ++i) Submit(WithId(i, std::string(1, 'a' + i - 1)));
  EXPECT_EQ(List({}, 2), (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(List({.newest_first = true}, 2), (std::vector<std::string>{"e", "d", "c", "b", "a"}));
  Submit(WithId(9, "b"));  // a new version is a new document
  ASSERT_TRUE(Delete("c").ok());
  EXPECT_EQ(List({}), (std::vector<std::string>{"a", "d", "e", "b"}));
}

TEST_F(EngineWritesTest, ListsFilterByPublisherAndTime) {
  const auto at = [](int day) {
    return absl::FromCivil(absl::CivilDay(2026, 3, day), absl::UTCTimeZone());
  };
  for (int day = 1; day <= 6; ++day) {
    Document document = WithId(100 + day, std::to_string(day));
    document.publisher = day % 2 == 0 ? "한국신문" : "대한일보";
    document.published_at = at(day);
    Submit(std::move(document));
  }
  EXPECT_EQ(List({.publisher = "한국신문"}), (std::vector<std::string>{"2", "4", "6"}));
  EXPECT_EQ(List({.published_from = at(3), .published_before = at(5)}),
            (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(List({.publisher = "대한일보", .published_from = at(2), .newest_first = true}, 1),
            (std::vector<std::string>{"5", "3"}));
  EXPECT_TRUE(List({.publisher = "없는신문"}).empty());
  const auto clusters = engine_->ListClusters(
      "", {}, 10, {.order = ClusterOrder::kNewest, .canonical = {.publisher = "한국신문"}});
  ASSERT_EQ(clusters->clusters.size(), 3u);
  EXPECT_EQ(clusters->clusters[0].canonical.document_id, "6");
}

TEST_F(EngineWritesTest, IdsHaveNoControlCharacters) {
  for (const char* id : {"a\nb", "a\tb", "\x7f", "a\xC2\x85"}) {
    EXPECT_EQ(Violation(engine_->Submit("", WithId(1, id)).status())->field, "document.id") << id;
  }
  EXPECT_TRUE(engine_->Submit("", WithId(1, "기사/1 é")).ok());
}

}  // namespace
}  // namespace wonbon
