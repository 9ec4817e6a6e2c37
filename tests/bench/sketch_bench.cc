// Cost of each stage between canonical text and fingerprint.
//
//   build-release/sketch_bench --benchmark_min_time=0.5
//
// The argument is the length of the text in UTF-16 units; 1,500 is the article of the goals.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "core/sketch/distinct_count.h"
#include "core/sketch/fingerprint.h"
#include "core/sketch/sample.h"
#include "core/sketch/shingle_hash.h"
#include "core/sketch/similarity_sketch.h"

namespace wonbon {
namespace {

constexpr Seed kSeed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

// Random Hangul syllables (xorshift64): as hard as text gets, no shingle comes twice.
std::u16string RandomUnits(size_t size, uint64_t state) {
  std::u16string units;
  for (size_t i = 0; i < size; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    units += static_cast<char16_t>(0xAC00 + state % 2350);
  }
  return units;
}

// 64 different texts in turn, so that no branch is learnt by heart.
std::vector<std::u16string> Texts(size_t size) {
  std::vector<std::u16string> texts;
  for (uint64_t i = 0; i < 64; ++i) texts.push_back(RandomUnits(size, i + 1));
  return texts;
}

std::vector<std::vector<uint64_t>> Hashes(const std::vector<std::u16string>& texts) {
  const HashKeys keys = DeriveHashKeys(kSeed);
  std::vector<std::vector<uint64_t>> hashes;
  for (std::u16string text : texts) {
    const size_t size = text.size();
    text.resize(size + kPadUnits);
    hashes.emplace_back(ShingleCount(size) + kPadHashes);
    HashShingles(text.data(), size, keys, hashes.back().data());
  }
  return hashes;
}

// Identity, shingles and fingerprint of a document.
void BM_Make(benchmark::State& state) {
  const Identifier identifier(kSeed);
  const ShingleHasher hasher(kSeed);
  const Document document{.publisher = "연합뉴스",
                          .url = "https://www.example.kr/view.php?id=20240101000001"};
  const CanonicalText title{.folded = u"제목", .units = u"제목"};
  std::vector<CanonicalText> texts;
  for (std::u16string& units : Texts(state.range(0))) texts.push_back({.units = std::move(units)});
  size_t i = 0;
  for (auto _ : state) {
    const CanonicalText& text = texts[i++ % 64];
    benchmark::DoNotOptimize(MakeFingerprint(hasher.Hash(text.units),
                                             identifier.Identify(document, text, title)));
  }
}
BENCHMARK(BM_Make)->Arg(100)->Arg(700)->Arg(1500)->Arg(5000)->Arg(80000);

void BM_HashShingles(benchmark::State& state) {
  const HashKeys keys = DeriveHashKeys(kSeed);
  std::u16string text = RandomUnits(state.range(0) + kPadUnits, 1);
  std::vector<uint64_t> hashes(text.size());
  for (auto _ : state) {
    HashShingles(text.data(), state.range(0), keys, hashes.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_HashShingles)->Arg(1500);

void BM_CountDistinct(benchmark::State& state) {
  const auto texts = Texts(state.range(0));
  const auto hashes = Hashes(texts);
  size_t i = 0;
  for (auto _ : state) {
    const size_t at = i++ % 64;
    benchmark::DoNotOptimize(
        CountDistinctShingles(texts[at].data(), hashes[at].data(), ShingleCount(texts[at].size())));
  }
}
BENCHMARK(BM_CountDistinct)->Arg(1500);

void BM_FillBins(benchmark::State& state) {
  const auto texts = Texts(state.range(0));
  const auto hashes = Hashes(texts);
  size_t i = 0;
  for (auto _ : state) {
    const size_t at = i++ % 64;
    benchmark::DoNotOptimize(
        CutTo8Bits(FillBins(hashes[at].data(), ShingleCount(texts[at].size()))));
  }
}
BENCHMARK(BM_FillBins)->Arg(30)->Arg(1500);

void BM_TakeSample(benchmark::State& state) {
  const auto texts = Texts(state.range(0));
  std::vector<ShingleList> lists;
  for (const std::u16string& text : texts) {
    std::vector<uint32_t> ends;
    for (uint32_t end = 50; end < text.size(); end += 50) ends.push_back(end);
    lists.push_back(ShingleHasher(kSeed).Hash(text, ends));
  }
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(TakeSample(lists[i++ % 64]));
}
BENCHMARK(BM_TakeSample)->Arg(200)->Arg(1500);

void BM_EqualBins(benchmark::State& state) {
  const ShingleHasher hasher(kSeed);
  const ShortSketch a(MakeFingerprint(hasher.Hash(RandomUnits(1500, 1)), {}).sketch);
  ShortSketch b(MakeFingerprint(hasher.Hash(RandomUnits(1500, 2)), {}).sketch);
  for (auto _ : state) {
    benchmark::DoNotOptimize(b);
    benchmark::DoNotOptimize(EqualBins(a, b));
  }
}
BENCHMARK(BM_EqualBins);

}  // namespace
}  // namespace wonbon

BENCHMARK_MAIN();
