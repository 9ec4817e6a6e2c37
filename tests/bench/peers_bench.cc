// What wonbon does in process, on one core: beside it tests/bench/peers has libraries of others.
//
// usage: peers_bench ARTICLES.jsonl PAIRS.tsv
//
// Prints one line of JSON: documents a second from raw text to candidates (canonical text ->
// fingerprint -> look-up, then insert) and with the shingles' hashes given (fingerprint -> look-up,
// then insert), memory of the index in bytes a document, and the share of pairs at J >= .3, .4, .5
// (of canonical texts, exact) whose earlier document is among what the later one's look-up gives.
// Every document posts all its bands and its sample, as if each stood for a cluster of its own: the
// most memory that the index can take. Writes those pairs, "earlier later jaccard" by positions.
#include <time.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/identity/identity.h"
#include "core/index/memory_index.h"
#include "core/sketch/fingerprint.h"
#include "core/sketch/shingle_hash.h"
#include "core/sketch/shingle_list.h"
#include "core/text/canonical.h"
#include "tests/eval/article_line.h"

namespace {

using wonbon::Document;
using wonbon::Fingerprint;
using wonbon::MemoryIndex;
using wonbon::ShingleList;
using wonbon::Slot;

constexpr wonbon::Seed kSeed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr std::array<double, 3> kLevels = {.3, .4, .5};

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// What is known of an article before its shingles are sketched.
struct Prepared {
  ShingleList shingles;
  wonbon::Identity identity;
};

class Preparing {
 public:
  Prepared Prepare(const Document& document) const {
    const wonbon::CanonicalText body = wonbon::Canonicalize(document.body, {});
    const wonbon::CanonicalText title = wonbon::CanonicalizeTitle(document.title);
    return {.shingles = hasher_.Hash(body.units, body.sentence_ends),
            .identity = identifier_.Identify(document, body, title)};
  }

 private:
  const wonbon::ShingleHasher hasher_{kSeed};
  const wonbon::Identifier identifier_{kSeed};
};

void LookUpAndInsert(const Fingerprint& fingerprint, MemoryIndex* index,
                     std::vector<MemoryIndex::Hit>* hits) {
  index->LookUp(fingerprint, hits);
  const Slot slot = index->Insert({.number = wonbon::DocumentNumber{index->documents() + 1},
                                   .bands = wonbon::kAllBands},
                                  fingerprint);
  index->AddSample(slot, fingerprint.sample);
}

// Pairs of documents by their exact Jaccard similarity, found by counting common shingles.
class Truth {
 public:
  // Adds the next document; calls `pair(earlier, jaccard)` for each earlier one at .3 or more.
  template <typename Pair>
  void Add(const ShingleList& list, Pair pair) {
    std::vector<uint64_t> shingles = list.hashes;
    std::sort(shingles.begin(), shingles.end());
    shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
    const auto number = static_cast<uint32_t>(sizes_.size());
    common_.resize(sizes_.size());
    std::fill(common_.begin(), common_.end(), 0);
    for (const uint64_t shingle : shingles) {
      std::vector<uint32_t>& holders = holders_[shingle];
      for (const uint32_t holder : holders) ++common_[holder];
      holders.push_back(number);
    }
    for (uint32_t i = 0; i < number; ++i) {
      const auto both = static_cast<double>(common_[i]);
      const double jaccard = both / (sizes_[i] + static_cast<double>(shingles.size()) - both);
      if (common_[i] > 0 && jaccard >= kLevels[0]) pair(i, jaccard);
    }
    sizes_.push_back(static_cast<double>(shingles.size()));
  }

 private:
  std::unordered_map<uint64_t, std::vector<uint32_t>> holders_;
  std::vector<double> sizes_;
  std::vector<uint32_t> common_;  // with each earlier document
};

// Share of the pairs at each level that a look-up finds.
std::array<double, kLevels.size()> Recall(const std::vector<Prepared>& articles,
                                         std::FILE* pairs) {
  std::array<double, kLevels.size()> all{};
  std::array<double, kLevels.size()> found{};
  MemoryIndex index;
  Truth truth;
  std::vector<MemoryIndex::Hit> hits;
  for (size_t number = 0; number < articles.size(); ++number) {
    const Prepared& article = articles[number];
    // Nothing is removed: slots are given in order.
    LookUpAndInsert(wonbon::MakeFingerprint(article.shingles, article.identity), &index, &hits);
    truth.Add(article.shingles, [&](uint32_t earlier, double jaccard) {
      std::fprintf(pairs, "%u %zu %.4f\n", earlier, number, jaccard);
      const bool hit = std::any_of(hits.begin(), hits.end(),
                                   [earlier](const auto& each) { return each.slot == earlier; });
      for (size_t level = 0; level < kLevels.size(); ++level) {
        if (jaccard < kLevels[level]) continue;
        all[level] += 1;
        found[level] += hit ? 1 : 0;
      }
    });
  }
  for (size_t i = 0; i < found.size(); ++i) found[i] = all[i] > 0 ? found[i] / all[i] : 1;
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: peers_bench ARTICLES.jsonl PAIRS.tsv\n");
    return 2;
  }
  const std::vector<Document> documents = wonbon::ReadDocuments(argv[1]);
  const auto count = static_cast<double>(documents.size());
  const Preparing preparing;
  std::vector<MemoryIndex::Hit> hits;
  (void)preparing.Prepare({.body = "원본"});  // the first text builds tables and rules
  double begin = CpuSeconds();
  {
    MemoryIndex index;
    for (const Document& document : documents) {
      const Prepared article = preparing.Prepare(document);
      LookUpAndInsert(wonbon::MakeFingerprint(article.shingles, article.identity), &index, &hits);
    }
  }
  const double raw = CpuSeconds() - begin;
  std::vector<Prepared> articles;
  articles.reserve(documents.size());
  for (const Document& document : documents) articles.push_back(preparing.Prepare(document));
  begin = CpuSeconds();
  MemoryIndex index;
  for (const Prepared& article : articles) {
    LookUpAndInsert(wonbon::MakeFingerprint(article.shingles, article.identity), &index, &hits);
  }
  const double given = CpuSeconds() - begin;
  std::FILE* const pairs = std::fopen(argv[2], "w");
  if (pairs == nullptr) {
    std::perror(argv[2]);
    return 1;
  }
  const auto recall = Recall(articles, pairs);
  std::fclose(pairs);
  std::printf("{\"name\":\"wonbon\",\"documents\":%.0f,\"raw\":%.0f,\"given\":%.0f,\"bytes\":%.0f,"
              "\"recall\":[%.4f,%.4f,%.4f]}\n",
              count, count / raw, count / given,
              static_cast<double>(index.memory().total()) / count, recall[0], recall[1],
              recall[2]);
  return 0;
}
