// The seam on real articles: those of the folder that WONBON_DATA names, in the order of the file.
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/core/second_engine.h"
#include "tests/eval/article_line.h"

namespace wonbon {
namespace {

constexpr size_t kArticlesBetweenCatchingUp = 1'000;

TEST(SecondEngineDataTest, EqualsTheFirstOnAllEvaluationArticles) {
  const char* data = std::getenv("WONBON_DATA");
  if (data == nullptr) GTEST_SKIP() << "WONBON_DATA is not set";
  TemporaryFolder folder;
  const std::string articles = folder.path() / "articles.jsonl";
  const std::string unpack = absl::StrCat("zstd -qdc '", data, "/articles.jsonl.zst' > ", articles);
  ASSERT_EQ(std::system(unpack.c_str()), 0);

  TwoEngines engines;
  simdjson::dom::parser parser;
  simdjson::dom::document_stream lines = parser.load_many(articles, 1 << 24);
  size_t submitted = 0;
  for (auto line : lines) {
    engines.now() += absl::Seconds(1);
    const absl::StatusOr<Decision> decision =
        engines.first().Submit("", ReadDocument(line.value()));
    ASSERT_TRUE(decision.ok()) << decision.status();
    if (++submitted % kArticlesBetweenCatchingUp != 0) continue;
    engines.CatchUp();
    if (submitted % (8 * kArticlesBetweenCatchingUp) == 0) engines.OpenSecond();
    if (submitted % (9 * kArticlesBetweenCatchingUp) == 0) engines.OpenFirst();
  }
  engines.CatchUp();
  engines.ExpectEqual();
  EXPECT_GT(submitted, 20'000u);
  std::printf("%zu articles, %zu changes, %zu bytes a change\n", submitted, engines.changes(),
              engines.bytes() / engines.changes());
  engines.OpenFirst();
  engines.OpenSecond();
  engines.ExpectEqual();
}

}  // namespace
}  // namespace wonbon
