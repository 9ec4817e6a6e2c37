// A Check says what Submit would, and changes nothing.
#include <random>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/engine_fixture.h"

namespace wonbon {
namespace {

// What of a match a client sees.
auto Seen(const Match& match) {
  return std::tuple(match.document_id, match.cluster, match.relation, match.jaccard,
                    match.containment, match.containment_in, match.score);
}

void ExpectSameMatches(const std::vector<Match>& a, const std::vector<Match>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(Seen(a[i]), Seen(b[i])) << i;
}

class EngineCheckTest : public EngineTest {
 protected:
  void SetUp() override {
    Engine::Options options;
    options.store.durability = Durability::kAsync;
    Open(std::move(options));
    EngineTest::SetUp();
  }

  Decision Check(const Document& document) {
    auto prepared = engine_->Prepare("", document, Engine::Purpose::kCheck);
    EXPECT_TRUE(prepared.ok()) << prepared.status();
    const Sequence before = engine_->GetStats().sequence;
    auto decision = engine_->Check(**prepared, {.canonical_body = true});
    EXPECT_TRUE(decision.ok()) << decision.status();
    EXPECT_EQ(engine_->GetStats().sequence, before);
    return decision.ok() ? *std::move(decision) : Decision{};
  }

  // Submits, and expects what Check said.
  void CheckThenSubmit(const Document& document) {
    SCOPED_TRACE(document.id);
    const Decision checked = Check(document);
    auto result = engine_->Submit("", document, {.canonical_body = true});
    ASSERT_TRUE(result.ok()) << result.status();
    const Decision& submitted = *result;
    EXPECT_EQ(checked.outcome, submitted.outcome);
    EXPECT_EQ(checked.relation, submitted.relation);
    // A cluster that would be founded has no id yet.
    if (checked.cluster != ClusterId::kNone) {
      EXPECT_EQ(checked.cluster, submitted.cluster);
    }
    EXPECT_EQ(checked.is_canonical, submitted.is_canonical);
    EXPECT_EQ(checked.cluster_size, submitted.cluster_size);
    EXPECT_EQ(checked.merged, submitted.merged);
    EXPECT_EQ(checked.flags, submitted.flags);
    EXPECT_EQ(checked.canonical.document_id, submitted.canonical.document_id);
    EXPECT_EQ(checked.canonical.title, submitted.canonical.title);
    EXPECT_EQ(checked.canonical.reason, submitted.canonical.reason);
    EXPECT_EQ(checked.canonical.body, submitted.canonical.body);
    ExpectSameMatches(checked.matches, submitted.matches);
    ExpectSameMatches(checked.links, submitted.links);
  }
};

TEST_F(EngineCheckTest, ACheckSaysWhatSubmitWould) {
  constexpr uint64_t kSeed = 20'260'301;
  constexpr uint64_t kStories = 8;
  std::mt19937_64 random(kSeed);
  SCOPED_TRACE(kSeed);
  std::vector<Document> sent;
  for (int i = 0; i < 150; ++i) {
    Document document = Article(random() % kStories, 6 + static_cast<int>(random() % 3) * 4);
    switch (random() % 6) {
      case 0: break;  // the story's own id: new, unchanged, or an update by another version of it
      case 1:
        if (!sent.empty()) document = sent[random() % sent.size()];
        break;
      case 2:  // an id moves to another story
        if (!sent.empty()) document.id = sent[random() % sent.size()].id;
        break;
      case 3:
        document = Reprint(document, absl::StrCat("longer-", random() % 20));
        document.body += "\n\n" + Article(random() % kStories, 6).body;
        break;
      default: document = Reprint(document, absl::StrCat("reprint-", random() % 30));
    }
    CheckThenSubmit(document);
    sent.push_back(std::move(document));
    if (random() % 10 == 0) {
      (void)Delete(sent[random() % sent.size()].id);  // or it is gone already
    }
  }
}

TEST_F(EngineCheckTest, ADocumentThatWouldStandForItsClusterComesWithItsOwnBody) {
  Document document = Article(1);
  document.id.clear();
  const Decision decision = Check(document);
  EXPECT_TRUE(decision.is_canonical);
  EXPECT_EQ(decision.cluster, ClusterId::kNone);
  EXPECT_EQ(decision.canonical.body, document.body);
}

TEST_F(EngineCheckTest, ACheckReadsWhatIsInNoCache) {
  Engine::Options options;
  options.article_cache_bytes = 0;
  Open(std::move(options));
  const Decision first = Submit(Article(1));
  const Decision checked = Check(Reprint(Article(1), "copy"));
  EXPECT_EQ(checked.cluster, first.cluster);
  EXPECT_EQ(checked.relation, Relation::kExact);
  EXPECT_EQ(checked.cluster_size, 2u);
}

}  // namespace
}  // namespace wonbon
