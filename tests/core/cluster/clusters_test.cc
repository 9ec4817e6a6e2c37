// Clusters as documents come, change and go: through the engine, on texts of the generator.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/engine_fixture.h"

namespace wonbon {
namespace {

class ClusterTest : public EngineTest {
 protected:
  // A copy of story `number` with some of its sentences, under its headline.
  static Document Part(uint64_t number,
                       const std::vector<std::pair<size_t, size_t>>& stretches,
                       std::string id, int minutes) {
    corpus::Random random(number * 7919 + 17);
    const corpus::Story story = corpus::WriteStory(12, random);
    Document part = Reprint(Article(number), std::move(id), minutes);
    std::vector<std::string> kept;
    for (const auto& [begin, end] : stretches) {
      kept.insert(kept.end(), story.sentences.begin() + static_cast<std::ptrdiff_t>(begin),
                  story.sentences.begin() + static_cast<std::ptrdiff_t>(end));
    }
    part.body = corpus::Body(kept);
    return part;
  }

  std::vector<ClusterEvent> Events(Sequence after) {
    const auto page = engine_->ReadEvents("", after, 100);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? page->events : std::vector<ClusterEvent>{};
  }

  static size_t Count(const std::vector<ClusterEvent>& events, EventType type, ClusterId cluster,
                      std::string_view id) {
    size_t count = 0;
    for (const ClusterEvent& event : events) {
      count += event.type == type && event.cluster == cluster && event.document_id == id;
    }
    return count;
  }
};

TEST_F(ClusterTest, DeletingTheBridgeSplitsTheCluster) {
  // Both halves are cut copies of the whole; of each other they hold the lead alone.
  const Decision whole = Submit(Article(1));
  const Decision first = Submit(Part(1, {{0, 6}}, "first", 5));
  const Decision second = Submit(Part(1, {{0, 1}, {6, 12}}, "second", 6));
  ASSERT_EQ(first.cluster, whole.cluster);
  ASSERT_EQ(second.cluster, whole.cluster);
  ASSERT_TRUE(Delete("story-1").ok());
  EXPECT_NE(Get("first").cluster, Get("second").cluster);
  EXPECT_TRUE(Get("first").cluster == whole.cluster || Get("second").cluster == whole.cluster)
      << "the id stays with one of them";
  EXPECT_EQ(Get("first").canonical_document_id, "first");
  EXPECT_EQ(Get("second").canonical_document_id, "second");
}

TEST_F(ClusterTest, APageThatReplacesItsWholeTextWithinADayIsOneCluster) {
  const Document page = Article(1);
  const Decision founded = Submit(page);
  for (uint64_t state = 2; state <= 5; ++state) {
    Document next = Article(state);
    next.publisher = page.publisher;
    next.url = page.url;
    next.published_at = *page.published_at + absl::Hours(state);
    const Decision decision = Submit(next);
    EXPECT_EQ(decision.cluster, founded.cluster) << state;
    EXPECT_EQ(decision.relation, Relation::kRevision) << state;
    EXPECT_TRUE(decision.is_canonical) << state;
  }
}

// One caption under two headlines, and another moment under the first of them.
TEST_F(ClusterTest, WhichHeadlineOfACaptionCameFirstDecidesNothing) {
  const auto caption = [](std::string id, std::string_view title, std::string_view moment) {
    Document document = Article(1);
    document.url = absl::StrCat("https://news.example/photo/", id, "-1");
    document.id = std::move(id);
    document.title = std::string(title);
    document.body = "홍가람 한강시장이 12일 오전 은빛교 앞 광장에서 열린 새 다리 기공식에서 ";
    document.body += moment;
    document.body += " 있다. 시는 은빛교와 솔내교, 물레교를 내년 10월까지 새로 놓는다.";
    return document;
  };
  const std::vector<Document> captions = {
      caption("a", "한강시 새 다리 기공식", "상인들과 함께 첫 삽을 뜨고"),
      caption("b", "첫 삽 뜨는 홍가람 시장", "상인들과 함께 첫 삽을 뜨고"),
      caption("c", "한강시 새 다리 기공식", "어린이들의 손을 잡고 임시 다리를 건너고")};
  std::set<std::vector<bool>> outcomes;
  std::vector<size_t> order = {0, 1, 2};
  do {
    for (const size_t place : order) Submit(captions[place]);
    outcomes.insert({Get("a").cluster == Get("b").cluster, Get("b").cluster == Get("c").cluster,
                     Get("c").cluster == Get("a").cluster});
    for (const Document& document : captions) ASSERT_TRUE(Delete(document.id).ok());
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(outcomes.size(), 1u);
  EXPECT_TRUE(outcomes.begin()->front()) << "one text";
}

TEST_F(ClusterTest, ASplitTellsWhoLeftAndWhereTo) {
  const Decision whole = Submit(Article(1));
  const Decision first = Submit(Part(1, {{0, 6}}, "first", 5));
  Submit(Part(1, {{0, 1}, {6, 12}}, "second", 6));
  ASSERT_TRUE(Delete("story-1").ok());
  const std::string moved = Get("first").cluster == whole.cluster ? "second" : "first";
  const std::vector<ClusterEvent> events = Events(first.sequence);
  EXPECT_EQ(Count(events, EventType::kSplit, whole.cluster, ""), 1u);
  EXPECT_EQ(Count(events, EventType::kLeft, whole.cluster, moved), 1u);
  EXPECT_EQ(Count(events, EventType::kJoined, Get(moved).cluster, moved), 1u);
}

TEST_F(ClusterTest, AnUpdateThatMovesADocumentTellsThatItLeft) {
  const Decision first = Submit(Article(1));
  const Decision reprint = Submit(Reprint(Article(1), "reprint"));
  Document changed = Article(2);
  changed.id = "reprint";
  const Decision moved = Submit(changed);
  ASSERT_NE(moved.cluster, first.cluster);
  const std::vector<ClusterEvent> events = Events(reprint.sequence);
  EXPECT_EQ(Count(events, EventType::kLeft, first.cluster, "reprint"), 1u);
  EXPECT_EQ(Count(events, EventType::kCreated, moved.cluster, "reprint"), 1u);
}

TEST_F(ClusterTest, AnUpdateInItsPlaceLeavesNothing) {
  Submit(Article(1));
  const Decision reprint = Submit(Reprint(Article(1), "reprint"));
  Document changed = Reprint(Article(1), "reprint");
  changed.body += "\n\n바로잡습니다. 앞선 보도의 장소를 고칩니다.";
  const Decision updated = Submit(changed);
  EXPECT_EQ(updated.outcome, Outcome::kUpdated);
  EXPECT_EQ(Count(Events(reprint.sequence), EventType::kLeft, updated.cluster, "reprint"), 0u);
}

TEST_F(ClusterTest, ResubmittingAnswersWithTheSameMatchesAndLinks) {
  Submit(Article(1));
  Document around = Article(2);
  around.body += "\n\n" + Article(1).body;
  const Decision embeds = Submit(around);
  ASSERT_EQ(embeds.relation, Relation::kEmbeds);
  const Decision reprint = Submit(Reprint(Article(2), "reprint"));
  Submit(Article(3));
  for (const auto& [document, decision] :
       {std::pair(around, embeds), std::pair(Reprint(Article(2), "reprint"), reprint)}) {
    const Decision again = Submit(document);
    EXPECT_EQ(again.outcome, Outcome::kUnchanged);
    EXPECT_EQ(again.relation, decision.relation);
    EXPECT_EQ(again.cluster, decision.cluster);
    EXPECT_EQ(again.best_match.has_value(), decision.best_match.has_value());
    ASSERT_EQ(again.matches.size(), decision.matches.size());
    ASSERT_EQ(again.links.size(), decision.links.size());
    for (size_t i = 0; i < again.links.size(); ++i) {
      EXPECT_EQ(again.links[i].document_id, decision.links[i].document_id);
      EXPECT_EQ(again.links[i].relation, decision.links[i].relation);
      EXPECT_EQ(again.links[i].score, decision.links[i].score);
    }
  }
}

TEST_F(ClusterTest, MatchesOfAMergedClusterCarryTheIdThatStays) {
  const Decision old = Submit(Article(1));
  const Decision lone = Submit(Article(2));
  const Decision moved = Submit(Reprint(Article(1), "story-2"));
  ASSERT_EQ(moved.merged, std::vector<ClusterId>{lone.cluster});
  for (const Match& match : moved.matches) EXPECT_EQ(match.cluster, old.cluster);
  for (const Match& link : moved.links) EXPECT_NE(link.cluster, lone.cluster);
}

TEST_F(ClusterTest, ADocumentWhoseCollectionWentMeanwhileIsRefused) {
  ASSERT_TRUE(engine_->CreateCollection("short-lived", {}).ok());
  absl::StatusOr<std::unique_ptr<Submission>> prepared =
      engine_->Prepare("short-lived", Article(1));
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  absl::StatusOr<std::unique_ptr<Submission>> checked = engine_->Prepare("short-lived", Article(2));
  ASSERT_TRUE(checked.ok()) << checked.status();
  ASSERT_TRUE(engine_->DeleteCollection("short-lived", true).ok());
  absl::Status answer;
  std::vector<std::unique_ptr<Submission>> batch;
  batch.push_back(*std::move(prepared));
  ASSERT_TRUE(engine_
                  ->Enqueue(std::move(batch), {},
                            [&](std::vector<absl::StatusOr<Decision>> decisions) {
                              answer = decisions.front().status();
                            })
                  .ok());
  EXPECT_TRUE(absl::IsNotFound(engine_->Check(**checked, {}).status()));
  Submit(Article(3));  // answered after the batch before it
  EXPECT_TRUE(absl::IsNotFound(answer)) << answer;
}

// An article as a version of it, under a url of its own.
Document VersionOf(const Document& article, std::string id, const std::string& mark, int minutes) {
  Document version = article;
  version.title = mark + version.title;
  version.url = absl::StrCat("https://news.example/", id);
  version.published_at = *article.published_at + absl::Minutes(minutes);
  version.id = std::move(id);
  return version;
}

TEST_F(ClusterTest, TheNewestVersionStandsUnderWhateverUrl) {
  Submit(VersionOf(Part(1, {{0, 5}}, "wire", 0), "flash", "[속보] ", 0));
  Submit(VersionOf(Part(1, {{0, 8}}, "wire", 0), "second", "<2보> ", 5));
  const Decision whole = Submit(VersionOf(Part(1, {{0, 12}}, "wire", 0), "whole", "", 30));
  EXPECT_TRUE(whole.is_canonical);
  EXPECT_EQ(whole.canonical.reason, CanonicalReason::kLatestRevision);
  const Decision reprint = Submit(Reprint(Article(1), "reprint", 40));
  EXPECT_EQ(reprint.canonical.document_id, "whole");
  Document corrected = VersionOf(Part(1, {{0, 12}}, "wire", 0), "corrected", "[정정] ", 30);
  corrected.body += "\n\n바로잡습니다. 앞선 보도의 장소를 고칩니다.";
  EXPECT_TRUE(Submit(corrected).is_canonical) << "of the same minute";
  Document flash = VersionOf(Part(1, {{0, 5}}, "wire", 0), "late-flash", "[속보] ", 30);
  EXPECT_EQ(Submit(flash).canonical.document_id, "corrected") << "it comes late";
}

TEST_F(ClusterTest, APageWithCommentsStandsForNobody) {
  Document page = Reprint(Article(1), "page", -5);
  corpus::Random random(5);
  for (const std::string& comment : corpus::WriteStory(5, random).sentences) {
    page.body += "\n" + comment;
  }
  ASSERT_TRUE(Submit(page).is_canonical);
  const Decision clean = Submit(Article(1));
  ASSERT_EQ(clean.cluster, Get("page").cluster);
  EXPECT_EQ(clean.canonical.document_id, "page") << "of two texts the fuller one may be the whole";
  Document edited = Reprint(Article(1), "edited", 3);
  edited.body += "\n사진은 기사와 관계가 없다.";
  const Decision third = Submit(edited);
  EXPECT_EQ(third.canonical.document_id, "story-1") << "two agree on where the article ends";
  EXPECT_EQ(third.canonical.reason, CanonicalReason::kComplete);
  ASSERT_TRUE(Delete("edited").ok());
  EXPECT_EQ(Get("story-1").canonical_document_id, "page");
}

TEST_F(ClusterTest, ManyReprintsEndAsOneElectionOfAllWould) {
  Submit(Article(1));
  std::vector<Document> sent = {Article(1)};
  for (int i = 0; i < 60; ++i) {
    const std::string id = absl::StrCat("reprint-", i);
    Document reprint = Reprint(Article(1), id, 100 - i % 7);
    if (i % 3 == 0) reprint.body += absl::StrCat("\n", id, " 편집부가 문장을 보탰다.");
    if (i % 4 == 0) reprint.publisher = "으뜸신문";
    if (i % 8 == 0) reprint.title = absl::StrCat("(종합) ", reprint.title);
    if (i == 50) reprint.published_at = *sent[0].published_at - absl::Minutes(1);
    sent.push_back(reprint);
    const Decision now = Submit(reprint);
    // An election of all: a member that joined last and goes again.
    Document last = Reprint(Article(1), "last", 200);
    last.body += "\n마지막으로 보탠 문장이다.";
    Submit(last);
    ASSERT_TRUE(Delete("last").ok());
    ASSERT_EQ(Get("story-1").canonical_document_id, now.canonical.document_id) << i;
  }
}

// One publisher sends ever other states under one headline, some of them late.
TEST_F(ClusterTest, OfManyStatesOfAnArticleTheNewestStands) {
  Document last;
  for (int i = 0; i < 40; ++i) {
    Document state = Article(1);
    state.id = absl::StrCat("state-", i);
    state.url = absl::StrCat("https://news.example/1-", i);
    state.body += absl::StrCat("\n", i, "번째로 고쳐 쓴 문장이다.");
    state.published_at = *state.published_at + absl::Minutes(i % 9 == 4 ? 1 : 10 * (i + 1));
    if (last.id.empty() || *state.published_at > *last.published_at) last = state;
    const Decision decision = Submit(state);
    ASSERT_EQ(decision.cluster, Get("state-0").cluster) << i;
    EXPECT_EQ(decision.canonical.document_id, last.id) << i;
  }
  Document again = Article(1);
  again.id = "again";
  again.body += "\n7번째로 고쳐 쓴 문장이다.";
  again.published_at = *last.published_at + absl::Hours(1);
  EXPECT_EQ(Submit(again).canonical.document_id, "state-7") << "the first that said what is new";
}

}  // namespace
}  // namespace wonbon
