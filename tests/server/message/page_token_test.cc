#include "server/message/page_token.h"

#include <gtest/gtest.h>

#include <limits>

#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::server {
namespace {

TEST(PageTokenTest, ATokenOfTheSameRequestIsReadBack) {
  v1::ListClustersRequest request;
  request.set_collection("news");
  const std::string token = MakePageToken(PageQuery(request), uint64_t{12'345});
  request.set_page_token(token);
  request.set_page_size(7);  // may change between pages
  const auto position = ReadNumericPageToken(PageQuery(request), token);
  ASSERT_TRUE(position.ok()) << position.status();
  EXPECT_EQ(*position, 12'345);
}

TEST(PageTokenTest, AnotherParameterOrAnotherListIsRefused) {
  v1::ListClustersRequest request;
  request.set_collection("news");
  const std::string token = MakePageToken(PageQuery(request), uint64_t{5});
  v1::ListClustersRequest other = request;
  other.set_min_size(2);
  EXPECT_FALSE(ReadNumericPageToken(PageQuery(other), token).ok());
  other = request;
  other.set_collection("sports");
  EXPECT_FALSE(ReadNumericPageToken(PageQuery(other), token).ok());
  v1::ListClusterDocumentsRequest documents;
  documents.set_collection("news");
  EXPECT_FALSE(ReadNumericPageToken(PageQuery(documents), token).ok());
}

TEST(PageTokenTest, EveryDamagedByteIsNoticed) {
  const std::string query = PageQuery(v1::ListClustersRequest());
  const std::string token = MakePageToken(query, uint64_t{99});
  for (size_t i = 0; i < token.size(); ++i) {
    std::string damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    const auto read = ReadNumericPageToken(query, damaged);
    EXPECT_TRUE(!read.ok() || *read == 99) << i;  // padding bits of base64 may differ
    if (!read.ok()) {
      EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
      EXPECT_EQ(read.status().message().substr(0, 11), "page_token:");
    }
  }
}

TEST(PageTokenTest, GarbageIsRefused) {
  for (const std::string& token : {std::string("x"), std::string("!!!!"), std::string(2'000, 'A'),
                                   std::string("AQ=="), std::string(1, '\0')}) {
    EXPECT_FALSE(ReadPageToken("query", token).ok()) << token;
  }
}

TEST(PageTokenTest, PositionsMayBeText) {
  const std::string token = MakePageToken("query", std::string_view("sports"));
  EXPECT_EQ(*ReadPageToken("query", token), "sports");
  EXPECT_FALSE(ReadNumericPageToken("query", token).ok());
}

TEST(PageTokenTest, PageSizesAreCoercedDownAndNeverNegative) {
  EXPECT_EQ(*PageSize(0), 100);
  EXPECT_EQ(*PageSize(1'000), 1'000);
  EXPECT_EQ(*PageSize(1'001), 1'000);
  EXPECT_EQ(*PageSize(std::numeric_limits<int>::max()), 1'000);
  EXPECT_FALSE(PageSize(-1).ok());
}

}  // namespace
}  // namespace wonbon::server
