// A data folder that is damaged in part: what is whole is served, told, and saved.
#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "core/cluster/election.h"
#include "core/store/salvage.h"
#include "core/store/verify.h"
#include "core/store/witness.h"
#include "tests/core/engine_fixture.h"
#include "tests/core/store/test_folder.h"

namespace wonbon {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class EngineDamageTest : public EngineTest {
 protected:
  void SubmitAll(std::vector<Document> documents) {
    std::vector<std::unique_ptr<Submission>> batch;
    for (Document& document : documents) {
      auto submission = engine_->Prepare("", std::move(document));
      ASSERT_TRUE(submission.ok()) << submission.status();
      batch.push_back(*std::move(submission));
    }
    absl::Notification done;
    const absl::Status queued = engine_->Enqueue(
        std::move(batch), {}, [&](const std::vector<absl::StatusOr<Decision>>& decisions) {
          for (const auto& decision : decisions) EXPECT_TRUE(decision.ok()) << decision.status();
          done.Notify();
        });
    ASSERT_TRUE(queued.ok()) << queued;
    done.WaitForNotification();
  }
  // Stories, some with reprints; ids "story-N" and "reprint-N".
  void SubmitStories(uint64_t stories) {
    std::vector<Document> documents;
    for (uint64_t i = 0; i < stories; ++i) {
      documents.push_back(Article(i, 8));
      ids_.push_back(documents.back().id);
      if (i % 3 != 0) continue;
      documents.push_back(Reprint(documents.back(), absl::StrCat("reprint-", i)));
      ids_.push_back(documents.back().id);
    }
    SubmitAll(std::move(documents));
  }
  std::string Database(const std::string& dir) const { return dir + "/db"; }
  std::string Folder() const { return folder_.path().string(); }
  // A copy of the folder; the engine is closed first where it is to stop in order.
  std::string Copy(const std::string& name) {
    const std::string copy = others_.path(name);
    fs::remove_all(copy);
    CopyFolderInUse(Folder(), copy);
    return copy;
  }
  std::string Everything(const std::string& id) {
    const StoredDocument stored = Get(id);
    return absl::StrCat(stored.document.title, "|", stored.document.body, "|",
                        static_cast<uint64_t>(stored.cluster), "|", stored.canonical_document_id,
                        "|", stored.sequence);
  }
  bool Verify(const std::string& dir) {
    lines_.clear();
    const absl::StatusOr<bool> whole =
        VerifyFolder(dir, [this](const std::string& line) { lines_ += line + "\n"; });
    EXPECT_TRUE(whole.ok()) << whole.status();
    return whole.ok() && *whole;
  }
  absl::StatusOr<SalvageReport> Salvage(const std::string& from, const std::string& to) {
    lines_.clear();
    SalvageOptions options{.from = from, .to = to, .elect = {}};
    options.elect = [](absl::Span<const DocumentEntry> members, const CollectionRecord& collection,
                       const std::function<std::string(DocumentNumber)>& id_of,
                       ClusterRecord* record) {
      const Election election = Elect(members, record->pinned, collection, id_of);
      record->canonical = election.canonical;
      record->reason = static_cast<uint8_t>(election.reason);
    };
    return SalvageFolder(options, [this](const std::string& line) { lines_ += line + "\n"; });
  }
  void OpenOther(const std::string& dir) {
    engine_ = nullptr;
    Engine::Options options;
    options.store.dir = dir;
    auto engine = Engine::Open(std::move(options));
    ASSERT_TRUE(engine.ok()) << engine.status() << "\n" << lines_;
    engine_ = *std::move(engine);
  }

