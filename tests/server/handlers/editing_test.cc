// PinCanonical, MergeClusters and SplitCluster over the wire.
#include <string>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using grpc::StatusCode;

class EditingTest : public RunningServer {
 protected:
  // The cluster of three copies of one article, two of them of one text.
  std::string Fill() {
    const v1::Decision first = MustSubmit(MakeDocument("a", ArticleText(1), HeadlineText(1)));
    MustSubmit(MakeDocument("b", ArticleText(1), HeadlineText(1)));
    const v1::Decision edited = MustSubmit(
        MakeDocument("c", ArticleText(1) + " 시는 이달 말까지 다시 알리기로 했다.", HeadlineText(1)));
    EXPECT_EQ(edited.cluster_id(), first.cluster_id());
    return first.cluster_id();
  }
  grpc::Status Pin(const std::string& cluster, const std::string& document,
                   v1::PinCanonicalResponse* response) {
    v1::PinCanonicalRequest request;
    request.set_cluster_id(cluster);
    request.set_document_id(document);
    request.set_actor("desk");
    request.set_note("the longer one");
    grpc::ClientContext context;
    return dedup_->PinCanonical(&context, request, response);
  }
  grpc::Status Split(const std::string& cluster, const std::string& document,
                     v1::SplitClusterResponse* response) {
    v1::SplitClusterRequest request;
    request.set_cluster_id(cluster);
    request.add_document_ids(document);
    request.set_actor("desk");
    grpc::ClientContext context;
    return dedup_->SplitCluster(&context, request, response);
  }
  grpc::Status Merge(const std::vector<std::string>& clusters,
                     v1::MergeClustersResponse* response) {
    v1::MergeClustersRequest request;
    request.mutable_cluster_ids()->Assign(clusters.begin(), clusters.end());
    grpc::ClientContext context;
    return dedup_->MergeClusters(&context, request, response);
  }
};

TEST_F(EditingTest, APinnedDocumentStandsWithItsNextVersionsUntilThePinIsTakenOff) {
  const std::string cluster = Fill();
  v1::PinCanonicalResponse pinned;
  ASSERT_TRUE(Pin(cluster, "c", &pinned).ok());
  EXPECT_EQ(pinned.cluster().canonical().document_id(), "c");
  EXPECT_EQ(pinned.cluster().canonical().reason(), v1::CANONICAL_REASON_PINNED);
  EXPECT_EQ(pinned.cluster().pinned_document_id(), "c");
  ASSERT_EQ(pinned.cluster().words_size(), 1);
  const v1::EditorWord& word = pinned.cluster().words(0);
  EXPECT_EQ(word.act(), v1::EDITORIAL_ACT_PIN);
  EXPECT_EQ(word.actor(), "desk");
  EXPECT_EQ(word.note(), "the longer one");
  EXPECT_EQ(word.document_id(), "c");
  EXPECT_EQ(word.sequence(), pinned.cluster().sequence());
  EXPECT_GT(word.said_at().seconds(), 0);

  const v1::Decision updated = MustSubmit(
      MakeDocument("c", ArticleText(1) + " 시는 내달 말까지 다시 알리기로 했다.", HeadlineText(1)));
  EXPECT_EQ(updated.cluster_id(), cluster);
  EXPECT_EQ(updated.canonical().document_id(), "c");
  EXPECT_EQ(updated.canonical().reason(), v1::CANONICAL_REASON_PINNED);

  v1::PinCanonicalResponse off;
  ASSERT_TRUE(Pin(cluster, "", &off).ok());
  EXPECT_EQ(off.cluster().canonical().document_id(), "a");
  EXPECT_EQ(off.cluster().pinned_document_id(), "");
  EXPECT_EQ(off.cluster().words(1).act(), v1::EDITORIAL_ACT_UNPIN);
  EXPECT_EQ(off.cluster().words(1).document_id(), "c");
}

