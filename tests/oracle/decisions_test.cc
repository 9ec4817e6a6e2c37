// The engine against the oracle of decisions, on seeded sequences of commands: every answer, and in
// the end every document, cluster and redirect. A difference is told with the seed, the number of
// the command and both answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/engine.h"
#include "core/engine/rarity_keeper.h"
#include "core/limits.h"
#include "tests/oracle/command_sequence.h"
#include "tests/oracle/decision_oracle.h"
#include "tests/oracle/tell.h"
#include "tests/temporary_folder.h"

namespace wonbon::oracle {
namespace {

constexpr char kCollection[] = "default";
constexpr int kCommands = 400;
static_assert(kCommands < RarityPace().fewest_founders);  // document frequencies stay empty

std::string Word(Relation relation) { return std::string(Name(relation)); }

// What a sequence came upon, so that a test can say that it was worth running.
struct Reached {
  int updates = 0;
  int unchanged = 0;
  int links = 0;
  int merges = 0;
  int refused = 0;
  int deleted = 0;
  uint64_t expired = 0;
  uint64_t moves = 0;
  int pins = 0;
  int unpins = 0;
  int editors_merges = 0;
  int splits = 0;
  int nothing_stays = 0;
  std::set<CanonicalReason> reasons;
};

class Comparison {
 public:
  Comparison(uint64_t seed, Fault fault, bool editors = false)
      : commands_(seed, now_, editors) {
    Open();
    EXPECT_TRUE(engine_->EnsureDefaultCollection().ok());
    CollectionSettings settings{.preferred_publishers = {"가람일보", "누리신문"},
                                .wire_publishers = {"푸른통신", "가온통신"},
                                .retention = absl::Hours(24 * 20)};
    const SettingsUpdate update{.preferred_publishers = settings.preferred_publishers,
                                .wire_publishers = settings.wire_publishers,
                                .retention = settings.retention};
    EXPECT_TRUE(engine_->UpdateCollection(kCollection, update).ok());
    oracle_ = std::make_unique<DecisionOracle>(settings, engine_->GetStats().sequence, fault);
  }

  // The first difference, empty where there is none. The engine is opened anew after every so many
  // commands, if that is not 0.
  std::string Run(int commands, int restart_every = 0) {
    for (int i = 0; i < commands; ++i) {
      if (restart_every > 0 && i % restart_every == restart_every - 1) Open();
      const Command command = commands_.Next();
      now_ += command.passes;
      const auto [engine, oracle] = RunOne(command);
      if (engine != oracle) {
        return absl::StrCat("command ", i, "\nengine: ", engine, "\noracle: ", oracle);
      }
    }
    reached_.moves = oracle_->moves();
    return CompareAll();
  }

  const Reached& reached() const { return reached_; }

 private:
  void Open() {
    engine_.reset();
    Engine::Options options;
    options.store.dir = folder_.path();
    options.store.durability = Durability::kAsync;
    options.now = [this] { return now_; };
    engine_ = *Engine::Open(std::move(options));
  }

  std::pair<std::string, std::string> RunOne(const Command& command) {
    const int64_t now_us = absl::ToUnixMicros(now_);
    switch (command.kind) {
      case Command::Kind::kSubmit: {
        const auto prepared = engine_->Prepare(kCollection, command.document);
        if (!prepared.ok()) return {prepared.status().ToString(), "a document to prepare"};
        const absl::StatusOr<Decision> expected = oracle_->Submit(**prepared, now_us);
        Count(expected);
        return {Tell(engine_->Submit(kCollection, command.document)), Tell(expected)};
      }
      case Command::Kind::kDelete: {
        const absl::StatusOr<bool> expected = oracle_->Delete(command.id);
        reached_.deleted += expected.ok() && *expected;
        return {Delete(command.id),
                absl::StrCat(command.id, " ", absl::StatusCodeToString(expected.status().code()),
                             " ", expected.ok() && *expected)};
      }
      case Command::Kind::kExpire: {
        const uint64_t expected = oracle_->Expire(now_us);
        reached_.expired += expected;
        const absl::StatusOr<uint64_t> expired = engine_->ExpireDocuments();
        return {expired.ok() ? absl::StrCat("expired ", *expired) : expired.status().ToString(),
                absl::StrCat("expired ", expected)};
      }
      default:
        return Edit(command);
    }
  }

