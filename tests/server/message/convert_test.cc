#include "server/message/convert.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "core/error.h"
#include "google/protobuf/util/message_differencer.h"

namespace wonbon::server {
namespace {

using google::protobuf::util::MessageDifferencer;

v1::wire::Document FullDocument() {
  v1::wire::Document document;
  document.set_id("a-1");
  document.set_title("제목");
  document.set_body("본문입니다");
  document.set_content_type(v1::CONTENT_TYPE_HTML);
  document.set_publisher("신문");
  document.set_url("https://example.kr/1");
  document.mutable_published_at()->set_seconds(-1'000);
  document.mutable_published_at()->set_nanos(1'000);
  document.set_byline("기자");
  document.set_section("정치");
  (*document.mutable_labels())["b"] = "2";
  (*document.mutable_labels())["a"] = "";
  return document;
}

// The same bytes as a message of the contract.
v1::Document AsClientsSeeIt(const v1::wire::Document& twin) {
  v1::Document document;
  EXPECT_TRUE(document.ParseFromString(twin.SerializeAsString()));
  return document;
}

TEST(ConvertTest, ADocumentComesBackAsItWent) {
  const v1::wire::Document sent = FullDocument();
  v1::wire::Document moved_from = sent;
  absl::StatusOr<Document> document = FromProto(moved_from);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->labels,
            (std::vector<std::pair<std::string, std::string>>{{"a", ""}, {"b", "2"}}));
  v1::Document back;
  ToProto(*std::move(document), back);
  EXPECT_TRUE(MessageDifferencer::Equals(AsClientsSeeIt(sent), back)) << back.DebugString();
}

TEST(ConvertTest, UnsetFieldsStayUnset) {
  v1::wire::Document sent;
  sent.set_id("a");
  v1::wire::Document moved_from = sent;
  v1::Document back;
  ToProto(*FromProto(moved_from), back);
  EXPECT_TRUE(MessageDifferencer::Equals(AsClientsSeeIt(sent), back)) << back.DebugString();
}

TEST(ConvertTest, TimesOutsideTheCalendarAreRefused) {
  const auto check = [](int64_t seconds, int32_t nanos) {
    v1::wire::Document document;
    document.mutable_published_at()->set_seconds(seconds);
    document.mutable_published_at()->set_nanos(nanos);
    return FromProto(document).status();
  };
  EXPECT_TRUE(check(-62'135'596'800, 0).ok());
  EXPECT_TRUE(check(253'402'300'799, 999'999'999).ok());
  EXPECT_FALSE(check(-62'135'596'801, 0).ok());
  EXPECT_FALSE(check(253'402'300'800, 0).ok());
  EXPECT_FALSE(check(std::numeric_limits<int64_t>::max(), 0).ok());
  EXPECT_FALSE(check(std::numeric_limits<int64_t>::min(), 0).ok());
  EXPECT_FALSE(check(0, -1).ok());
  EXPECT_FALSE(check(0, 1'000'000'000).ok());
  EXPECT_EQ(Violation(check(0, -1))->field, "document.published_at");
}

TEST(ConvertTest, ADecisionKeepsEveryField) {
  Decision decision;
  decision.document_id = "d";
  decision.outcome = Outcome::kUpdated;
  decision.relation = Relation::kNear;
  decision.cluster = ClusterId{17};
  decision.is_canonical = true;
  decision.canonical = {.document_id = "c",
                        .title = "t",
                        .publisher = "p",
                        .url = "u",
                        .published_at = absl::FromUnixSeconds(5),
                        .body = "b",
                        .reason = CanonicalReason::kWireOrigin};
  decision.best_match = Match{.document_id = "m",
                              .cluster = ClusterId{17},
                              .relation = Relation::kNear,
                              .jaccard = .5,
                              .containment = .6,
                              .containment_in = .7,
                              .score = .8};
  decision.matches = {*decision.best_match};
  decision.links = {*decision.best_match, *decision.best_match};
  decision.merged = {ClusterId{3}, ClusterId{4}};
  decision.cluster_size = 9;
  decision.sequence = 1'000;
  decision.flags = kFlagShortText | kFlagTruncatedCandidates;
  v1::Decision out;
  ToProto(decision, out);
  EXPECT_EQ(out.document_id(), "d");
  EXPECT_EQ(out.outcome(), v1::OUTCOME_UPDATED);
  EXPECT_EQ(out.relation(), v1::RELATION_NEAR);
  EXPECT_EQ(out.cluster_id(), "c17");
  EXPECT_TRUE(out.is_canonical());
  EXPECT_EQ(out.canonical().reason(), v1::CANONICAL_REASON_WIRE_ORIGIN);
  EXPECT_EQ(out.canonical().published_at().seconds(), 5);
  EXPECT_EQ(out.canonical().body(), "b");
  EXPECT_EQ(out.best_match().containment_in(), .7);
  EXPECT_EQ(out.matches_size(), 1);
  EXPECT_EQ(out.links_size(), 2);
  EXPECT_EQ(out.merged_cluster_ids(0), "c3");
  EXPECT_EQ(out.cluster_size(), 9);
  EXPECT_EQ(out.sequence(), 1'000);
  EXPECT_EQ(out.flags_size(), 2);
}

TEST(ConvertTest, ADecisionWithoutAClusterHasAnEmptyId) {
  v1::Decision out;
  ToProto(Decision(), out);
  EXPECT_EQ(out.cluster_id(), "");
  EXPECT_FALSE(out.has_best_match());
  EXPECT_FALSE(out.canonical().has_published_at());
}

TEST(ConvertTest, ClusterIdsAreReadStrictly) {
  EXPECT_EQ(*ClusterIdFromProto("cluster_id", "c17"), ClusterId{17});
  for (const char* text :
       {"", "c", "17", "c0", "c-1", "c01", "C1", "c1 ", "c99999999999999999999"}) {
    const auto id = ClusterIdFromProto("cluster_id", text);
    ASSERT_FALSE(id.ok()) << text;
    EXPECT_EQ(Violation(id.status())->field, "cluster_id");
  }
}

TEST(ConvertTest, SettingsComeBackAsTheyWent) {
  v1::CollectionSettings sent;
  sent.add_preferred_publishers("가");
  sent.add_preferred_publishers("나");
  sent.add_wire_publishers("통신");
  sent.mutable_retention()->set_seconds(86'400);
  const auto settings = FromProto(sent);
  ASSERT_TRUE(settings.ok()) << settings.status();
  Engine::CollectionView view;
  view.record.settings = *settings;
  view.record.name = "news";
  v1::Collection out;
  ToProto(view, out);
  EXPECT_EQ(out.name(), "news");
  EXPECT_TRUE(MessageDifferencer::Equals(sent, out.settings())) << out.DebugString();
}

TEST(ConvertTest, ANegativeOrEndlessRetentionIsRefused) {
  v1::CollectionSettings settings;
  settings.mutable_retention()->set_seconds(-1);
  EXPECT_EQ(Violation(FromProto(settings).status())->field, "settings.retention");
  settings.mutable_retention()->set_seconds(std::numeric_limits<int64_t>::max());
  EXPECT_FALSE(FromProto(settings).ok());
}

TEST(ConvertTest, EventsAndTimesBeforeTheEpochAreConverted) {
  v1::ClusterEvent out;
  ToProto(ClusterEvent{.sequence = 3,
                       .type = EventType::kMerged,
                       .cluster = ClusterId{1},
                       .document_id = "d",
                       .other_cluster = ClusterId{2},
                       .committed_us = -1},
          out);
  EXPECT_EQ(out.type(), v1::CLUSTER_EVENT_TYPE_MERGED);
  EXPECT_EQ(out.other_cluster_id(), "c2");
  EXPECT_EQ(out.committed_at().seconds(), -1);
  EXPECT_EQ(out.committed_at().nanos(), 999'999'000);
}

}  // namespace
}  // namespace wonbon::server
