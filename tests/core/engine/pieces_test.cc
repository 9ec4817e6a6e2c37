// Long commands: what others wait for, in documents and judgements rather than in time.
#include "core/engine/pieces.h"

#include <algorithm>
#include <vector>

#include "absl/synchronization/notification.h"
#include "tests/core/engine_fixture.h"

namespace wonbon {
namespace {

class PiecesTest : public EngineTest {
 protected:
  PiecesTest() {
    Engine::Options options;
    options.before_publish = [this] {
      if (before_publish_) before_publish_();
    };
    options.on_changes = [this](absl::Span<const Change> changes) {
      groups_.emplace_back();
      for (const Change& change : changes) groups_.back().push_back(change.sequence);
    };
    options.on_commit = [this](const GroupTimes& times) { times_.push_back(times); };
    Open(std::move(options));
  }

  // Copies of one story, all in one cluster.
  std::vector<std::string> SubmitCopies(int copies, corpus::Kind kind, int sentences = 12) {
    corpus::Random random(11);
    const corpus::Story story = corpus::WriteStory(sentences, random);
    Document first = corpus::Publish(story, "copy-0", random);
    first.published_at = now_ - absl::Hours(2);
    std::vector<std::string> ids = {first.id};
    const ClusterId cluster = Submit(first).cluster;
    for (int i = 1; i < copies; ++i) {
      Document copy = corpus::Derive(story, first, kind, random);
      copy.id = "copy-" + std::to_string(i);
      copy.url = "https://" + copy.id + ".example/article";
      copy.published_at = *first.published_at + absl::Minutes(i);
      EXPECT_EQ(Submit(copy).cluster, cluster) << copy.id;
      ids.push_back(copy.id);
    }
    return ids;
  }

  struct Deleted {
    absl::Notification done;
    std::vector<absl::StatusOr<Engine::Deletion>> results;
  };
  void Delete(std::vector<std::string> ids, Deleted* deleted) {
    const absl::Status queued =
        engine_->Delete("", std::move(ids), {.reason = "taken down"},
                        [deleted](std::vector<absl::StatusOr<Engine::Deletion>> results) {
                          deleted->results = std::move(results);
                          deleted->done.Notify();
                        });
    ASSERT_TRUE(queued.ok()) << queued;
  }

  struct Submitted {
    absl::Notification done;
    Sequence sequence = 0;
  };
  void EnqueueForeign(uint64_t number, Submitted* submitted) {
    auto submission = engine_->Prepare("", Article(number));
    ASSERT_TRUE(submission.ok()) << submission.status();
    std::vector<std::unique_ptr<Submission>> batch;
    batch.push_back(*std::move(submission));
    const absl::Status queued = engine_->Enqueue(
        std::move(batch), {}, [submitted](std::vector<absl::StatusOr<Decision>> decisions) {
          if (decisions.front().ok()) submitted->sequence = decisions.front()->sequence;
          submitted->done.Notify();
        });
    ASSERT_TRUE(queued.ok()) << queued;
  }

  // The position of the group with this change.
  size_t GroupOf(Sequence sequence) const {
    for (size_t i = 0; i < groups_.size(); ++i) {
      if (std::count(groups_[i].begin(), groups_[i].end(), sequence) > 0) return i;
    }
    ADD_FAILURE() << "no group has change " << sequence;
    return 0;
  }

