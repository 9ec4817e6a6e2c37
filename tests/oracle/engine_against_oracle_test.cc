// The engine against the brute-force oracle, on seeded corpora: what must be one cluster is one,
// what must not be is not, and every number that a decision carries is the true one.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/engine.h"
#include "tests/corpus/corpus.h"
#include "tests/oracle/engine_oracle.h"
#include "tests/temporary_folder.h"

namespace wonbon {
namespace {

using corpus::Item;
using corpus::Kind;

constexpr char kCollection[] = "default";

class EngineAgainstOracleTest : public testing::Test {
 protected:
  void SetUp() override {
    Engine::Options options;
    options.store.dir = folder_.path();
    options.store.durability = Durability::kAsync;
    auto engine = Engine::Open(std::move(options));
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    ASSERT_TRUE(engine_->EnsureDefaultCollection().ok());
  }
  void TearDown() override { engine_.reset(); }

  // Submits all, in order. Decisions by position.
  std::vector<Decision> SubmitAll(const std::vector<Item>& items) {
    std::vector<Decision> decisions;
    for (const Item& item : items) {
      absl::StatusOr<Decision> decision = engine_->Submit(kCollection, item.document);
      EXPECT_TRUE(decision.ok()) << item.document.id << ": " << decision.status();
      decisions.push_back(decision.ok() ? *decision : Decision{});
    }
    return decisions;
  }

  // Where a document ended up, merges of later ones included.
  ClusterId ClusterOf(const std::string& id) {
    const absl::StatusOr<StoredDocument> stored = engine_->GetDocument(kCollection, id, false);
    EXPECT_TRUE(stored.ok()) << stored.status();
    return stored.ok() ? stored->cluster : ClusterId::kNone;
  }

  std::unique_ptr<Engine> engine_;

 private:
  TemporaryFolder folder_;
};

// How many of how many, and the first that were not.
struct Tally {
  size_t all = 0;
  size_t good = 0;
  std::string bad;

