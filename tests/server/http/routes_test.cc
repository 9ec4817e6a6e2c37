#include "server/http/routes.h"

#include <gtest/gtest.h>

#include "server/http/head.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

class HttpRoutesTest : public testing::Test {
 protected:
  HttpRoutesTest() {
    const auto ok = [](const HttpRequest&) { return HttpReply{.body = "ok\n"}; };
    routes_.Add("GET", "/things", ok);
    routes_.Add("POST", "/things", ok);
    routes_.Add("POST", "/only-post", ok);
  }

  HttpReply Answer(const std::string& method, const std::string& path) {
    return routes_.Answer({.method = method, .path = path});
  }

  HttpRoutes routes_;
};

TEST_F(HttpRoutesTest, HeadIsAnsweredWhereGetIs) {
  EXPECT_EQ(Answer("HEAD", "/things").status, 200);
  EXPECT_EQ(Answer("HEAD", "/only-post").status, 405);
}

TEST_F(HttpRoutesTest, AMethodThatIsNotThereSaysWhichAre) {
  HttpReply reply = Answer("DELETE", "/things");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.headers, (Headers{{"Allow", "GET, HEAD, POST"}}));
  reply = Answer("GET", "/only-post");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.headers, (Headers{{"Allow", "POST"}}));
}

TEST_F(HttpRoutesTest, AnUnknownPathIsNotFound) {
  EXPECT_EQ(Answer("GET", "/").status, 404);
  EXPECT_EQ(Answer("GET", "/things/").status, 404);
  EXPECT_EQ(Answer("GET", "/things/../things").status, 404);
  EXPECT_EQ(Answer("DELETE", "/nothing").status, 404);
}

// What ReadHead answers: 0 where all is well.
int StatusOf(const std::string& target, Headers headers = {}, bool http_1_1 = true) {
  headers.emplace_back("host", "localhost");
  HttpRequest request{.method = "GET", .headers = std::move(headers)};
  const std::optional<HttpReply> reply = ReadHead(target, http_1_1, request);
  return reply ? reply->status : 0;
}

TEST(HeadTest, ATargetIsTakenApart) {
  HttpRequest request{.method = "GET", .headers = {{"host", "localhost"}}};
  EXPECT_FALSE(ReadHead("/things?name=%ED%95%9C%EA%B8%80+%26&empty=&bare", true, request));
  EXPECT_EQ(request.path, "/things");
  EXPECT_EQ(request.query, (std::map<std::string, std::string, std::less<>>{
                               {"name", "한글 &"}, {"empty", ""}, {"bare", ""}}));
}

TEST(HeadTest, ATargetThatCannotBeReadIsABadRequest) {
  for (const char* target : {"", "things", "*", "http://host/things", "/things?a=%", "/things?a=%4",
                             "/things?a=%zz", "/things?a=1&a=2"}) {
    EXPECT_EQ(StatusOf(target), 400) << target;
  }
  std::string many = "/things?";
  for (size_t i = 0; i <= kMaxHttpQueryParameters; ++i) many += "p" + std::to_string(i) + "=1&";
  EXPECT_EQ(StatusOf(many), 400);
}

TEST(HeadTest, WhereARequestEndsIsNeverInDoubt) {
  EXPECT_EQ(StatusOf("/"), 0);
  EXPECT_EQ(StatusOf("/", {{"transfer-encoding", "Chunked"}}), 0);
  EXPECT_EQ(StatusOf("/", {{"transfer-encoding", "chunked"}}, false), 400);
  EXPECT_EQ(StatusOf("/", {{"transfer-encoding", "chunked"}, {"content-length", "1"}}), 400);
  EXPECT_EQ(StatusOf("/", {{"transfer-encoding", "gzip, chunked"}}), 501);
  EXPECT_EQ(StatusOf("/", {{"transfer-encoding", "identity"}}), 501);
  EXPECT_EQ(StatusOf("/", {{"transfer-encoding", "chunked"}, {"transfer-encoding", "x"}}), 501);
  EXPECT_EQ(StatusOf("/", {{"content-length", "1"}, {"content-length", "1"}}), 400);
  EXPECT_EQ(StatusOf("/", {{"host", "other"}}), 400);
  HttpRequest nameless{.method = "GET"};
  EXPECT_TRUE(ReadHead("/", true, nameless));
  EXPECT_FALSE(ReadHead("/", false, nameless));
}

}  // namespace
}  // namespace wonbon::server
