#include "client/import/article_line.h"

#include <gtest/gtest.h>

#include "client/import/timestamp.h"

namespace wonbon::client {
namespace {

absl::StatusOr<v1::Document> Parse(const std::string& line) {
  v1::Document document;
  if (absl::Status status = ParseArticleLine(line, &document); !status.ok()) return status;
  return document;
}

TEST(ArticleLineTest, KnownKeysBecomeFields) {
  const auto document = Parse(
      R"({"id":"a-1","title":"시험 기사","body":"첫 줄\n둘째 \"줄\" \uD55C\uAE00","publisher":"신문",)"
      R"("published_at":"2025-08-20T11:05:55+09:00","url":"http://x.example/1","byline":"홍 기자",)"
      R"("section":"정치","content_type":"html"})");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->id(), "a-1");
  EXPECT_EQ(document->title(), "시험 기사");
  EXPECT_EQ(document->body(), "첫 줄\n둘째 \"줄\" 한글");
  EXPECT_EQ(document->publisher(), "신문");
  EXPECT_EQ(FormatTimestamp(document->published_at()), "2025-08-20T02:05:55Z");
  EXPECT_EQ(document->url(), "http://x.example/1");
  EXPECT_EQ(document->byline(), "홍 기자");
  EXPECT_EQ(document->section(), "정치");
  EXPECT_EQ(document->content_type(), v1::CONTENT_TYPE_HTML);
  EXPECT_TRUE(document->labels().empty());
}

TEST(ArticleLineTest, NullAndEmptyTimesAreUnset) {
  for (const char* time : {"null", "\"\""}) {
    const auto document =
        Parse(std::string(R"({"id":"a","body":"b","title":null,"published_at":)") + time + "}");
    ASSERT_TRUE(document.ok()) << document.status();
    EXPECT_FALSE(document->has_published_at());
    EXPECT_EQ(document->title(), "");
  }
}

TEST(ArticleLineTest, OtherKeysBecomeLabels) {
  const auto document = Parse(
      R"({"id":7,"body":"b","source":"crawl","jaccard":0.5000,"count": 12 ,"ok":true,"no":null,)"
      R"("list": [1, "두 개", {"a" : 1.50}],"object":{"k" : "v v"},"labels":{"x":"y","n":1e3}})");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->id(), "7");
  const auto& labels = document->labels();
  EXPECT_EQ(labels.at("source"), "crawl");
  EXPECT_EQ(labels.at("jaccard"), "0.5000");
  EXPECT_EQ(labels.at("count"), "12");
  EXPECT_EQ(labels.at("ok"), "true");
  EXPECT_FALSE(labels.contains("no"));
  EXPECT_EQ(labels.at("list"), R"([1,"두 개",{"a":1.50}])");
  EXPECT_EQ(labels.at("object"), R"({"k":"v v"})");
  EXPECT_EQ(labels.at("x"), "y");
  EXPECT_EQ(labels.at("n"), "1e3");
}

TEST(ArticleLineTest, AMissingBodyIsForTheServerToJudge) {
  const auto document = Parse(R"({"id":"a"})");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->body(), "");
}

TEST(ArticleLineTest, EveryFaultHasAReason) {
  const struct {
    std::string line;
    const char* reason;
  } cases[] = {
      {"", "empty"},
      {"nonsense", "not a JSON object"},
      {"id,title,body", "one line"},
      {"[1,2]", "jq -c"},
      {R"({"id":"a","body":"b"},)", "jq -c"},
      {R"("text")", "not a JSON object"},
      {R"({"id":"a")", "not JSON"},
      {R"({"id":"a"} trailing)", "not JSON"},
      {R"({"id":"a"} {"id":"b"})", "not JSON"},
      {R"({"id":"a","body":"b" "c"})", "not JSON"},
      {R"({"id":"a","body":["b"]})", "\"body\" must be text"},
      {R"({"id":["a"]})", "\"id\" must be text"},
      {R"({"id":1.5})", "\"id\" must be text"},
      {R"({"id":"a","title":5})", "\"title\" must be text"},
      {R"({"id":"a","published_at":true})", "\"published_at\" must be text"},
      {R"({"id":"a","published_at":17556555551})", "outside the years 1 to 9999"},
      {R"({"id":"a","published_at":"어제"})", "published_at"},
      {R"({"id":"a","content_type":"pdf"})", "content_type"},
      {R"({"id":"a","x":tru})", "\"x\": not JSON"},
      {R"({"id":"a","x":01})", "not a number"},
      {R"({"id":"a","x":[1,,2]})", "not JSON"},
      {R"({"id":"a","title":"\ud800"})", "title"},
      {R"({"id":"a","labels":{"":"empty key"}})", "label"},
      {R"({"id":"a","labels":{")" + std::string(129, 'k') + R"(":"v"}})", "label"},
      {R"({"id":"a","labels":{"x":")" + std::string(5000, 'v') + R"("}})", "5000 bytes"},
  };
  for (const auto& c : cases) {
    const auto document = Parse(c.line);
    ASSERT_FALSE(document.ok()) << c.line.substr(0, 80);
    EXPECT_EQ(document.status().code(), absl::StatusCode::kInvalidArgument) << c.line;
    EXPECT_NE(document.status().message().find(c.reason), absl::string_view::npos)
        << c.line.substr(0, 80) << " → " << document.status();
  }
}