  // Both from the commit thread; read when all is answered.
  std::function<void()> before_publish_;
  std::vector<std::vector<Sequence>> groups_;
  std::vector<GroupTimes> times_;
};

TEST_F(PiecesTest, ASubmitBesideALongDeletionWaitsForOnePiece) {
  const std::vector<std::string> ids =
      SubmitCopies(2 * static_cast<int>(kMaxPieceDocuments) + 40, corpus::Kind::kExact);
  Submitted foreign;
  // Queued while the first piece is written.
  before_publish_ = [&, first = true]() mutable {
    if (std::exchange(first, false)) EnqueueForeign(1, &foreign);
  };
  groups_.clear();
  Deleted deleted;
  Delete(ids, &deleted);
  deleted.done.WaitForNotification();
  foreign.done.WaitForNotification();
  engine_->Drain().IgnoreError();
  ASSERT_EQ(deleted.results.size(), ids.size());
  for (const auto& result : deleted.results) ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_GE(groups_.size(), 3u);
  for (const auto& group : groups_) EXPECT_LE(group.size(), kMaxPieceDocuments + 1);
  EXPECT_LE(GroupOf(foreign.sequence), 1u);
}

TEST_F(PiecesTest, AGroupSaysWhatItTookWithoutTheStoreAndInIt) {
  Submit(Article(1));
  engine_->Drain().IgnoreError();
  ASSERT_EQ(times_.size(), groups_.size());
  for (size_t i = 0; i < groups_.size(); ++i) {
    EXPECT_EQ(times_[i].changes, groups_[i].size());
    EXPECT_GT(times_[i].deciding, absl::ZeroDuration());
    EXPECT_GT(times_[i].writing, absl::ZeroDuration());
  }
}

TEST_F(PiecesTest, WhatAGroupWaitsForOutsideTheStoreIsNotItsWriting) {
  before_publish_ = [] { absl::SleepFor(absl::Seconds(1)); };
  Submit(Article(1));
  engine_->Drain().IgnoreError();
  EXPECT_GE(times_.back().publishing, absl::Seconds(1));
  EXPECT_LT(times_.back().writing, absl::Seconds(1));
}

TEST_F(PiecesTest, DeletingReprintsJudgesNothing) {
  const std::vector<std::string> ids = SubmitCopies(100, corpus::Kind::kExact);
  const uint64_t judged = engine_->GetStats().judged_pairs;
  Deleted deleted;
  Delete(ids, &deleted);  // each is canonical copy when it goes
  deleted.done.WaitForNotification();
  EXPECT_EQ(engine_->GetStats().judged_pairs, judged);
  EXPECT_EQ(engine_->GetCollection("")->documents, 0u);
}

// How every pair was judged is kept with the family.
TEST_F(PiecesTest, DeletingFromAFamilyJudgesNothing) {
  const std::vector<std::string> ids = SubmitCopies(20, corpus::Kind::kLightEdit);
  const uint64_t judged = engine_->GetStats().judged_pairs;
  const ClusterId cluster = Get(ids[1]).cluster;
  Deleted deleted;
  Delete({ids[0]}, &deleted);
  deleted.done.WaitForNotification();
  ASSERT_TRUE(deleted.results[0].ok()) << deleted.results[0].status();
  EXPECT_EQ(engine_->GetStats().judged_pairs, judged);
  EXPECT_EQ(engine_->GetCluster("", cluster, false)->size, 19u);
}

// Past its limit a family is joined as it stands, and the answers say so.
TEST_F(PiecesTest, AFamilyThatIsTooLargeIsJoinedAsItStands) {
  const std::vector<std::string> ids =
      SubmitCopies(static_cast<int>(kMaxFamilyTexts) + 6, corpus::Kind::kLightEdit);
  EXPECT_EQ(Get(ids[1]).flags & kFlagTruncatedCandidates, 0);
  EXPECT_NE(Get(ids.back()).flags & kFlagTruncatedCandidates, 0);
  Deleted deleted;
  Delete({ids[0], ids[3], ids.back()}, &deleted);
  deleted.done.WaitForNotification();
  for (const auto& result : deleted.results) ASSERT_TRUE(result.ok()) << result.status();
  const ClusterId cluster = Get(ids[1]).cluster;
  EXPECT_EQ(engine_->GetCluster("", cluster, false)->size, kMaxFamilyTexts + 3);
}

TEST_F(PiecesTest, ALongBatchIsCommittedInPiecesUnlessItIsToBeWhole) {
  for (const bool whole : {false, true}) {
    std::vector<std::unique_ptr<Submission>> batch;
    const size_t documents = kMaxPieceDocuments + 40;
    for (size_t i = 0; i < documents; ++i) {
      auto submission = engine_->Prepare("", Article(1'000 * (whole + 1) + i));
      ASSERT_TRUE(submission.ok()) << submission.status();
      batch.push_back(*std::move(submission));
    }
    groups_.clear();
    absl::Notification done;
    const absl::Status queued =
        engine_->Enqueue(std::move(batch), {.whole = whole},
                         [&](const std::vector<absl::StatusOr<Decision>>& decisions) {
                           EXPECT_EQ(decisions.size(), documents);
                           done.Notify();
                         });
    ASSERT_TRUE(queued.ok()) << queued;
    done.WaitForNotification();
    if (whole) {
      EXPECT_EQ(groups_.size(), 1u);
    } else {
      EXPECT_GE(groups_.size(), 2u);
      for (const auto& group : groups_) EXPECT_LE(group.size(), kMaxPieceDocuments);
    }
  }
}

TEST_F(PiecesTest, ADrainEndsWhatWasBegun) {
  const std::vector<std::string> ids =
      SubmitCopies(static_cast<int>(kMaxPieceDocuments) + 40, corpus::Kind::kExact);
  Deleted deleted;
  Delete(ids, &deleted);
  ASSERT_TRUE(engine_->Drain().ok());
  ASSERT_TRUE(deleted.done.HasBeenNotified());
  for (const auto& result : deleted.results) ASSERT_TRUE(result.ok()) << result.status();
}

}  // namespace
}  // namespace wonbon