  void Add(bool ok, const std::string& what) {
    ++all;
    good += ok;
    if (!ok && all - good <= 5) bad += " " + what;
  }
  double share() const {
    return all == 0 ? 1.0 : static_cast<double>(good) / static_cast<double>(all);
  }
};

corpus::Options Corpus(uint64_t seed, size_t stories) {
  corpus::Options options;
  options.seed = seed;
  options.stories = stories;
  options.copies = 0;  // one of every kind
  return options;
}

TEST_F(EngineAgainstOracleTest, DocumentsOfTheSameTextAndHeadlineShareACluster) {
  corpus::Options options = Corpus(11, 60);
  options.kinds = {Kind::kExact, Kind::kSpacing, Kind::kDecomposed, Kind::kFullWidth,
                   Kind::kHtmlFragment};
  const std::vector<Item> items = corpus::MakeCorpus(options);
  const std::vector<Decision> decisions = SubmitAll(items);

  oracle::EngineOracle oracle;
  for (size_t i = 0; i < items.size(); ++i) {
    for (const oracle::Likeness& likeness : oracle.Add(items[i].document, 1.1)) {
      ASSERT_TRUE(likeness.same_text);
      const Item& earlier = items[likeness.earlier];
      EXPECT_EQ(decisions[i].relation, Relation::kExact) << items[i].document.id;
      EXPECT_EQ(ClusterOf(items[i].document.id), ClusterOf(earlier.document.id))
          << items[i].document.id << " (" << Name(items[i].kind) << "), " << earlier.document.id;
    }
  }
}

TEST_F(EngineAgainstOracleTest, TrueCopiesAreFoundAndOtherArticlesKeptApart) {
  corpus::Options options = Corpus(12, 120);
  options.notices = 200;
  options.flashes = 40;
  const std::vector<Item> items = corpus::MakeCorpus(options);
  SubmitAll(items);

  std::map<Kind, Tally> tallies;
  for (const Item& item : items) {
    if (item.base_id.empty()) continue;
    const bool together = ClusterOf(item.document.id) == ClusterOf(item.base_id);
    tallies[item.kind].Add(together == (item.expected() == corpus::Expected::kCopy),
                           item.document.id);
  }
  for (const auto& [kind, tally] : tallies) {
    // Kinds that change nothing but form, and those that change the words.
    const bool edited = kind == Kind::kLightEdit || kind == Kind::kTruncated ||
                        kind == Kind::kRevision || kind == Kind::kParagraphShuffle;
    EXPECT_GE(tally.share(), edited ? 0.97 : 0.98)
        << Name(kind) << ": " << tally.good << " of " << tally.all << ", not:" << tally.bad;
  }
  // No story may take in another one, no notice another notice.
  std::map<ClusterId, const Item*> first;
  Tally alone;
  for (const Item& item : items) {
    if (item.kind != Kind::kOriginal && item.kind != Kind::kNotice) continue;
    const auto [it, is_new] = first.try_emplace(ClusterOf(item.document.id), &item);
    alone.Add(is_new, item.document.id + "+" + it->second->document.id);
  }
  EXPECT_GE(alone.share(), 0.995) << alone.good << " of " << alone.all << ", not:" << alone.bad;
}

TEST_F(EngineAgainstOracleTest, NoEarlierDocumentThatIsAlikeGoesUnmentioned) {
  const std::vector<Item> items = corpus::MakeCorpus(Corpus(13, 50));
  const std::vector<Decision> decisions = SubmitAll(items);
  constexpr double kAlike = 0.5;  // sketches and samples together promise much lower

  oracle::EngineOracle oracle;
  Tally found;
  for (size_t i = 0; i < items.size(); ++i) {
    bool alike = false;
    for (const oracle::Likeness& likeness : oracle.Add(items[i].document, kAlike)) {
      alike |= likeness.jaccard >= kAlike;
    }
    if (!alike) continue;
    const bool mentioned = decisions[i].best_match.has_value() || !decisions[i].links.empty();
    found.Add(mentioned, items[i].document.id);
  }
  EXPECT_GT(found.all, items.size() / 3);
  EXPECT_EQ(found.good, found.all) << "not:" << found.bad;
}

TEST_F(EngineAgainstOracleTest, DecisionsCarryTheTrueShares) {
  const std::vector<Item> items = corpus::MakeCorpus(Corpus(14, 30));
  const std::vector<Decision> decisions = SubmitAll(items);
  std::map<std::string, size_t> position;
  for (size_t i = 0; i < items.size(); ++i) position[items[i].document.id] = i;

  oracle::EngineOracle oracle;
  size_t compared = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    std::map<size_t, oracle::Likeness> truth;
    for (const oracle::Likeness& likeness : oracle.Add(items[i].document, 0)) {
      truth[likeness.earlier] = likeness;
    }
    std::vector<Match> matches = decisions[i].matches;
    matches.insert(matches.end(), decisions[i].links.begin(), decisions[i].links.end());
    for (const Match& match : matches) {
      const oracle::Likeness& likeness = truth.at(position.at(match.document_id));
      // Floats in the engine, doubles here.
      EXPECT_NEAR(match.jaccard, likeness.jaccard, 1e-4) << match.document_id;
      EXPECT_NEAR(match.containment, likeness.containment, 1e-4) << match.document_id;
      EXPECT_NEAR(match.containment_in, likeness.containment_in, 1e-4) << match.document_id;
      ++compared;
    }
  }
  EXPECT_GT(compared, items.size() / 2);
}

TEST_F(EngineAgainstOracleTest, PartialCopiesAreNamedInTheirLinks) {
  corpus::Options options = Corpus(15, 80);
  options.kinds = {Kind::kRoundUp};
  options.shuffle = false;  // the base first
  const std::vector<Item> items = corpus::MakeCorpus(options);
  const std::vector<Decision> decisions = SubmitAll(items);
  Tally named;
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].kind != Kind::kRoundUp) continue;
    bool embeds = false;
    for (const Match& link : decisions[i].links) {
      embeds |= link.document_id == items[i].base_id && link.relation == Relation::kEmbeds;
    }
    named.Add(embeds, items[i].document.id);
  }
  EXPECT_GE(named.share(), 0.97) << named.good << " of " << named.all << ", not:" << named.bad;
}

}  // namespace
}  // namespace wonbon