absl::StatusOr<v1::Document> ParseAs(const ArticleLineFormat& format, std::string line,
                                     ArticleLineNotes* notes) {
  const size_t size = line.size();
  line.append(64, '\0');
  ArticleLineParser parser(format);
  v1::Document document;
  absl::Status status = parser.Parse(std::string_view(line).substr(0, size), &document);
  *notes = parser.notes();
  if (!status.ok()) return status;
  return document;
}

TEST(ArticleLineTest, KeysWithoutRoomInALabelAreLeftOutAndNamed) {
  std::string many = R"({"id":"a","body":"b")";
  for (int i = 0; i < 70; ++i) many += ",\"k" + std::to_string(i) + "\":1";
  const struct {
    std::string line;
    size_t left_out;
    std::string first;
  } cases[] = {
      {R"({"id":"a","body":"b","html":")" + std::string(5000, 'v') + R"("})", 1, "html"},
      {R"({"id":"a","body":"b","list":[)" + std::string(5000, ' ') + R"(1]})", 0, ""},
      {R"({"id":"a","body":"b","":"v"})", 1, ""},
      {R"({"id":"a","body":"b",")" + std::string(129, 'k') + R"(":"v"})", 1, std::string(128, 'k')},
      {many + "}", 6, "k64"},
  };
  for (const auto& c : cases) {
    ArticleLineNotes notes;
    const auto document = ParseAs({}, c.line, &notes);
    ASSERT_TRUE(document.ok()) << document.status();
    ASSERT_EQ(notes.left_out.size(), c.left_out) << c.line.substr(0, 60);
    if (c.left_out > 0) {
      EXPECT_EQ(notes.left_out.front(), c.first);
    }
  }
}

TEST(ArticleLineTest, FieldsMayHaveOtherNamesInTheFile) {
  ArticleLineFormat format;
  ASSERT_TRUE(AddMapping("body=text", &format).ok());
  ASSERT_TRUE(AddMapping("url=link", &format).ok());
  ASSERT_TRUE(AddMapping("id=no", &format).ok());
  ArticleLineNotes notes;
  const auto document =
      ParseAs(format, R"({"no":7,"text":"글","link":"http://x.example/7","body":"a summary"})",
              &notes);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->id(), "7");
  EXPECT_EQ(document->body(), "글");
  EXPECT_EQ(document->url(), "http://x.example/7");
  EXPECT_EQ(document->labels().at("body"), "a summary");
  for (const char* wrong : {"body", "=text", "body=", "text=body", "body=other", "title=text"}) {
    EXPECT_FALSE(AddMapping(wrong, &format).ok()) << wrong;
  }
}

TEST(ArticleLineTest, TimesMayBeNumbersAndMayNameNoZone) {
  const struct {
    const char* value;
    const char* utc;
    bool zone_assumed;
  } cases[] = {{"1744675200", "2025-04-15T00:00:00Z", false},
               {"1744675200000", "2025-04-15T00:00:00Z", false},
               {"\"2025.04.15 09:00\"", "2025-04-15T00:00:00Z", true},
               {"\"2025-04-15T09:00:00+09:00\"", "2025-04-15T00:00:00Z", false}};
  for (const auto& c : cases) {
    ArticleLineNotes notes;
    const auto document =
        ParseAs({}, std::string(R"({"id":"a","published_at":)") + c.value + "}", &notes);
    ASSERT_TRUE(document.ok()) << document.status();
    EXPECT_EQ(FormatTimestamp(document->published_at()), c.utc) << c.value;
    EXPECT_EQ(notes.zone_assumed, c.zone_assumed) << c.value;
  }
}

TEST(ArticleLineTest, TextThatIsNotUtf8IsDataLoss) {
  EXPECT_EQ(Parse("{\"id\":\"a\",\"body\":\"\xB0\xA1\"}").status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(ArticleLineTest, AHugeArticleIsRead) {
  std::string body;
  for (int i = 0; i < 400'000; ++i) body += "가나다\\n";
  const auto document = Parse(R"({"id":"a","body":")" + body + "\"}");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->body().size(), 4'000'000u);
}

}  // namespace
}  // namespace wonbon::client
