// What an engine answers is a function of the commands before it: one that was restarted and killed
// between them, and took them in other groups, is equal to one that ran through. Document
// frequencies are counted in short paces here, so that many snapshots and blobs are met.
//
// WONBON_HISTORY_SEEDS=FIRST-LAST runs those seeds instead.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/engine.h"
#include "core/error.h"
#include "tests/core/second_engine.h"
#include "tests/oracle/command_sequence.h"
#include "tests/temporary_folder.h"

namespace wonbon {
namespace {

constexpr int kSteps = 90;
constexpr RarityPace kPace{
    .fewest_founders = 2, .most_founders = 6, .founders_per_blob = 10, .table_bytes = 1 << 14};
const absl::Time kStart = absl::FromUnixSeconds(1'770'000'000);

std::string Said(const absl::Status& status) {
  return absl::StrCat(absl::StatusCodeToString(status.code()), " ", status.message(), "\n");
}

// Commands of one moment.
struct Step {
  enum class Kind { kSubmit, kDelete, kExpire, kCreate, kDrop };
  Kind kind = Kind::kSubmit;
  std::string collection;
  std::vector<Document> documents;  // kSubmit
  std::vector<std::string> ids;     // kDelete
  absl::Duration passes;            // before it, on the clock
};

// Newsroom commands, gathered into batches and spread over collections that come and go.
class Script {
 public:
  explicit Script(uint64_t seed) : commands_(seed, kStart), random_(seed ^ 0x5c) {}

  std::vector<Step> Write(int steps) {
    std::vector<Step> script;
    for (int i = 0; i < steps; ++i) script.push_back(Next());
    return script;
  }

 private:
  Step Next() {
    if (random_.Chance(4)) return ChangeCollections();
    if (random_.Chance(5) && !sent_.empty()) return DeleteSome();
    oracle::Command command = commands_.Next();
    Step step{.collection = Somewhere(), .documents = {}, .ids = {}, .passes = command.passes};
    switch (command.kind) {
      case oracle::Command::Kind::kDelete:
        step.kind = Step::Kind::kDelete;
        step.ids.push_back(command.id);
        return step;
      case oracle::Command::Kind::kExpire:
        step.kind = Step::Kind::kExpire;
        return step;
      default:
        break;
    }
    Add(std::move(command.document), step);
    // What follows at once.
    for (int more = random_.Chance(30) ? random_.Between(1, 8) : 0; more > 0; --more) {
      command = commands_.Next();
      if (command.kind != oracle::Command::Kind::kSubmit) break;
      step.passes += command.passes;
      Add(std::move(command.document), step);
    }
    return step;
  }
  void Add(Document document, Step& step) {
    sent_.emplace_back(step.collection, document.id);
    step.documents.push_back(std::move(document));
  }

  std::string Somewhere() {
    return fleeting_.empty() || random_.Chance(75) ? "default" : random_.Pick(fleeting_);
  }

  Step ChangeCollections() {
    Step step{.documents = {}, .ids = {}, .passes = {}};
    if (fleeting_.size() < 2) {
      step.kind = Step::Kind::kCreate;
      step.collection = absl::StrCat("fleeting-", ++made_);
      fleeting_.push_back(step.collection);
    } else {
      step.kind = Step::Kind::kDrop;
      step.collection = fleeting_.front();
      fleeting_.erase(fleeting_.begin());
    }
    return step;
  }

  Step DeleteSome() {
    Step step{.kind = Step::Kind::kDelete,
              .collection = sent_[random_.Below(sent_.size())].first,
              .documents = {},
              .ids = {},
              .passes = {}};
    for (int left = random_.Between(2, 12); left > 0; --left) {
      const auto& [where, id] = sent_[random_.Below(sent_.size())];
      if (where == step.collection) step.ids.push_back(id);
    }
    return step;
  }

  oracle::CommandSequence commands_;
  corpus::Random random_;
  std::vector<std::string> fleeting_;
  std::vector<std::pair<std::string, std::string>> sent_;
  int made_ = 0;
};

// An engine on a folder, and the commands it is given.
class Runner {
 public:
  Runner(const std::filesystem::path& dir, const std::filesystem::path& seed)
      : dir_(dir), seed_(seed) {
    Open();
    EXPECT_TRUE(engine_->EnsureDefaultCollection().ok());
    EXPECT_TRUE(engine_->UpdateCollection("default", {.retention = absl::Hours(24 * 20)}).ok());
  }

  // All that is answered; documents and ids in groups of up to `chunk`.
  std::string Run(const Step& step, size_t chunk) {
    now_ += step.passes;
    switch (step.kind) {
      case Step::Kind::kSubmit:
        return Submit(step, chunk);
      case Step::Kind::kDelete:
        return Delete(step, chunk);
      case Step::Kind::kExpire: {
        const auto expired = engine_->ExpireDocuments();
        return expired.ok() ? absl::StrCat("expired ", *expired) : Said(expired.status());
      }
      case Step::Kind::kCreate: {
        const auto made = engine_->CreateCollection(step.collection, {});
        return absl::StrCat("created ", Said(made.status()));
      }
      case Step::Kind::kDrop: {
        const auto dropped = engine_->DeleteCollection(step.collection, /*force=*/true);
        return absl::StrCat("dropped ", dropped.ok() ? *dropped : 0);
      }
    }
    return "";
  }

  // In order, so that the next start reads an image, or without a word.
  void Restart(bool in_order) {
    if (in_order) {
      EXPECT_TRUE(engine_->Drain().ok());
    }
    engine_ = nullptr;
    Open();
    EXPECT_TRUE(!in_order || engine_->not_from_image().ok()) << engine_->not_from_image();
  }

  // Runs a step and is killed before it is answered for the last time: `after_write`: when its last
  // group is on disk but not published; else as if nothing of it had been written.
  std::string RunAndKill(const Step& step, size_t chunk, bool after_write) {
    const std::filesystem::path copy = absl::StrCat(dir_.string(), "+");
    const absl::Time before = now_;
    if (!after_write) Copy(copy);
    copy_to_ = after_write ? copy : std::filesystem::path();
    const std::string answer = Run(step, chunk);
    copy_to_.clear();
    if (!std::filesystem::exists(copy)) return answer;  // nothing was written
    engine_ = nullptr;
    std::filesystem::remove_all(dir_);
    dir_ = copy;
    Open();
    if (after_write) return answer;
    now_ = before;
    const std::string again = Run(step, chunk);
    EXPECT_EQ(again, answer);
    return again;
  }

  std::string Everything() const {
    std::string all = TwoEngines::Export(*engine_);
    for (const Engine::CollectionView& collection : engine_->ListCollections()) {
      const auto page = engine_->ReadEvents(collection.record.name, 0, 1'000'000);
      if (!page.ok()) continue;  // made after another one of this name
      for (const ClusterEvent& event : page->events) {
        absl::StrAppend(&all, event.sequence, " ", static_cast<int>(event.type), " ",
                        FormatClusterId(event.cluster), " ", event.document_id, " ",
                        event.committed_us, "\n");
      }
    }
    return absl::StrCat(all, engine_->GetStats(/*with_state_digest=*/true).state_digest);
  }

 private:
  void Open() {
    engine_ = nullptr;
    Engine::Options options;
    options.store.dir = dir_;
    options.store.seed_file = seed_;
    // Without fsync a kill leaves out the sequences that were set aside (witness.h).
    options.store.durability = Durability::kSync;
    options.rarity_pace = kPace;
    options.now = [this] { return now_; };
    options.before_publish = [this] {
      if (!copy_to_.empty()) Copy(copy_to_);
    };
    absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Open(std::move(options));
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }

  // The folder as a kill would leave it: of one moment, although the database compacts on its own.
  void Copy(const std::filesystem::path& to) const {
    for (int attempt = 0; attempt < 100; ++attempt) {
      const auto before = Listing(dir_);
      std::error_code failed;
      std::filesystem::remove_all(to);
      std::filesystem::copy(dir_, to, std::filesystem::copy_options::recursive, failed);
      if (!failed && Listing(dir_) == before && Listing(to) == before) return;
      absl::SleepFor(absl::Milliseconds(20));
    }
    ADD_FAILURE() << "the database does not come to rest";
  }
  static std::map<std::string, uintmax_t> Listing(const std::filesystem::path& dir) {
    std::map<std::string, uintmax_t> sizes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
      std::error_code gone;
      const uintmax_t size = entry.is_regular_file(gone) ? entry.file_size(gone) : 0;
      sizes[entry.path().lexically_relative(dir).string()] = size;
    }
    return sizes;
  }

  std::string Submit(const Step& step, size_t chunk) {
    std::string answer;
    for (size_t begin = 0; begin < step.documents.size(); begin += chunk) {
      const size_t end = std::min(begin + chunk, step.documents.size());
      std::vector<std::unique_ptr<Submission>> batch;
      for (size_t i = begin; i < end; ++i) {
        auto submission = engine_->Prepare(step.collection, step.documents[i]);
        if (!submission.ok()) return answer + Said(submission.status());
        engine_->Prejudge(**submission);
        batch.push_back(*std::move(submission));
      }
      absl::Notification done;
      const absl::Status queued = engine_->Enqueue(
          std::move(batch), {}, [&](const std::vector<absl::StatusOr<Decision>>& decisions) {
            for (const auto& decision : decisions) {
              absl::StrAppend(&answer, decision.ok()
                                           ? absl::StrCat(TwoEngines::Told(*decision), " at ",
                                                          decision->sequence, "\n")
                                           : Said(decision.status()));
            }
            done.Notify();
          });
      EXPECT_TRUE(queued.ok()) << queued;
      done.WaitForNotification();
    }
    return answer;
  }

  std::string Delete(const Step& step, size_t chunk) {
    std::string answer;
    for (size_t begin = 0; begin < step.ids.size(); begin += chunk) {
      const size_t end = std::min(begin + chunk, step.ids.size());
      absl::Notification done;
      const absl::Status queued = engine_->Delete(
          step.collection, {step.ids.begin() + begin, step.ids.begin() + end}, {.reason = "gone"},
          [&](const std::vector<absl::StatusOr<Engine::Deletion>>& results) {
            for (const auto& result : results) {
              absl::StrAppend(&answer, result.ok() ? absl::StrCat("deleted at ",
                                                                  result->tombstone.sequence, "\n")
                                                   : Said(result.status()));
            }
            done.Notify();
          });
      if (!queued.ok()) return answer + Said(queued);
      done.WaitForNotification();
    }
    return answer;
  }

  std::filesystem::path dir_;
  const std::filesystem::path seed_;
  std::filesystem::path copy_to_;  // at the next publication
  absl::Time now_ = kStart;
  std::unique_ptr<Engine> engine_;
};

void RunThroughAndDisturbed(uint64_t seed) {
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  TemporaryFolder folder;
  const std::filesystem::path secret = folder.path() / "seed";
  std::ofstream(secret) << "sixteen seed bys";
  std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
  Runner calm(folder.path() / "calm", secret);
  Runner disturbed(folder.path() / "disturbed", secret);
  corpus::Random random(seed * 31 + 7);
  const std::vector<Step> script = Script(seed).Write(kSteps);
  for (size_t i = 0; i < script.size(); ++i) {
    SCOPED_TRACE(absl::StrCat("step ", i));
    const std::string expected = calm.Run(script[i], 1);
    const size_t chunk = 1 + random.Below(12);
    const bool kill = random.Chance(6);
    const bool after_write = random.Chance(50);
    const std::string answer = kill ? disturbed.RunAndKill(script[i], chunk, after_write)
                                    : disturbed.Run(script[i], chunk);
    ASSERT_EQ(answer, expected);
    if (random.Chance(6)) disturbed.Restart(/*in_order=*/random.Chance(50));
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_EQ(disturbed.Everything(), calm.Everything());
  disturbed.Restart(/*in_order=*/true);
  EXPECT_EQ(disturbed.Everything(), calm.Everything());
}

TEST(HistoryTest, RestartsAndKillsLeaveNoTrace) {
  unsigned long long first = 1;
  unsigned long long last = 24;
  if (const char* seeds = std::getenv("WONBON_HISTORY_SEEDS")) {
    ASSERT_EQ(std::sscanf(seeds, "%llu-%llu", &first, &last), 2);
  }
  std::printf("seeds %llu to %llu\n", first, last);
  for (uint64_t seed = first; seed <= last && !HasFailure(); ++seed) {
    RunThroughAndDisturbed(seed);
    if (seed % 50 == 0) std::printf("equal to seed %llu\n", static_cast<unsigned long long>(seed));
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace wonbon