TEST_F(EditingTest, ASplitHoldsForLaterVersionsAndCopiesAndAMergeUndoesIt) {
  const std::string cluster = Fill();
  v1::SplitClusterResponse split;
  ASSERT_TRUE(Split(cluster, "c", &split).ok());
  EXPECT_EQ(split.cluster().cluster_id(), cluster);
  EXPECT_EQ(split.cluster().size(), 2);
  EXPECT_EQ(split.split_off().size(), 1);
  EXPECT_EQ(split.split_off().words(0).cluster_ids(0), cluster);
  const std::string other = split.split_off().cluster_id();

  const v1::Decision updated = MustSubmit(
      MakeDocument("c", ArticleText(1) + " 시는 내달 말까지 다시 알리기로 했다.", HeadlineText(1)));
  EXPECT_EQ(updated.cluster_id(), other);
  const v1::Decision copy = MustSubmit(
      MakeDocument("d", ArticleText(1) + " 시는 내달 말까지 다시 알리기로 했다.", HeadlineText(1)));
  EXPECT_EQ(copy.cluster_id(), other);

  v1::MergeClustersResponse merged;
  ASSERT_TRUE(Merge({other, cluster}, &merged).ok());
  EXPECT_EQ(merged.cluster().cluster_id(), cluster);
  EXPECT_EQ(merged.cluster().size(), 4);
  ASSERT_EQ(merged.merged_cluster_ids_size(), 1);
  EXPECT_EQ(merged.merged_cluster_ids(0), other);
  EXPECT_EQ(merged.cluster().words_size(), 3) << "of both clusters";
}

TEST_F(EditingTest, OtherArticlesAreOneWhereAnEditorSaysSo) {
  const std::string one = MustSubmit(MakeDocument("a", ArticleText(1))).cluster_id();
  const std::string other = MustSubmit(MakeDocument("b", ArticleText(2))).cluster_id();
  v1::MergeClustersResponse merged;
  ASSERT_TRUE(Merge({one, other}, &merged).ok());
  EXPECT_EQ(merged.cluster().size(), 2);
  EXPECT_EQ(MustSubmit(MakeDocument("c", ArticleText(2))).cluster_id(), one);
  EXPECT_EQ(MustSubmit(MakeDocument("b", ArticleText(3))).cluster_id(), one) << "an update of it";
  // Said again it changes nothing.
  v1::MergeClustersResponse again;
  ASSERT_TRUE(Merge({one}, &again).ok());
}

TEST_F(EditingTest, WhatCannotBeFollowedIsRefused) {
  const std::string cluster = Fill();
  const std::string other = MustSubmit(MakeDocument("z", ArticleText(5))).cluster_id();
  v1::PinCanonicalResponse pinned;
  EXPECT_REFUSED(Pin("17", "a", &pinned), StatusCode::INVALID_ARGUMENT, "cluster_id");
  EXPECT_REFUSED(Pin("c99999", "a", &pinned), StatusCode::NOT_FOUND, "");
  EXPECT_REFUSED(Pin(cluster, "never", &pinned), StatusCode::NOT_FOUND, "");
  grpc::Status status = Pin(cluster, "z", &pinned);
  EXPECT_REFUSED(status, StatusCode::FAILED_PRECONDITION, "");
  EXPECT_EQ(DetailsOf(status).reason, "NOT_IN_CLUSTER");
  v1::SplitClusterResponse split;
  status = Split(other, "z", &split);
  EXPECT_REFUSED(status, StatusCode::FAILED_PRECONDITION, "");
  EXPECT_EQ(DetailsOf(status).reason, "NOTHING_STAYS");
  EXPECT_REFUSED(Split(cluster, "", &split), StatusCode::INVALID_ARGUMENT, "document_ids[0]");
  v1::MergeClustersResponse merged;
  EXPECT_REFUSED(Merge({}, &merged), StatusCode::INVALID_ARGUMENT, "cluster_ids");
  EXPECT_REFUSED(Merge({cluster, "x"}, &merged), StatusCode::INVALID_ARGUMENT, "cluster_ids[1]");
  EXPECT_REFUSED(Merge(std::vector<std::string>(17, cluster), &merged),
                 StatusCode::INVALID_ARGUMENT, "cluster_ids");
  v1::PinCanonicalRequest request;
  request.set_cluster_id(cluster);
  request.set_document_id("a");
  request.set_note(std::string(1025, 'n'));
  grpc::ClientContext context;
  EXPECT_REFUSED(dedup_->PinCanonical(&context, request, &pinned), StatusCode::INVALID_ARGUMENT,
                 "note");
}

}  // namespace
}  // namespace wonbon