  // An editor's word, if the documents are there.
  std::pair<std::string, std::string> Edit(const Command& command) {
    const Editor editor{.actor = "desk", .note = command.id};
    const ClusterId at = ClusterOf(command.id);
    const ClusterId other = ClusterOf(command.other_id);
    const bool there = at != ClusterId::kNone && other != ClusterId::kNone;
    absl::StatusOr<Engine::Edited> edited = absl::NotFoundError("");
    absl::StatusOr<DecisionOracle::Edited> expected = absl::NotFoundError("");
    if (command.kind == Command::Kind::kPin) {
      if (there) edited = engine_->PinCanonical(kCollection, at, command.id, editor);
      if (there) expected = oracle_->Pin(command.id);
      reached_.pins += edited.ok();
    } else if (command.kind == Command::Kind::kUnpin) {
      if (there) edited = engine_->PinCanonical(kCollection, at, "", editor);
      if (there) expected = oracle_->Unpin(command.id);
      reached_.unpins += edited.ok();
    } else if (command.kind == Command::Kind::kMerge) {
      if (there) edited = engine_->MergeClusters(kCollection, {at, other}, editor);
      if (there) expected = oracle_->MergeClusters(command.id, command.other_id);
      reached_.editors_merges += edited.ok() && !edited->merged.empty();
    } else {
      if (there) edited = engine_->SplitCluster(kCollection, at, {command.id}, editor);
      if (there) expected = oracle_->SplitCluster(command.id);
      reached_.splits += edited.ok();
      reached_.nothing_stays += absl::IsFailedPrecondition(edited.status());
    }
    const auto told = [&command](const absl::Status& status, ClusterId cluster,
                                 ClusterId split_off, const std::vector<ClusterId>& merged) {
      std::string text = absl::StrCat(static_cast<int>(command.kind), " of ", command.id, ": ",
                                      absl::StatusCodeToString(status.code()), " ",
                                      FormatClusterId(cluster), " ", FormatClusterId(split_off));
      for (const ClusterId id : merged) absl::StrAppend(&text, " ", FormatClusterId(id));
      return text;
    };
    std::string engine = told(edited.status(), {}, {}, {});
    std::string oracle = told(expected.status(), {}, {}, {});
    if (edited.ok()) {
      const bool split = edited->split_off.has_value();
      engine = told(absl::OkStatus(), edited->cluster.id,
                    split ? edited->split_off->id : ClusterId::kNone, edited->merged);
    }
    if (expected.ok()) {
      oracle = told(absl::OkStatus(), expected->cluster, expected->split_off, expected->merged);
    }
    return {engine, oracle};
  }

  ClusterId ClusterOf(const std::string& id) {
    const absl::StatusOr<StoredDocument> stored = engine_->GetDocument(kCollection, id, false);
    return stored.ok() ? stored->cluster : ClusterId::kNone;
  }

  std::string Delete(const std::string& id) {
    std::string answer;
    absl::Notification done;
    const absl::Status queued = engine_->Delete(
        kCollection, {id}, {}, [&](std::vector<absl::StatusOr<Engine::Deletion>> results) {
          const absl::StatusOr<Engine::Deletion>& result = results.front();
          answer = absl::StrCat(id, " ", absl::StatusCodeToString(result.status().code()), " ",
                                result.ok() && result->deleted);
          done.Notify();
        });
    if (!queued.ok()) return queued.ToString();
    done.WaitForNotification();
    return answer;
  }

  void Count(const absl::StatusOr<Decision>& decision) {
    reached_.refused += !decision.ok();
    if (!decision.ok()) return;
    reached_.reasons.insert(decision->canonical.reason);
    reached_.updates += decision->outcome == Outcome::kUpdated;
    reached_.unchanged += decision->outcome == Outcome::kUnchanged;
    reached_.links += !decision->links.empty();
    reached_.merges += decision->outcome != Outcome::kUnchanged && !decision->merged.empty();
  }

