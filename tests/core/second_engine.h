// Two engines with one seed: the first decides, the second applies what it is sent as bytes. Test
// only.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/engine.h"
#include "core/store/change_codec.h"
#include "tests/temporary_folder.h"

namespace wonbon {

class TwoEngines {
 public:
  TwoEngines() {
    const std::filesystem::path seed = folder_.path() / "seed";
    std::ofstream(seed) << "sixteen seed bys";
    std::filesystem::permissions(seed, std::filesystem::perms::owner_read);
    OpenFirst();
    OpenSecond();
    EXPECT_TRUE(first_->EnsureDefaultCollection().ok());
  }

  Engine& first() { return *first_; }
  Engine& second() { return *second_; }
  absl::Time& now() { return now_; }
  size_t changes() const { return changes_; }
  size_t bytes() const { return bytes_; }

  void OpenFirst() {
    first_ = nullptr;
    Engine::Options options = Options("first");
    options.on_changes = [this](absl::Span<const Change> changes) {
      for (const Change& change : changes) {
        log_.push_back(EncodeChange(change));
        bytes_ += log_.back().size();
      }
      changes_ += changes.size();
    };
    first_ = Opened(std::move(options));
  }
  void OpenSecond() {
    second_ = nullptr;
    second_ = Opened(Options("second"));
  }

  // The second engine applies all that the first has changed since. REQUIRES: the first is idle.
  void CatchUp() {
    std::vector<Change> changes;
    for (const std::string& bytes : std::exchange(log_, {})) {
      absl::StatusOr<Change> change = DecodeChange(bytes);
      ASSERT_TRUE(change.ok()) << change.status();
      changes.push_back(*std::move(change));
    }
    const absl::Status applied = second_->ApplyChanges(std::move(changes));
    ASSERT_TRUE(applied.ok()) << applied;
  }

  void ExpectEqual() {
    EXPECT_EQ(first_->GetStats(true).state_digest, second_->GetStats(true).state_digest);
    EXPECT_EQ(Export(*first_), Export(*second_));
  }

  // Every cluster with its canonical copy and its members, a line each.
  static std::string Export(const Engine& engine) {
    std::string text;
    for (const Engine::CollectionView& collection : engine.ListCollections()) {
      std::optional<ClusterPosition> after = ClusterPosition();
      do {
        auto page = engine.ListClusters(collection.record.name, *after, kMaxPageSize,
                                        {.with_members = true});
        EXPECT_TRUE(page.ok()) << page.status();
        if (!page.ok()) return text;
        for (const ClusterView& cluster : page->clusters) {
          absl::StrAppend(&text, collection.record.name, " ", FormatClusterId(cluster.id), " ",
                          cluster.canonical.document_id, " ", cluster.sequence, "\n");
          for (const ClusterMember& member : cluster.members) {
            absl::StrAppend(&text, "  ", member.document_id, " ",
                            static_cast<int>(member.relation), " ", member.sequence, "\n");
          }
        }
        after = page->next;
      } while (after);
    }
    return text;
  }

  // All that an answer says, but for the outcome and the sequence.
  static std::string Told(const Decision& decision) {
    std::string text =
        absl::StrCat(decision.document_id, " ", static_cast<int>(decision.relation), " ",
                     FormatClusterId(decision.cluster), " ", decision.canonical.document_id, " ",
                     static_cast<int>(decision.canonical.reason), " ", decision.is_canonical, " ",
                     decision.cluster_size, " ", decision.flags);
    const auto add = [&text](const char* name, const std::vector<Match>& matches) {
      for (const Match& match : matches) {
        absl::StrAppend(&text, "\n  ", name, " ", match.document_id, " ",
                        FormatClusterId(match.cluster), " ", static_cast<int>(match.relation), " ",
                        match.jaccard, " ", match.containment, " ", match.containment_in, " ",
                        match.score);
      }
    };
    add("match", decision.matches);
    add("link", decision.links);
    for (const ClusterId id : decision.merged) absl::StrAppend(&text, "\n  ", FormatClusterId(id));
    if (decision.best_match.has_value()) add("best", {*decision.best_match});
    return text;
  }

 private:
  Engine::Options Options(const char* name) {
    Engine::Options options;
    options.store.dir = folder_.path() / name;
    options.store.seed_file = folder_.path() / "seed";
    options.store.durability = Durability::kAsync;
    options.now = [this] { return now_; };
    return options;
  }
  static std::unique_ptr<Engine> Opened(Engine::Options options) {
    absl::StatusOr<std::unique_ptr<Engine>> engine = Engine::Open(std::move(options));
    EXPECT_TRUE(engine.ok()) << engine.status();
    return engine.ok() ? *std::move(engine) : nullptr;
  }

  TemporaryFolder folder_;
  absl::Time now_ = absl::FromUnixSeconds(1'770'000'000);
  std::vector<std::string> log_;  // encoded, not yet applied by the second
  size_t changes_ = 0;
  size_t bytes_ = 0;
  std::unique_ptr<Engine> first_;
  std::unique_ptr<Engine> second_;
};

}  // namespace wonbon
