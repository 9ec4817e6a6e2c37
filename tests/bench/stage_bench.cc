// What each stage of a submission costs before its neighbours are asked, on whole articles.
//
// usage: stage_bench ARTICLES.jsonl [ROUNDS]
//
// Every stage runs over all articles, stage after stage, round after round, in one thread; CPU time
// of the best round. Prints a table, and as its last line the shares of the sum as one JSON object.
// Stages that are part of another one stand indented behind it and are not added up.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <utility>

#include "core/identity/identity.h"
#include "core/judge/profile.h"
#include "core/sketch/fingerprint.h"
#include "core/sketch/shingle_list.h"
#include "core/store/store.h"
#include "core/text/boilerplate.h"
#include "core/text/canonical.h"
#include "core/text/fold.h"
#include "core/text/utf8.h"
#include "tests/eval/article_line.h"

namespace {

using wonbon::Document;

constexpr wonbon::Seed kSeed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// An article and what the stages before have made of it.
struct Article {
  Document document;
  wonbon::FoldedText folded;
  wonbon::CanonicalText body, title;
  wonbon::ShingleList shingles;
  wonbon::Identity identity;
};

struct Stage {
  const char* key;
  bool is_part;  // of the one before it
  std::function<size_t(const Article&)> run;  // returns something, so that it is not left out
  double seconds = std::numeric_limits<double>::max();
};

std::vector<Article> Prepare(const char* path, const wonbon::ShingleHasher& hasher,
                             const wonbon::Identifier& identifier) {
  std::vector<Article> articles;
  for (Document& document : wonbon::ReadDocuments(path)) {
    Article& article = articles.emplace_back();
    article.document = std::move(document);
    article.folded = wonbon::Fold(article.document.body, /*with_source=*/false);
    article.body = wonbon::Canonicalize(article.document.body, {});
    article.title = wonbon::CanonicalizeTitle(article.document.title);
    article.shingles = hasher.Hash(article.body.units, article.body.sentence_ends);
    article.identity = identifier.Identify(article.document, article.body, article.title);
  }
  return articles;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: stage_bench ARTICLES.jsonl [ROUNDS]\n");
    return 2;
  }
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const wonbon::ShingleHasher hasher(kSeed);
  const wonbon::Identifier identifier(kSeed);
  const std::vector<Article> articles = Prepare(argv[1], hasher, identifier);
  std::vector<Stage> stages = {
      {"utf8", false, [](const Article& a) { return wonbon::FindInvalidUtf8(a.document.body); }},
      {"canonical", false,
       [](const Article& a) { return wonbon::Canonicalize(a.document.body, {}).units.size(); }},
      {"fold", true,
       [](const Article& a) { return wonbon::Fold(a.document.body, false).text.size(); }},
      {"boilerplate", true,
       [](const Article& a) { return wonbon::FindBoilerplate(a.folded.text).size(); }},
      {"title", false,
       [](const Article& a) { return wonbon::CanonicalizeTitle(a.document.title).units.size(); }},
      {"shingles", false,
       [&hasher](const Article& a) {
         return size_t{hasher.Hash(a.body.units, a.body.sentence_ends).distinct};
       }},
      {"identity", false,
       [&identifier](const Article& a) {
         return size_t{identifier.Identify(a.document, a.body, a.title).text};
       }},
      {"fingerprint", false,
       [](const Article& a) {
         return size_t{wonbon::MakeFingerprint(a.shingles, a.identity).shingles};
       }},
      {"profile", false,
       [](const Article& a) {
         return wonbon::MakeProfile(a.identity, a.document.published_at, a.body, a.title,
                                    a.shingles)
             .units.size();
       }},
      {"pack_body", false,
       [](const Article& a) { return wonbon::PackBody(a.document.body).size(); }},
  };
  size_t bytes = 0, units = 0, sink = 0;
  for (const Article& article : articles) {
    bytes += article.document.body.size();
    units += article.body.units.size();
  }
  for (int round = 0; round < rounds; ++round) {
    for (Stage& stage : stages) {
      const double begin = CpuSeconds();
      for (const Article& article : articles) sink += stage.run(article);
      stage.seconds = std::min(stage.seconds, CpuSeconds() - begin);
    }
  }
  const auto count = static_cast<double>(articles.size());
  double sum = 0;
  for (const Stage& stage : stages) sum += stage.is_part ? 0 : stage.seconds;
  std::printf("%zu articles, %.0f bytes and %.0f units each (%zu)\n\n", articles.size(),
              static_cast<double>(bytes) / count, static_cast<double>(units) / count, sink % 10);
  std::printf("| stage | us an article | MB/s |\n|---|---|---|\n");
  for (const Stage& stage : stages) {
    std::printf("| %s%s | %.2f | %.0f |\n", stage.is_part ? "- " : "", stage.key,
                1e6 * stage.seconds / count, static_cast<double>(bytes) / stage.seconds / 1e6);
  }
  std::printf("| all | %.2f | %.0f |\n\n{", 1e6 * sum / count,
              static_cast<double>(bytes) / sum / 1e6);
  for (size_t i = 0; i < stages.size(); ++i) {
    std::printf("%s\"%s\":%.3f", i == 0 ? "" : ",", stages[i].key, stages[i].seconds / sum);
  }
  std::puts("}");
  return 0;
}