  // Everything that stands at the end.
  std::string CompareAll() {
    const Engine::Stats stats = engine_->GetStats();
    if (stats.documents != oracle_->documents().size() ||
        stats.clusters != oracle_->clusters().size()) {
      return absl::StrCat("engine: ", stats.documents, " documents in ", stats.clusters,
                          " clusters\noracle: ", oracle_->documents().size(), " in ",
                          oracle_->clusters().size());
    }
    for (const auto& [id, number] : oracle_->ids()) {
      const DecisionOracle::Document& expected = oracle_->documents().at(number);
      const auto told = [&id = id](ClusterId cluster, Relation relation, Sequence sequence) {
        return absl::StrCat(id, " ", FormatClusterId(cluster), " ", Word(relation), " ", sequence);
      };
      const absl::StatusOr<StoredDocument> stored = engine_->GetDocument(kCollection, id, false);
      if (!stored.ok()) return absl::StrCat(id, ": ", stored.status().ToString());
      const std::string engine = told(stored->cluster, stored->relation, stored->sequence);
      const std::string oracle = told(expected.cluster, expected.relation, expected.sequence);
      if (engine != oracle) return absl::StrCat("engine: ", engine, "\noracle: ", oracle);
    }
    for (const auto& [id, cluster] : oracle_->clusters()) {
      std::string difference = CompareCluster(id, id);
      if (!difference.empty()) return difference;
    }
    for (const auto& [from, to] : oracle_->redirects()) {
      std::string difference = CompareCluster(from, to);
      if (!difference.empty()) return difference;
    }
    return "";
  }

  // That `asked` answers with cluster `id`.
  std::string CompareCluster(ClusterId asked, ClusterId id) {
    const absl::StatusOr<ClusterView> view = engine_->GetCluster(kCollection, asked, false);
    const auto cluster = oracle_->clusters().find(id);
    const auto told = [asked](ClusterId at, const std::string& canonical, CanonicalReason reason,
                              size_t size, Sequence sequence, size_t words) {
      return absl::StrCat(FormatClusterId(asked), " is ", FormatClusterId(at), ", canonical ",
                          canonical, " reason ", static_cast<int>(reason), ", size ", size,
                          ", sequence ", sequence, ", words ", words);
    };
    std::string engine = "none";
    std::string oracle = "none";
    if (view.ok()) {
      engine = told(view->id, view->canonical.document_id, view->canonical.reason, view->size,
                    view->sequence, view->words.size());
    }
    if (cluster != oracle_->clusters().end()) {
      oracle = told(id, oracle_->documents().at(cluster->second.canonical).text().id,
                    cluster->second.reason, oracle_->MembersOf(id).size(),
                    cluster->second.sequence,
                    std::min(cluster->second.words.size(), kMaxEditorWords));
    }
    return engine == oracle ? "" : absl::StrCat("engine: ", engine, "\noracle: ", oracle);
  }

