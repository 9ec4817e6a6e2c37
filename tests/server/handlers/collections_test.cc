// CollectionService over the wire.
#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using grpc::StatusCode;

class CollectionsTest : public RunningServer {
 protected:
  grpc::Status Create(const std::string& name, v1::CollectionSettings settings = {}) {
    v1::CreateCollectionRequest request;
    request.set_name(name);
    *request.mutable_settings() = std::move(settings);
    v1::CreateCollectionResponse response;
    grpc::ClientContext context;
    return collections_->CreateCollection(&context, request, &response);
  }
  grpc::Status Get(const std::string& name, v1::Collection* collection) {
    v1::GetCollectionRequest request;
    request.set_name(name);
    v1::GetCollectionResponse response;
    grpc::ClientContext context;
    grpc::Status status = collections_->GetCollection(&context, request, &response);
    *collection = response.collection();
    return status;
  }
  grpc::Status Delete(const std::string& name, bool force, uint64_t* deleted) {
    v1::DeleteCollectionRequest request;
    request.set_name(name);
    request.set_force(force);
    v1::DeleteCollectionResponse response;
    grpc::ClientContext context;
    grpc::Status status = collections_->DeleteCollection(&context, request, &response);
    *deleted = response.deleted_documents();
    return status;
  }
};

