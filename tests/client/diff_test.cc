#include "client/command/diff.h"

#include <gmock/gmock.h>

#include <sstream>

#include "client/command/json.h"
#include "client/command/options.h"
#include "client/command/progress.h"
#include "client/command/table.h"

namespace wonbon::client {
namespace {

using ::testing::HasSubstr;

void Share(v1::CompareResponse* comparison, uint32_t a, uint32_t a_end, uint32_t b,
           uint32_t b_end) {
  v1::SharedSpan* span = comparison->add_shared();
  span->mutable_a()->set_begin(a);
  span->mutable_a()->set_end(a_end);
  span->mutable_b()->set_begin(b);
  span->mutable_b()->set_end(b_end);
}

TEST(DiffTest, EveryByteIsInExactlyOneBlock) {
  const std::string a = "서울 맑음 그리고 바람";  // 서울+space: 7 bytes
  const std::string b = "부산 맑음 그리고 비";
  v1::CompareResponse comparison;
  Share(&comparison, 7, 24, 7, 24);
  const auto blocks = MakeDiff(a, b, comparison);
  ASSERT_EQ(blocks.size(), 3u);
  EXPECT_FALSE(blocks[0].same);
  EXPECT_EQ(blocks[0].a, "서울 ");
  EXPECT_EQ(blocks[0].b, "부산 ");
  EXPECT_TRUE(blocks[1].same);
  std::string joined_a;
  std::string joined_b;
  for (const DiffBlock& block : blocks) {
    joined_a += block.a;
    joined_b += block.b;
  }
  EXPECT_EQ(joined_a, a);
  EXPECT_EQ(joined_b, b);
}

TEST(DiffTest, HalfAWordInCommonIsAWordThatDiffers) {
  const std::string a = "시장은 어제 회의를 열었다";
  const std::string b = "구청장은 오늘 회의를 열었으며";
  v1::CompareResponse comparison;
  Share(&comparison, 3, 10, 6, 13);    // "장은 " of 시장은 and 구청장은
  Share(&comparison, 17, 33, 20, 36);  // "회의를 열었", cut in 열었다 and 열었으며
  const auto blocks = MakeDiff(a, b, comparison);
  ASSERT_EQ(blocks.size(), 3u);
  EXPECT_EQ(blocks[0].a, "시장은 어제 ");
  EXPECT_EQ(blocks[0].b, "구청장은 오늘 ");
  EXPECT_TRUE(blocks[1].same);
  EXPECT_EQ(blocks[1].a, "회의를 ");
  EXPECT_EQ(blocks[1].b, "회의를 ");
  EXPECT_EQ(blocks[2].a, "열었다");
  EXPECT_EQ(blocks[2].b, "열었으며");
}

TEST(DiffTest, RowsBreakBetweenWords) {
  std::ostringstream out;
  PrintDiff(out, "one two three four five six", "", {}, {.width = 23});
  EXPECT_EQ(out.str(),
            "one two    < \n"
            "three four < \n"
            "five six   < \n");
  std::ostringstream long_word;
  PrintDiff(long_word, "abcdefghijklmno", "", {}, {.width = 23});
  EXPECT_EQ(long_word.str(),
            "abcdefghij < \n"
            "klmno      < \n");
}

TEST(DiffTest, SpansThatCrossOrLeaveTheTextDoNoHarm) {
  v1::CompareResponse comparison;
  Share(&comparison, 0, 3, 6, 9);      // fine
  Share(&comparison, 4, 6, 0, 2);      // crosses the first
  Share(&comparison, 7, 900, 9, 902);  // past the ends
  Share(&comparison, 5, 4, 5, 4);      // inside out
  const std::string text = "가나다라마";
  std::string joined;
  for (const DiffBlock& block : MakeDiff(text, text, comparison)) joined += block.a;
  EXPECT_EQ(joined, text);
}

TEST(DiffTest, MarksSayWhichSideHasIt) {
  v1::CompareResponse comparison;
  Share(&comparison, 0, 4, 0, 4);
  std::ostringstream out;
  PrintDiff(out, "same only a", "same", comparison, {.width = 43});
  EXPECT_EQ(out.str(),
            "same                   same\n"
            " only a              < \n");
  std::ostringstream coloured;
  PrintDiff(coloured, "same only a", "same", comparison, {.width = 43, .colour = true});
  EXPECT_THAT(coloured.str(), HasSubstr("\033[31m only a"));
}

TEST(TableTest, HangulIsTwoCellsWide) {
  EXPECT_EQ(DisplayWidth("한글ab"), 6);
  EXPECT_EQ(Clip("한글한글", 5), "한글…");
  EXPECT_EQ(Clip("한글", 4), "한글");
  std::ostringstream out;
  Table table({"이름", "b"});
  table.AddRow({"a", "c"});
  table.Print(out, 0);
  EXPECT_EQ(out.str(), "이름  b\na     c\n");
}

TEST(TableTest, WidthsAreThoseOfUnicode) {
  const std::pair<const char*, int> widths[] = {
      {"가", 2},           {"\u1112\u1161\u11AB", 2} /* 한 in three letters */,
      {"e\u0301", 1},      {"\u200Bx", 1},
      {"漢字", 4},         {"ＡＢ", 4},
      {"ｱ", 1},            {"…", 1},
      {"\U0001F600", 2},   {"㈜", 2}};
  for (const auto& [text, width] : widths) EXPECT_EQ(DisplayWidth(text), width) << text;
}

TEST(TableTest, EveryColumnShrinksWhereTheTerminalIsNarrow) {
  Table table({"id", "publisher", "title"});
  table.AddRow({"document-0123456789-0123456789", "가람통신 경제산업부", std::string(200, 'x')});
  table.AddRow({"a", "b", "c"});
  for (const int columns : {120, 80, 40, 20}) {
    std::ostringstream out;
    table.Print(out, columns);
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(DisplayWidth(line), columns) << line;
    }
  }
  std::ostringstream narrow;
  table.Print(narrow, 40);
  EXPECT_EQ(narrow.str(),
            "id            publisher     title\n"
            "document-01…  가람통신 경…  xxxxxxxxxxx…\n"
            "a             b             c\n");
}

TEST(TableTest, ControlCharactersNeverReachTheTerminal) {
  EXPECT_EQ(Printable("a\033[31mb\nc\x7F"), "a [31mb c ");
  EXPECT_EQ(Printable("\xFF가"), "\xEF\xBF\xBD가");
}

TEST(JsonTest, FieldsHaveTheNamesOfTheContractAndBareValues) {
  v1::Decision decision;
  decision.set_document_id("a \"1\"\n");
  decision.set_relation(v1::RELATION_NEAR);
  decision.set_outcome(v1::OUTCOME_CREATED);
  decision.set_sequence(1ull << 60);
  decision.add_flags(v1::FLAG_SHORT_TEXT);
  decision.mutable_canonical()->mutable_published_at()->set_seconds(0);
  decision.mutable_canonical()->set_reason(v1::CANONICAL_REASON_ONLY_DOCUMENT);
  const Json json = ToJson(decision);
  EXPECT_EQ(json["relation"], "NEAR");
  EXPECT_EQ(json["outcome"], "CREATED");
  EXPECT_EQ(json["sequence"], 1ull << 60);
  EXPECT_EQ(json["flags"][0], "SHORT_TEXT");
  EXPECT_EQ(json["canonical"]["published_at"], "1970-01-01T00:00:00Z");
  EXPECT_EQ(json["canonical"]["reason"], "ONLY_DOCUMENT");
  EXPECT_FALSE(json.contains("best_match"));
  EXPECT_THAT(Dump(json), HasSubstr(R"("document_id":"a \"1\"\n")"));
}

TEST(OptionsTest, DurationsAreSecondsUnlessTheySayOtherwise) {
  EXPECT_EQ(ParseDuration("30"), absl::Seconds(30));
  EXPECT_EQ(ParseDuration("500ms"), absl::Milliseconds(500));
  EXPECT_EQ(ParseDuration("2m"), absl::Minutes(2));
  for (const char* text : {"", "soon", "-1s", "5 parsecs"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(OptionsTest, OnlyThisMachineIsLoopback) {
  for (const char* endpoint :
       {"localhost:1", "127.0.0.1:7443", "127.9.9.9:1", "[::1]:1", "unix:/tmp/socket"}) {
    EXPECT_TRUE(IsLoopback(endpoint)) << endpoint;
  }
  for (const char* endpoint : {"example.org:1", "127.evil.example:1", "[::2]:1", "10.0.0.1:1",
                               "localhost.evil.example:1"}) {
    EXPECT_FALSE(IsLoopback(endpoint)) << endpoint;
  }
}

TEST(OptionsTest, AnErrorSaysWhatToDoNext) {
  GlobalOptions options;
  const std::string text =
      Explain(absl::UnavailableError("failed to connect to all addresses; last error: UNKNOWN: "
                                     "ipv4:127.0.0.1:7443: Connection refused"),
              options);
  EXPECT_EQ(text,
            "server not reachable at 127.0.0.1:7443 (Connection refused): start it with "
            "deploy/serve, or name another with --endpoint");
  options.endpoint = "example.org:7443";
  EXPECT_THAT(Explain(absl::UnavailableError("x"), options), HasSubstr("--insecure"));
  EXPECT_EQ(Explain(absl::ResourceExhaustedError("at most 1,000 collections"), options),
            "a limit of the server at example.org:7443: at most 1,000 collections");
  EXPECT_THAT(Explain(absl::UnauthenticatedError("x"), options), HasSubstr("--api-key"));
  EXPECT_THAT(Explain(absl::UnimplementedError(""), options), HasSubstr("UNIMPLEMENTED"));
}

TEST(ProgressTest, TheLineSaysSpeedCopiesAndTimeLeft) {
  ImportProgress progress;
  progress.tally.documents = 12'345;
  progress.tally.near = 1'234;
  progress.tally.seconds = 2;
  progress.bytes_settled = 1'500'000;
  progress.bytes_before = 500'000;
  progress.bytes_total = 2'000'000;
  EXPECT_EQ(ProgressText(progress, 79),
            "75 %  1.5 MB of 2.0 MB  12,345 docs  6,172/s  10 % copies  ETA 0:01");
  progress.bytes_total = 0;
  EXPECT_EQ(ProgressText(progress, 79), "1.5 MB  12,345 docs  6,172/s  10 % copies  0:02");
}

TEST(ProgressTest, TheLineFitsHoweverMuchThereIsToSay) {
  ImportProgress progress;
  progress.tally.documents = 1'234'567'890;
  progress.tally.rejected = 12'345'678;
  progress.tally.near = 400'000'000;
  progress.tally.seconds = 40'000;
  progress.bytes_settled = 3'456'000'000'000;
  progress.bytes_total = 5'123'000'000'000;
  for (const int width : {200, 79, 60, 40, 20, 5}) {
    const std::string text = ProgressText(progress, width);
    EXPECT_THAT(text, HasSubstr("1,234,567,890 docs"));
    if (width >= 20) EXPECT_LE(DisplayWidth(text), width) << text;
  }
  EXPECT_THAT(ProgressText(progress, 79), HasSubstr("ETA 5:21:34"));
}

}  // namespace
}  // namespace wonbon::client
