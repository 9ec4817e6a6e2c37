// The rpcs over HTTP, on the admin endpoint.
#include <string>

#include <nlohmann/json.hpp>

#include "gmock/gmock.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

json BodyOf(const std::string& answer) {
  const size_t head = answer.find("\r\n\r\n");
  return head == std::string::npos ? json() : json::parse(answer.substr(head + 4), nullptr, false);
}

class HttpCallsTest : public RunningServer {
 protected:
  std::string Submit(const std::string& id, const std::string& headers = "") {
    const json request = {{"document", {{"id", id}, {"body", ArticleText(1)}}}};
    return HttpCall("DedupService/Submit", request.dump(), headers);
  }
  std::string Stats(const std::string& headers) {
    return HttpCall("AdminService/GetStats", "{}", headers);
  }
};

TEST_F(HttpCallsTest, ACallIsAnsweredInJson) {
  const std::string answer = Submit("a");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("application/json")));
  const json first = BodyOf(answer)["decision"];
  EXPECT_EQ(first["documentId"], "a");
  EXPECT_EQ(first["relation"], "RELATION_UNIQUE");
  EXPECT_EQ(first["isCanonical"], true);
  const json second = BodyOf(Submit("b"))["decision"];
  EXPECT_EQ(second["relation"], "RELATION_EXACT");
  EXPECT_EQ(second["clusterId"], first["clusterId"]);
  EXPECT_EQ(second["isCanonical"], false) << "what is false is written too";
  EXPECT_EQ(RunningServer::Stats().documents(), 2);
}

TEST_F(HttpCallsTest, AnErrorHasConnectsForm) {
  const std::string answer = HttpCall("DedupService/Submit", R"({"document":{"title":"t"}})");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400"));
  const json error = BodyOf(answer);
  EXPECT_EQ(error["code"], "invalid_argument");
  EXPECT_EQ(error["message"], "document.id: is required");
  EXPECT_EQ(error["details"][0]["type"], "google.rpc.BadRequest");
  EXPECT_EQ(error["details"][0]["debug"]["fieldViolations"][0]["field"], "document.id");
  EXPECT_EQ(error["details"][1]["debug"]["reason"], "INVALID_FIELD");
  EXPECT_THAT(HttpCall("DedupService/GetDocument", R"({"documentId":"x"})"),
              AllOf(StartsWith("HTTP/1.1 404"), HasSubstr(R"("code":"not_found")"),
                    HasSubstr("DOCUMENT_NOT_FOUND")));
}

TEST_F(HttpCallsTest, WhatIsNoJsonOfTheMessageSaysWhere) {
  const struct {
    std::string json;
    std::string says;
  } kBad[] = {{"", "Unexpected end of string"},
              {"{", "Expected"},
              {"[]", "SubmitRequest"},
              {R"({"document":{"titel":"x"}})", "(document) titel: Cannot find field"},
              {R"({"document":{"title":7e}})", "title"},
              {R"({"document":{"labels":7}})", "labels"},
              {R"({"document":{"publishedAt":"yesterday"}})", "yesterday"},
              {R"({"document":{"contentType":"WORD"}})", "WORD"},
              {"{\"document\":{\"title\":\"\xff\"}}", "is not valid UTF-8 at byte 22"},
              {std::string(1'000, '[') + std::string(1'000, ']'), "the request is no JSON"}};
  for (const auto& bad : kBad) {
    const std::string answer = HttpCall("DedupService/Submit", bad.json);
    EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("MALFORMED_MESSAGE")));
    EXPECT_THAT(BodyOf(answer)["message"].get<std::string>(), HasSubstr(bad.says));
  }
  // Escaped halves of a character are text that the engine looks at.
  EXPECT_THAT(HttpCall("DedupService/Submit", R"({"document":{"id":"a","title":"\ud800"}})"),
              StartsWith("HTTP/1.1 400"));
  std::string many = R"({"documents":[{})";
  for (int i = 0; i < 1'000; ++i) many += ",{}";
  EXPECT_THAT(HttpCall("DedupService/SubmitBatch", many + "]}"),
              AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("at most 1000 in one call")));
  ExpectUnharmed();
}

