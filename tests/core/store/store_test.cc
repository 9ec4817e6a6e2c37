// What is written is there, before and after a restart.
#include "core/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/store/store_fixture.h"

namespace wonbon {
namespace {

TEST_F(StoreTest, ANewStoreIsEmpty) {
  EXPECT_EQ(store_->last_sequence(), 0u);
  EXPECT_EQ(store_->store_id().size(), 32u);
  EXPECT_EQ(store_->EstimatedDocuments(), 0u);
  EXPECT_EQ(Image(), StoreImage());
}

TEST_F(StoreTest, AReopenedStoreShowsWhatWasWritten) {
  StoreImage expected;
  const std::string store_id = store_->store_id();
  const Seed seed = store_->seed();
  std::vector<Change> group;
  for (Sequence sequence = 1; sequence <= 50; ++sequence) {
    group.push_back(FoundingChange(&records_, sequence, absl::StrCat("id-", sequence)));
    if (sequence % 10 == 0) {
      const CollectionNumber number{static_cast<uint32_t>(sequence)};
      group.back().collections.push_back(records_.Collection(number));
      ASSERT_TRUE(store_->Write(group).ok());
      group.clear();
    }
  }
  const StoreImage before = Image();
  EXPECT_EQ(before.entries.size(), 50u);
  EXPECT_EQ(before.clusters.size(), 50u);
  EXPECT_EQ(before.collections.size(), 5u);
  EXPECT_EQ(before.events.size(), 50u);
  EXPECT_EQ(before.last_sequence, 50u);
  Open();
  EXPECT_EQ(Image(), before);
  EXPECT_EQ(store_->store_id(), store_id);
  EXPECT_EQ(store_->seed(), seed);
  EXPECT_EQ(store_->EstimatedDocuments(), 50u);
}

TEST_F(StoreTest, ADocumentReadsBackAsItWasWritten) {
  const Change change = FoundingChange(&records_, 1, "id", 5'000);
  Write(change);
  const NewDocument& added = change.added[0];
  auto head = store_->Snapshot()->ReadContent(added.entry.number, false);
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(*head, added.content);
  auto whole = store_->Snapshot()->ReadContent(added.entry.number, true);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(PackBody(whole->document.body), added.packed_body);
  EXPECT_GE(whole->document.body.size(), 5'000u);
  auto fingerprint = store_->Snapshot()->ReadFingerprint(added.entry.number);
  ASSERT_TRUE(fingerprint.ok()) << fingerprint.status();
  EXPECT_EQ(*fingerprint, added.fingerprint);
}

TEST_F(StoreTest, AnUnknownNumberIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadContent(DocumentNumber{9}, true).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadFingerprint(DocumentNumber{9}).status()));
}

TEST_F(StoreTest, AChangedEntryReplacesTheOneBefore) {
  const Change change = FoundingChange(&records_, 1, "id");
  Write(change);
  Change later;
  later.sequence = 2;
  later.changed.push_back(change.added[0].entry);
  later.changed[0].cluster = ClusterId{77};
  Write(later);
  ASSERT_EQ(Image().entries.size(), 1u);
  EXPECT_EQ(Image().entries[0], later.changed[0]);
}

TEST_F(StoreTest, ARedirectTakesThePlaceOfTheMergedCluster) {
  Write(FoundingChange(&records_, 1, "a"));
  Write(FoundingChange(&records_, 2, "b"));
  Write(MergingChange(3, ClusterId{2}, ClusterId{1}));
  Open();
  const StoreImage image = Image();
  ASSERT_EQ(image.clusters.size(), 1u);
  EXPECT_EQ(image.clusters[0].id, ClusterId{1});
  EXPECT_THAT(image.redirects, testing::ElementsAre(Redirect{ClusterId{2}, ClusterId{1}}));
}

TEST_F(StoreTest, DocumentsAreVisitedByAscendingNumber) {
  std::vector<Change> group;
  for (const uint64_t number : {300ul, 5ul, 1'000'000'000'000ul, 255ul, 256ul}) {
    group.push_back(FoundingChange(&records_, group.size() + 1, absl::StrCat(number)));
    group.back().added[0].entry.number = DocumentNumber{number};
  }
  ASSERT_TRUE(store_->Write(group).ok());
  std::vector<uint64_t> numbers;
  for (const DocumentEntry& entry : Image().entries) {
    numbers.push_back(static_cast<uint64_t>(entry.number));
  }
  EXPECT_THAT(numbers, testing::ElementsAre(5, 255, 256, 300, 1'000'000'000'000));
}

TEST_F(StoreTest, AVisitorsErrorEndsTheVisit) {
  Write(FoundingChange(&records_, 1, "a"));
  Write(FoundingChange(&records_, 2, "b"));
  int seen = 0;
  StoreSnapshot::Visitor visitor;
  visitor.cluster = [](auto) { return absl::OkStatus(); };
  visitor.document = [&seen](const auto&, auto) {
    ++seen;
    return absl::CancelledError("enough");
  };
  EXPECT_TRUE(absl::IsCancelled(store_->Snapshot()->VisitAll(visitor)));
  EXPECT_EQ(seen, 1);
}

TEST_F(StoreTest, SequencesMustAscend) {
  Write(FoundingChange(&records_, 5, "a"));
  const StoreImage before = Image();
  const Change again = FoundingChange(&records_, 5, "b");
  EXPECT_EQ(store_->Write({&again, 1}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Image(), before);
}

TEST_F(StoreTest, ABlobIsReplacedWholeAndSurvivesReopening) {
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadBlob("df").status()));
  ASSERT_TRUE(store_->WriteBlob("df", std::string(3 << 20, 'x')).ok());
  ASSERT_TRUE(store_->WriteBlob("df", std::string("a\0b", 3)).ok());
  Open();
  EXPECT_EQ(*store_->Snapshot()->ReadBlob("df"), std::string("a\0b", 3));
  EXPECT_TRUE(absl::IsNotFound(store_->Snapshot()->ReadBlob("d").status()));
}

TEST_F(StoreTest, AsynchronousWritesAreThereAfterACleanClose) {
  options_.durability = Durability::kAsync;
  Open();
  for (Sequence sequence = 1; sequence <= 20; ++sequence) {
    Write(FoundingChange(&records_, sequence, absl::StrCat(sequence)));
  }
  ASSERT_TRUE(store_->Flush().ok());
  const StoreImage before = Image();
  Open();
  EXPECT_EQ(Image(), before);
}

TEST_F(StoreTest, BytesOnDiskGrowWithWhatIsWritten) {
  const uint64_t before = store_->BytesOnDisk();
  EXPECT_GT(before, 0u);
  Change change = FoundingChange(&records_, 1, "id");
  change.added[0].packed_body = PackBody(records_.Bytes(0)) + std::string(1 << 20, 'x');
  Write(change);
  EXPECT_GE(store_->BytesOnDisk(), before + (1 << 20));
}

TEST_F(StoreTest, ReadersSeeWholeDocumentsWhileOneThreadWrites) {
  constexpr Sequence kLast = 600;
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([this, &done] {
      while (!done) {
        const Sequence last = store_->last_sequence();
        if (last < 2) continue;
        // Even numbers are removed by their followers; odd ones stay.
        const DocumentNumber odd{last - 1 + last % 2};
        EXPECT_TRUE(store_->Snapshot()->ReadContent(odd, true).ok());
        const auto even = store_->Snapshot()->ReadContent(DocumentNumber{last - last % 2}, true);
        EXPECT_TRUE(even.ok() || absl::IsNotFound(even.status())) << even.status();
        EXPECT_TRUE(store_->Snapshot()->FindId(kNews, absl::StrCat(last)).ok());
      }
    });
  }
  const Change model = FoundingChange(&records_, 1, "1", 200);
  for (Sequence sequence = 1; sequence <= kLast; ++sequence) {
    Change change = model;
    change.sequence = sequence;
    change.added[0].entry.number = DocumentNumber{sequence};
    change.added[0].content.document.id = absl::StrCat(sequence);
    if (sequence % 2 == 1 && sequence > 1) {
      change.removed.push_back(Removal(DocumentNumber{sequence - 1}, absl::StrCat(sequence - 1)));
    }
    Write(change);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(store_->EstimatedDocuments(), kLast / 2 + 1);
}

}  // namespace
}  // namespace wonbon