  TestFolder others_;
  std::vector<std::string> ids_;
  std::string lines_;
};

TEST_F(EngineDamageTest, OneDamagedBodyIsNamedAndTheOthersAreServed) {
  SubmitStories(525);
  ASSERT_EQ(ids_.size(), 700u);
  engine_ = nullptr;
  ASSERT_TRUE(Verify(Folder())) << lines_;
  const auto blobs = FilesEnding(Database(Folder()), ".blob");
  ASSERT_EQ(blobs.size(), 1u);
  FlipByte(blobs[0], static_cast<int64_t>(fs::file_size(blobs[0]) / 2));
  Open();
  std::vector<std::string> damaged;
  for (const std::string& id : ids_) {
    const auto document = engine_->GetDocument("", id, /*with_body=*/true);
    if (document.ok()) continue;
    EXPECT_TRUE(absl::IsDataLoss(document.status())) << document.status();
    EXPECT_THAT(std::string(document.status().message()),
                testing::AllOf(HasSubstr(absl::StrCat("\"", id, "\"")), HasSubstr("db")));
    EXPECT_TRUE(engine_->GetDocument("", id, /*with_body=*/false).ok());
    damaged.push_back(id);
  }
  ASSERT_EQ(damaged.size(), 1u);
  // Told by its id, offline; the cure is to send it again.
  engine_ = nullptr;
  EXPECT_FALSE(Verify(Folder()));
  EXPECT_THAT(lines_, HasSubstr(absl::StrCat("document \"", damaged[0], "\"")));
  Open();
  const size_t dash = damaged[0].find('-');
  const Document whole = Article(std::stoull(damaged[0].substr(dash + 1)), 8);
  EXPECT_EQ(Submit(Reprint(whole, "later")).outcome, Outcome::kCreated);
  EXPECT_TRUE(Delete(damaged[0])->deleted);
  Document again = Article(1'000, 8);
  again.id = damaged[0];
  EXPECT_EQ(Submit(again).outcome, Outcome::kCreated);
  EXPECT_EQ(Get(damaged[0]).document.body, again.body);
}

TEST_F(EngineDamageTest, AWholeFolderIsSalvagedAsItIs) {
  SubmitStories(60);
  ASSERT_TRUE(Delete("story-4").ok());
  const auto events = engine_->ReadEvents("", 0, 10'000);
  std::vector<std::string> before;
  for (const std::string& id : ids_) before.push_back(id == "story-4" ? "" : Everything(id));
  const Engine::Stats stats = engine_->GetStats(/*with_state_digest=*/true);
  engine_ = nullptr;
  const std::string saved = others_.path("saved");
  const absl::StatusOr<SalvageReport> report = Salvage(Folder(), saved);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->left_out, 0u) << lines_;
  OpenOther(saved);
  const Engine::Stats after = engine_->GetStats(/*with_state_digest=*/true);
  EXPECT_EQ(after.state_digest, stats.state_digest);
  EXPECT_EQ(after.sequence, stats.sequence);
  EXPECT_NE(after.store_id, stats.store_id);
  for (size_t i = 0; i < ids_.size(); ++i) {
    if (!before[i].empty()) {
      EXPECT_EQ(Everything(ids_[i]), before[i]);
    }
  }
  EXPECT_EQ(engine_->GetDocument("", "story-4", false).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(engine_->ReadEvents("", 0, 10'000)->events.size(), events->events.size());
  engine_ = nullptr;
  EXPECT_TRUE(Verify(saved)) << lines_;
  // Nothing is written over.
  EXPECT_TRUE(absl::IsFailedPrecondition(Salvage(Folder(), saved).status()));
}

TEST_F(EngineDamageTest, WhateverFileIsDamagedTheRestIsSalvagedAndOpens) {
  SubmitStories(120);
  std::map<std::string, std::string> before;
  for (const std::string& id : ids_) {
    const StoredDocument stored = Get(id);
    before[id] = stored.document.title + stored.document.body;
  }
  const Sequence last = engine_->GetStats().sequence;
  engine_ = nullptr;
  const uint32_t seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  const std::string pristine = Copy("pristine");
  int saved_some = 0;
  int tries = 0;
  std::vector<std::string> files = FilesEnding(Database(pristine), ".sst");
  for (const std::string& blob : FilesEnding(Database(pristine), ".blob")) files.push_back(blob);
  ASSERT_GE(files.size(), 8u);
  for (const std::string& file : files) {
    for (int i = 0; i < 3; ++i, ++tries) {
      const std::string tried = Copy("tried");
      const std::string saved = others_.path("saved");
      fs::remove_all(saved);
      const std::string path = Database(tried) + "/" + fs::path(file).filename().string();
      const auto at = static_cast<int64_t>(random() % (i == 0 ? 60 : fs::file_size(path)));
      FlipByte(path, at);
      SCOPED_TRACE(absl::StrCat(path, " byte ", at, " seed ", seed));
      Verify(tried);
      const absl::StatusOr<SalvageReport> report = Salvage(tried, saved);
      ASSERT_TRUE(report.ok()) << report.status();
      OpenOther(saved);
      // The collection may have lost its name.
      std::string collection = "default";
      for (const Engine::CollectionView& view : engine_->ListCollections()) {
        if (view.record.name.starts_with("salvaged-")) collection = view.record.name;
      }
      size_t found = 0;
      for (const auto& [id, text] : before) {
        const auto document = engine_->GetDocument(collection, id, /*with_body=*/true);
        if (!document.ok()) {
          EXPECT_TRUE(absl::IsNotFound(document.status())) << document.status();
          continue;
        }
        EXPECT_EQ(document->document.title + document->document.body, text);
        ++found;
      }
      EXPECT_EQ(found, report->documents);
      if (found < before.size()) {
        EXPECT_GT(report->left_out, 0u);
      }
      if (found > before.size() / 2) ++saved_some;
      // It goes on, and gives no number out twice.
      EXPECT_GT(Submit(Article(2'000), collection).sequence, last);
      engine_ = nullptr;
      EXPECT_TRUE(Verify(saved)) << lines_;
    }
  }
  EXPECT_GE(saved_some, tries / 3);
}

TEST_F(EngineDamageTest, WhatACutLogLeavesIsSalvagedAndNoSequenceIsUsedTwice) {
  SubmitStories(60);
  const Sequence early = engine_->GetStats().sequence;
  SubmitAll({Article(500), Article(501), Article(502)});
  const Sequence last = engine_->GetStats().sequence;
  const std::string killed = Copy("killed");
  const auto logs = FilesEnding(Database(killed), ".log");
  ASSERT_EQ(logs.size(), 1u);
  fs::resize_file(logs[0], fs::file_size(logs[0]) - 100);
  Engine::Options options;
  options.store.dir = killed;
  const absl::Status refused = Engine::Open(std::move(options)).status();
  ASSERT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr(logs[0]));
  EXPECT_FALSE(Verify(killed));
  EXPECT_THAT(lines_, HasSubstr(logs[0]));
  const std::string saved = others_.path("saved");
  const absl::StatusOr<SalvageReport> report = Salvage(killed, saved);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->documents, ids_.size()) << lines_;
  EXPECT_GT(report->left_out, 0u);
  OpenOther(saved);
  EXPECT_EQ(engine_->GetStats().sequence, last);
  EXPECT_GT(Submit(Article(600)).sequence, last);
  // Who watched is told to look anew.
  EXPECT_TRUE(absl::IsOutOfRange(engine_->ReadEvents("", early, 10).status()));
}

}  // namespace
}  // namespace wonbon