TEST_F(CollectionsTest, ACollectionIsMadeReadChangedAndDeleted) {
  v1::CollectionSettings settings;
  settings.add_preferred_publishers("한국신문");
  settings.mutable_retention()->set_seconds(3'600);
  ASSERT_TRUE(Create("sports", settings).ok());
  v1::Collection collection;
  ASSERT_TRUE(Get("sports", &collection).ok());
  EXPECT_EQ(collection.settings().preferred_publishers(0), "한국신문");
  EXPECT_EQ(collection.settings().retention().seconds(), 3'600);
  EXPECT_GT(collection.created_at().seconds(), 0);

  v1::UpdateCollectionRequest update;
  update.set_name("sports");
  update.mutable_settings()->add_wire_publishers("통신사");
  v1::UpdateCollectionResponse updated;
  grpc::ClientContext context;
  ASSERT_TRUE(collections_->UpdateCollection(&context, update, &updated).ok());
  ASSERT_TRUE(Get("sports", &collection).ok());
  EXPECT_EQ(collection.settings().preferred_publishers(0), "한국신문");
  EXPECT_EQ(collection.settings().wire_publishers(0), "통신사");
  EXPECT_EQ(collection.settings().retention().seconds(), 3'600);

  MustSubmit(MakeDocument("a", ArticleText(1)), "sports");
  ASSERT_TRUE(Get("sports", &collection).ok());
  EXPECT_EQ(collection.documents(), 1);
  EXPECT_EQ(collection.clusters(), 1);
  uint64_t deleted = 0;
  EXPECT_REFUSED(Delete("sports", false, &deleted), StatusCode::FAILED_PRECONDITION, "");
  ASSERT_TRUE(Delete("sports", true, &deleted).ok());
  EXPECT_EQ(deleted, 1);
  const grpc::Status gone = Get("sports", &collection);
  EXPECT_REFUSED(gone, StatusCode::NOT_FOUND, "");
  EXPECT_EQ(DetailsOf(gone).reason, "COLLECTION_NOT_FOUND");
}

TEST_F(CollectionsTest, AMaskSaysWhichSettingsCount) {
  v1::CollectionSettings settings;
  settings.add_preferred_publishers("한국신문");
  settings.add_wire_publishers("통신사");
  settings.mutable_retention()->set_seconds(3'600);
  ASSERT_TRUE(Create("sports", settings).ok());
  const auto update = [&](const std::vector<std::string>& paths, v1::CollectionSettings* after) {
    v1::UpdateCollectionRequest request;
    request.set_name("sports");
    request.mutable_settings()->mutable_retention()->set_seconds(7'200);
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    v1::UpdateCollectionResponse response;
    grpc::ClientContext context;
    grpc::Status status = collections_->UpdateCollection(&context, request, &response);
    *after = response.collection().settings();
    return status;
  };
  v1::CollectionSettings after;
  ASSERT_TRUE(update({"preferred_publishers"}, &after).ok());
  EXPECT_EQ(after.preferred_publishers_size(), 0) << "named and unset: cleared";
  EXPECT_EQ(after.wire_publishers(0), "통신사");
  EXPECT_EQ(after.retention().seconds(), 3'600) << "given, but not named";
  EXPECT_REFUSED(update({"retention", "colour"}, &after), StatusCode::INVALID_ARGUMENT,
                 "update_mask");
  ASSERT_TRUE(update({"*"}, &after).ok());
  EXPECT_EQ(after.wire_publishers_size(), 0);
  EXPECT_EQ(after.retention().seconds(), 7'200);
}

TEST_F(CollectionsTest, CollectionsDoNotSeeEachOther) {
  ASSERT_TRUE(Create("other").ok());
  MustSubmit(MakeDocument("a", ArticleText(1)));
  const v1::Decision decision = MustSubmit(MakeDocument("a", ArticleText(1)), "other");
  EXPECT_EQ(decision.outcome(), v1::OUTCOME_CREATED);
  EXPECT_EQ(decision.relation(), v1::RELATION_UNIQUE);
}

TEST_F(CollectionsTest, BadNamesAndSettingsAreRefused) {
  for (const std::string& name : {std::string(), std::string("Großes"), std::string("-a"),
                                  std::string("a b"), std::string(65, 'a')}) {
    EXPECT_REFUSED(Create(name), StatusCode::INVALID_ARGUMENT, "name");
  }
  v1::CollectionSettings settings;
  settings.mutable_retention()->set_seconds(-1);
  EXPECT_REFUSED(Create("a", settings), StatusCode::INVALID_ARGUMENT, "settings.retention");
  settings.mutable_retention()->set_seconds(5);
  EXPECT_REFUSED(Create("a", settings), StatusCode::INVALID_ARGUMENT, "settings.retention");
  settings.Clear();
  for (int i = 0; i < 101; ++i) settings.add_preferred_publishers("p" + std::to_string(i));
  EXPECT_REFUSED(Create("a", settings), StatusCode::INVALID_ARGUMENT,
                 "settings.preferred_publishers");
}

TEST_F(CollectionsTest, TheDefaultExistsAndStays) {
  v1::Collection collection;
  EXPECT_TRUE(Get("default", &collection).ok());
  uint64_t deleted = 0;
  EXPECT_REFUSED(Delete("default", true, &deleted), StatusCode::FAILED_PRECONDITION, "");
  const grpc::Status again = Create("default");
  EXPECT_REFUSED(again, StatusCode::ALREADY_EXISTS, "");
  EXPECT_EQ(DetailsOf(again).reason, "COLLECTION_EXISTS");
}

TEST_F(CollectionsTest, TheyAreListedByNameInPages) {
  for (const char* name : {"c", "a", "b"}) ASSERT_TRUE(Create(name).ok());
  v1::ListCollectionsRequest request;
  request.set_page_size(3);
  v1::ListCollectionsResponse response;
  {
    grpc::ClientContext context;
    ASSERT_TRUE(collections_->ListCollections(&context, request, &response).ok());
  }
  ASSERT_EQ(response.collections_size(), 3);
  EXPECT_EQ(response.collections(0).name(), "a");
  request.set_page_token(response.next_page_token());
  {
    grpc::ClientContext context;
    ASSERT_TRUE(collections_->ListCollections(&context, request, &response).ok());
  }
  ASSERT_EQ(response.collections_size(), 1);
  EXPECT_EQ(response.collections(0).name(), "default");
  EXPECT_EQ(response.next_page_token(), "");
  request.set_page_token("foreign");
  grpc::ClientContext context;
  EXPECT_REFUSED(collections_->ListCollections(&context, request, &response),
                 StatusCode::INVALID_ARGUMENT, "page_token");
}

}  // namespace
}  // namespace wonbon
