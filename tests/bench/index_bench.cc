// Cost of the memory index: look-up, insert, removal, growth, memory.
//
//   build-release/index_bench --benchmark_min_time=0.5
//   build-release/index_bench --benchmark_filter=Million --benchmark_min_time=0.5   (1.2 GB)
//
// Fingerprints are random, which is the hardest case for caches: every probe is a line of its own.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "core/index/memory_index.h"

namespace wonbon {
namespace {

constexpr size_t kSampleSize = 23;  // of an article of 720 syllables

// CPU time of this thread: what others do on the machine does not count.
double CpuMs() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

DocumentEntry NextEntry() {
  static uint64_t last = 0;
  return {.number = DocumentNumber{++last}, .bands = kAllBands};
}

// The fingerprint of document `number`.
Fingerprint Document(uint64_t number) {
  std::mt19937_64 random(number);
  Fingerprint fingerprint;
  fingerprint.exact_key = absl::MakeUint128(random(), random());
  fingerprint.url_key = random() | 1;
  fingerprint.shingles = 720;
  for (size_t i = 0; i < kSketchBins; i += 8) {
    const uint64_t word = random();
    for (size_t byte = 0; byte < 8; ++byte) {
      fingerprint.sketch.bins[i + byte] = static_cast<uint8_t>(word >> 8 * byte);
    }
  }
  for (size_t i = 0; i < kSampleSize; ++i) {
    fingerprint.sample.push_back(static_cast<uint32_t>(random()));
  }
  // As many again for every sentence as an article asks for.
  fingerprint.asked = fingerprint.sample;
  for (size_t i = 0; i < 2 * kSampleSize; ++i) {
    fingerprint.asked.push_back(static_cast<uint32_t>(random()));
  }
  return fingerprint;
}

struct Filled {
  MemoryIndex index;
  double slowest_insert_cpu_ms = 0;
  double samples_bytes = 0;
};

// An index of `documents` documents, all bands and samples posted; built once for all benchmarks.
Filled& FilledIndex(size_t documents) {
  static std::map<size_t, std::unique_ptr<Filled>> indexes;
  std::unique_ptr<Filled>& filled = indexes[documents];
  if (filled != nullptr) return *filled;
  filled = std::make_unique<Filled>();
  for (size_t i = 0; i < documents; ++i) {
    const Fingerprint fingerprint = Document(i);
    const double start = CpuMs();
    filled->index.Insert(NextEntry(), fingerprint);
    filled->slowest_insert_cpu_ms = std::max(filled->slowest_insert_cpu_ms, CpuMs() - start);
  }
  const size_t before = filled->index.memory().total();
  for (size_t i = 0; i < documents; ++i) {
    filled->index.AddSample(static_cast<Slot>(i), Document(i).sample);
  }
  filled->samples_bytes = static_cast<double>(filled->index.memory().total() - before);
  return *filled;
}

void Report(benchmark::State& state, const Filled& filled) {
  const double documents = static_cast<double>(filled.index.documents());
  state.counters["bytes/document"] =
      (static_cast<double>(filled.index.memory().total()) - filled.samples_bytes) / documents;
  state.counters["bytes/sample_posting"] = filled.samples_bytes / documents / kSampleSize;
  state.counters["slowest_insert_cpu_ms"] = filled.slowest_insert_cpu_ms;
}

// A document that resembles no other: 24 bands, 23 samples, two keys.
void LookUpNew(benchmark::State& state, size_t documents) {
  const Filled& filled = FilledIndex(documents);
  std::vector<Fingerprint> queries;
  for (uint64_t i = 0; i < 4096; ++i) queries.push_back(Document(documents + i));
  std::vector<MemoryIndex::Hit> hits;
  size_t i = 0;
  for (auto _ : state) {
    filled.index.LookUp(queries[i++ % queries.size()], &hits);
    benchmark::DoNotOptimize(hits.data());
  }
  Report(state, filled);
}

// A copy of one document.
void LookUpCopy(benchmark::State& state, size_t documents) {
  const Filled& filled = FilledIndex(documents);
  std::vector<Fingerprint> queries;
  for (uint64_t i = 0; i < 4096; ++i) queries.push_back(Document(i * 7919 % documents));
  std::vector<MemoryIndex::Hit> hits;
  size_t i = 0;
  for (auto _ : state) {
    filled.index.LookUp(queries[i++ % queries.size()], &hits);
    benchmark::DoNotOptimize(hits.data());
  }
}

// One document in, one document out: what retention does all day.
void Turnover(benchmark::State& state, size_t documents) {
  MemoryIndex& index = FilledIndex(documents).index;
  std::vector<Fingerprint> fingerprints;
  for (uint64_t i = 0; i < 4096; ++i) fingerprints.push_back(Document(documents + 10'000 + i));
  size_t i = 0;
  for (auto _ : state) {
    const Fingerprint& fingerprint = fingerprints[i++ % fingerprints.size()];
    const Slot slot = index.Insert(NextEntry(), fingerprint);
    index.AddSample(slot, fingerprint.sample);
    index.RemoveSample(slot, fingerprint.sample);
    index.Remove(slot);
  }
}

void BM_LookUpNew(benchmark::State& state) { LookUpNew(state, state.range(0)); }
void BM_LookUpCopy(benchmark::State& state) { LookUpCopy(state, state.range(0)); }
void BM_Turnover(benchmark::State& state) { Turnover(state, state.range(0)); }
BENCHMARK(BM_LookUpNew)->Arg(10'000)->Arg(200'000);
BENCHMARK(BM_LookUpCopy)->Arg(10'000)->Arg(200'000);
BENCHMARK(BM_Turnover)->Arg(10'000)->Arg(200'000);

void BM_MillionLookUpNew(benchmark::State& state) { LookUpNew(state, 1'300'000); }
void BM_MillionLookUpCopy(benchmark::State& state) { LookUpCopy(state, 1'300'000); }
void BM_MillionTurnover(benchmark::State& state) { Turnover(state, 1'300'000); }
BENCHMARK(BM_MillionLookUpNew);
BENCHMARK(BM_MillionLookUpCopy);
BENCHMARK(BM_MillionTurnover);

void BM_Insert(benchmark::State& state) {
  const size_t documents = state.range(0);
  std::vector<Fingerprint> fingerprints;
  for (uint64_t i = 0; i < documents; ++i) fingerprints.push_back(Document(i));
  for (auto _ : state) {
    MemoryIndex index;
    for (const Fingerprint& fingerprint : fingerprints) index.Insert(NextEntry(), fingerprint);
    benchmark::DoNotOptimize(index.documents());
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * documents));
}
BENCHMARK(BM_Insert)->Arg(100'000)->Unit(benchmark::kMillisecond);

// A copy in a flood of one template: every band key has been posted `range` times.
void BM_LookUpInFlood(benchmark::State& state) {
  MemoryIndex index;
  Fingerprint fingerprint = Document(1);
  for (int64_t i = 0; i < state.range(0); ++i) {
    fingerprint.exact_key = i;
    index.Insert(NextEntry(), fingerprint);
  }
  std::vector<MemoryIndex::Hit> hits;
  for (auto _ : state) {
    index.LookUp(fingerprint, &hits);
    benchmark::DoNotOptimize(hits.data());
  }
}
BENCHMARK(BM_LookUpInFlood)->Arg(20'000);

}  // namespace
}  // namespace wonbon

BENCHMARK_MAIN();