TEST_F(HttpCallsTest, OnlyJsonByPostIsTaken) {
  EXPECT_THAT(HttpGet("/wonbon.v1.AdminService/GetStats"),
              AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: POST\r\n")));
  for (const char* method : {"OPTIONS", "PUT", "HEAD"}) {
    EXPECT_THAT(Http(std::string(method) + " /wonbon.v1.AdminService/GetStats HTTP/1.1\r\n"),
                StartsWith("HTTP/1.1 405"));
  }
  const std::string post = "POST /wonbon.v1.AdminService/GetStats HTTP/1.1\r\n";
  for (const char* type : {"", "Content-Type: text/plain\r\n",
                           "Content-Type: application/x-www-form-urlencoded\r\n",
                           "Content-Type: multipart/form-data; boundary=application/json\r\n"}) {
    EXPECT_THAT(Http(post + type + "Content-Length: 2\r\n", "{}"), StartsWith("HTTP/1.1 415"));
  }
  EXPECT_THAT(Http(post + "Content-Type: Application/JSON ;charset=utf-8\r\nContent-Length: 2\r\n",
                   "{}"),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Stats("Content-Encoding: gzip\r\n"),
              AllOf(StartsWith("HTTP/1.1 415"), HasSubstr("Accept-Encoding: identity")));
  EXPECT_THAT(HttpCall("AdminService/Nothing", "{}"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(HttpCall("DedupService/SubmitStream", "{}"),
              AllOf(StartsWith("HTTP/1.1 501"), HasSubstr("SubmitBatch")));
}

TEST_F(HttpCallsTest, APageOfAnotherSiteIsRefused) {
  EXPECT_THAT(Stats("Origin: http://localhost\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Stats("Sec-Fetch-Site: same-origin\r\n"), StartsWith("HTTP/1.1 200"));
  for (const char* header :
       {"Origin: http://evil.example", "Origin: null", "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"}) {
    const std::string answer = Stats(std::string(header) + "\r\n");
    EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 403"), HasSubstr("permission_denied"),
                              Not(HasSubstr("Access-Control"))))
        << header;
  }
  for (const char* host : {"127.0.0.1:9464", "[::1]:80", "LOCALHOST", "10.1.2.3"}) {
    EXPECT_THAT(Stats("Host: " + std::string(host) + "\r\n"), StartsWith("HTTP/1.1 200")) << host;
  }
  for (const char* host : {"evil.example", "127.0.0.1.evil.example:9464", "", "[", "[]"}) {
    EXPECT_THAT(Stats("Host: " + std::string(host) + "\r\n"), Not(StartsWith("HTTP/1.1 2")))
        << host;
  }
}

TEST_F(HttpCallsTest, WhoComesByAProxyIsNotOfThisMachine) {
  EXPECT_THAT(Stats(""), StartsWith("HTTP/1.1 200"));
  for (const char* header : {"X-Forwarded-For: 10.0.0.7", "Forwarded: for=10.0.0.7", "Via: 1.1 x",
                             "X-Real-IP: 127.0.0.1"}) {
    EXPECT_THAT(Stats(std::string(header) + "\r\n"),
                AllOf(StartsWith("HTTP/1.1 401"), HasSubstr("WWW-Authenticate: Bearer"),
                      HasSubstr("KEY_MISSING")))
        << header;
  }
}

TEST_F(HttpCallsTest, WhatOnlyTheServerMaySayOfACallIsNotBelievedOfOthers) {
  config_.anonymous = "reader";
  server_.reset();
  Start();
  grpc::ClientContext context;
  for (const char* name : {"wonbon-peer-bin", "wonbon-identity-bin", "wonbon-authorization-bin"}) {
    context.AddMetadata(name, "ipv4:127.0.0.1:1");
  }
  v1::CreateCollectionRequest request;
  request.set_name("made");
  v1::CreateCollectionResponse response;
  EXPECT_REFUSED(collections_->CreateCollection(&context, request, &response),
                 grpc::StatusCode::PERMISSION_DENIED, "");
}

TEST_F(HttpCallsTest, AWatchIsAStreamOfEvents) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  EXPECT_THAT(HttpGet("/wonbon.v1.DedupService/WatchClusters?collection=nowhere"),
              AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("COLLECTION_NOT_FOUND")));
  for (const char* query : {"after=x", "after=-1", "since=1", "after=1&after=2"}) {
    EXPECT_THAT(HttpGet("/wonbon.v1.DedupService/WatchClusters?" + std::string(query)),
                StartsWith("HTTP/1.1 400"))
        << query;
  }
}

TEST_F(HttpCallsTest, ThePagesOfTheDashboardAreServed) {
  const std::string page = HttpGet("/dashboard/");
  EXPECT_THAT(page, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Type: text/html"),
                          HasSubstr("frame-ancestors 'none'"), HasSubstr("nosniff")));
  EXPECT_EQ(page, HttpGet("/dashboard/index.html"));
  const size_t tag = page.find("ETag: ");
  ASSERT_NE(tag, std::string::npos);
  const std::string known = page.substr(tag + 6, page.find("\r\n", tag) - tag - 6);
  const std::string again =
      Http("GET /dashboard/ HTTP/1.1\r\nIf-None-Match: " + known + "\r\n");
  EXPECT_THAT(again, AllOf(StartsWith("HTTP/1.1 304"), Not(HasSubstr("<html"))));
  for (const char* path : {"/dashboard/../../etc/passwd", "/dashboard/%2e%2e/x", "/dashboard//"}) {
    EXPECT_THAT(HttpGet(path), StartsWith("HTTP/1.1 404")) << path;
  }
}

}  // namespace
}  // namespace wonbon
