// The engine on a disk that is full for a while: what failed has never been.
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "tests/core/engine_fixture.h"
#include "tests/core/store/failing_disk.h"

namespace wonbon {
namespace {

using Fault = FailingDisk::Fault;

class EngineFailureTest : public EngineTest {
 protected:
  void SetUp() override {
    Reopen();
    EngineTest::SetUp();
  }
  void TearDown() override { engine_ = nullptr; }  // before its disk

  void Reopen() {
    Engine::Options options;
    options.store.env = disk_.env();
    Open(std::move(options));
  }
  // What CheckWritable says after one attempt.
  absl::Status Resume() {
    absl::Notification done;
    const absl::Status queued = engine_->ResumeWrites([&done] { done.Notify(); });
    EXPECT_TRUE(queued.ok()) << queued;
    done.WaitForNotification();
    return engine_->CheckWritable();
  }

  // Submits `documents` as one group, which cannot be written, then lets writes resume.
  void FailToSubmit(std::vector<Document> documents) {
    disk_.Fail(Fault::kSync, ".log");
    std::vector<std::unique_ptr<Submission>> batch;
    for (Document& document : documents) {
      auto prepared = engine_->Prepare("", std::move(document));
      ASSERT_TRUE(prepared.ok()) << prepared.status();
      batch.push_back(*std::move(prepared));
    }
    absl::Notification done;
    const absl::Status queued =
        engine_->Enqueue(std::move(batch), {}, [&](std::vector<absl::StatusOr<Decision>> answers) {
          for (const absl::StatusOr<Decision>& answer : answers) {
            EXPECT_TRUE(absl::IsResourceExhausted(answer.status())) << answer.status();
          }
          done.Notify();
        });
    ASSERT_TRUE(queued.ok()) << queued;
    done.WaitForNotification();
    EXPECT_TRUE(absl::IsResourceExhausted(engine_->CheckWritable()));
    disk_.Fail(Fault::kNone);
    EXPECT_TRUE(Resume().ok());
  }

  FailingDisk disk_;
};

TEST_F(EngineFailureTest, CopiesFindTheirOriginalWhereAnotherDocumentFailedBefore) {
  FailToSubmit({Article(1), Article(2)});
  // These get the numbers that the failed ones had.
  const Decision third = Submit(Article(3));
  const Decision fourth = Submit(Article(4));
  for (const auto& [story, original] : {std::pair(3, third), std::pair(4, fourth)}) {
    const Decision copy = Submit(Reprint(Article(story), absl::StrCat("copy-", story)));
    EXPECT_EQ(copy.cluster, original.cluster);
    EXPECT_EQ(copy.relation, Relation::kExact);
    ASSERT_TRUE(copy.best_match.has_value());
    EXPECT_EQ(copy.best_match->document_id, absl::StrCat("story-", story));
    EXPECT_EQ(copy.best_match->jaccard, 1);
  }
}

TEST_F(EngineFailureTest, WhatFailedIsNewWhenItComesAgain) {
  const Decision first = Submit(Article(1));
  Document revised = Article(1);
  revised.body += "\n\n바로잡습니다. 앞선 보도에서 행사 장소를 잘못 적어 고칩니다.";
  FailToSubmit({revised, Article(2), Reprint(Article(1), "copy")});
  EXPECT_EQ(Get("story-1").document.body, Article(1).body);
  EXPECT_TRUE(absl::IsNotFound(engine_->GetDocument("", "story-2", false).status()));
  EXPECT_EQ(engine_->GetStats().documents, 1u);

  EXPECT_EQ(Submit(Article(2)).outcome, Outcome::kCreated);
  EXPECT_EQ(Submit(Reprint(Article(2), "copy-2")).canonical.document_id, "story-2");
  const Decision again = Submit(Reprint(Article(1), "copy"));
  EXPECT_EQ(again.outcome, Outcome::kCreated);
  EXPECT_EQ(again.cluster, first.cluster);
  EXPECT_EQ(Submit(revised).outcome, Outcome::kUpdated);
}

TEST_F(EngineFailureTest, RarityDoesNotCountDocumentsThatFailed) {
  Submit(Article(1));
  // The second half of the story below a longer one of its own.
  const std::string body = Article(1).body;
  const std::string half = body.substr(body.find("다. ", body.size() / 2) + 5);
  Document partial = Article(2, 30);
  partial.body += "\n\n" + half;
  const auto rarity = [&] {
    const auto comparison = engine_->Compare("", {.id = "story-1"}, {.document = partial}, false);
    EXPECT_TRUE(comparison.ok()) << comparison.status();
    return comparison->judgement.features.longest_run_rarity;
  };
  const double before = rarity();
  ASSERT_GT(before, 0);
  // Founders enough for the next table of frequencies, in which that half is common.
  std::vector<Document> failing;
  for (uint64_t i = 0; i < 600; ++i) {
    failing.push_back(Article(1'000 + i, 30));
    failing.back().body += "\n\n" + half;
  }
  FailToSubmit(std::move(failing));
  EXPECT_EQ(rarity(), before);
}

TEST_F(EngineFailureTest, OnAFullDiskReadsAndWhatChangesNothingGoOn) {
  const Decision first = Submit(Article(1));
  disk_.Fail(Fault::kAppend, ".log");
  EXPECT_TRUE(absl::IsResourceExhausted(engine_->Submit("", Article(2)).status()));
  disk_.SetFreeBytes(0);
  for (int attempt = 0; attempt < 200; ++attempt) {
    EXPECT_TRUE(absl::IsResourceExhausted(Resume()));
    const absl::Status refused = engine_->Submit("", Article(2)).status();
    EXPECT_EQ(ReasonOf(refused), ErrorReason::kDiskFull) << refused;
    EXPECT_EQ(Get("story-1").document.body, Article(1).body);
  }
  EXPECT_EQ(Submit(Article(1)).outcome, Outcome::kUnchanged);
  auto check = engine_->Prepare("", Reprint(Article(1), "copy"), Engine::Purpose::kCheck);
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(engine_->Check(**check, {})->cluster, first.cluster);
  disk_.Fail(Fault::kNone);
  disk_.SetFreeBytes(1 << 30);
  EXPECT_TRUE(Resume().ok());
  EXPECT_EQ(Submit(Reprint(Article(1), "copy")).cluster, first.cluster);
}

TEST_F(EngineFailureTest, AStartOnAFullDiskReadsAndWritesWhenThereIsRoom) {
  const Decision first = Submit(Article(1));
  disk_.SetFreeBytes(0);
  Reopen();
  EXPECT_TRUE(absl::IsResourceExhausted(engine_->CheckWritable()));
  EXPECT_EQ(Get("story-1").document.body, Article(1).body);
  EXPECT_FALSE(engine_->Submit("", Article(2)).ok());
  EXPECT_FALSE(Resume().ok());
  disk_.SetFreeBytes(1 << 30);
  ASSERT_TRUE(Resume().ok());
  EXPECT_EQ(Get("story-1").document.body, Article(1).body);
  EXPECT_EQ(Submit(Reprint(Article(1), "copy")).cluster, first.cluster);
  Reopen();
  EXPECT_EQ(Get("copy").document.body, Article(1).body);
}

}  // namespace
}  // namespace wonbon