  TemporaryFolder folder_;
  absl::Time now_ = absl::FromUnixSeconds(1'770'000'000);
  CommandSequence commands_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<DecisionOracle> oracle_;
  Reached reached_;
};

TEST(DecisionsTest, TheEngineAnswersAsTheOracleOnEverySequence) {
  Reached sum;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    Comparison comparison(seed, Fault::kNone);
    EXPECT_EQ(comparison.Run(kCommands), "") << "seed " << seed;
    const Reached& reached = comparison.reached();
    sum.updates += reached.updates;
    sum.unchanged += reached.unchanged;
    sum.links += reached.links;
    sum.merges += reached.merges;
    sum.refused += reached.refused;
    sum.deleted += reached.deleted;
    sum.expired += reached.expired;
    sum.moves += reached.moves;
    sum.reasons.insert(reached.reasons.begin(), reached.reasons.end());
  }
  std::printf("updates %d, unchanged %d, with links %d, merges %d, refused %d, deleted %d, "
              "expired %d, moves %d\n",
              sum.updates, sum.unchanged, sum.links, sum.merges, sum.refused, sum.deleted,
              static_cast<int>(sum.expired), static_cast<int>(sum.moves));
  EXPECT_GT(sum.updates, 0);
  EXPECT_GT(sum.unchanged, 0);
  EXPECT_GT(sum.links, 0);
  EXPECT_GT(sum.merges, 0);
  EXPECT_GT(sum.refused, 0);
  EXPECT_GT(sum.deleted, 0);
  EXPECT_GT(sum.expired, 0u);
  EXPECT_GT(sum.moves, 0u);
  for (const CanonicalReason reason :
       {CanonicalReason::kOnlyDocument, CanonicalReason::kPreferredPublisher,
        CanonicalReason::kWireOrigin, CanonicalReason::kComplete, CanonicalReason::kEarliest,
        CanonicalReason::kSmallestId, CanonicalReason::kLatestRevision}) {
    EXPECT_TRUE(sum.reasons.contains(reason)) << static_cast<int>(reason);
  }
}

// Pins, merges and splits among all other commands, through restarts: 1,200 commands of which some
// 240 are an editor's.
TEST(DecisionsTest, AnEditorsWordHoldsThroughEverySequence) {
  Reached sum;
  for (uint64_t seed = 21; seed <= 23; ++seed) {
    Comparison comparison(seed, Fault::kNone, /*editors=*/true);
    EXPECT_EQ(comparison.Run(kCommands, /*restart_every=*/60), "") << "seed " << seed;
    const Reached& reached = comparison.reached();
    sum.pins += reached.pins;
    sum.unpins += reached.unpins;
    sum.editors_merges += reached.editors_merges;
    sum.splits += reached.splits;
    sum.nothing_stays += reached.nothing_stays;
    sum.reasons.insert(reached.reasons.begin(), reached.reasons.end());
  }
  std::printf("pins %d, unpins %d, merges %d, splits %d, refused splits %d\n", sum.pins,
              sum.unpins, sum.editors_merges, sum.splits, sum.nothing_stays);
  EXPECT_GT(sum.pins, 20);
  EXPECT_GT(sum.unpins, 10);
  EXPECT_GT(sum.editors_merges, 10);
  EXPECT_GT(sum.splits, 5);
  EXPECT_GT(sum.nothing_stays, 5);
  EXPECT_TRUE(sum.reasons.contains(CanonicalReason::kPinned));
}

TEST(DecisionsTest, AForgottenWordIsNoticed) {
  for (const Fault fault :
       {Fault::kSplitsAreForgotten, Fault::kMergesAreForgotten, Fault::kPinsAreForgotten}) {
    std::string difference;
    for (uint64_t seed = 21; seed <= 40 && difference.empty(); ++seed) {
      difference = Comparison(seed, fault, /*editors=*/true).Run(kCommands);
    }
    EXPECT_NE(difference, "") << "fault " << static_cast<int>(fault);
  }
}

TEST(DecisionsTest, ARuleThatIsWrongIsNoticed) {
  for (const Fault fault :
       {Fault::kLatestIsCanonical, Fault::kCutCopiesStand, Fault::kTailsMakeFuller,
        Fault::kUrlsAloneTellVersions, Fault::kOneAgreementJoins,
        Fault::kYoungestIdStays, Fault::kFamiliesOutliveTheirTexts,
        Fault::kCorrectionsAreGuarded, Fault::kNoLinks, Fault::kUpdatesFoundClusters,
        Fault::kTombstonesAreForgotten, Fault::kRetentionCountsFromArrival}) {
    std::string difference;
    for (uint64_t seed = 1; seed <= 6 && difference.empty(); ++seed) {
      difference = Comparison(seed, fault).Run(kCommands);
    }
    EXPECT_NE(difference, "") << "fault " << static_cast<int>(fault);
  }
}

}  // namespace
}  // namespace wonbon::oracle
