// What becomes of speed, memory and recall as an engine fills.
//
// usage: scale_bench DIR DOCUMENTS SEED
//
// Fills an engine in DIR (made, and left behind) with generated news (news_stream.h); prints
// tables of inserts and commits over ten stretches, and of look-ups, memory and recall after
// 100,000 documents, 1,000,000 and the last; opens the folder again; last a line of JSON.
// Where fewer than 200,000 are asked for, half of them stand for the first 100,000.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "core/sketch/shingle_hash.h"
#include "core/sketch/shingle_list.h"
#include "core/text/canonical.h"
#include "tests/bench/filling.h"
#include "tests/bench/news_stream.h"
#include "tests/bench/process_memory.h"
#include "tests/bench/quantile.h"

namespace {

using wonbon::Document;
using wonbon::Engine;
using namespace wonbon::bench;  // NOLINT(google-build-using-namespace)

constexpr uint64_t kWindow = 100'000;
constexpr uint64_t kProbes = uint64_t{1} << 61;  // their numbers lie where no document is
std::vector<uint64_t> Shingles(const std::string& body, const wonbon::ShingleHasher& hasher) {
  const wonbon::CanonicalText text = wonbon::Canonicalize(body, {});
  std::vector<uint64_t> hashes = hasher.Hash(text.units, text.sentence_ends).hashes;
  hashes.resize(wonbon::ShingleCount(text.units.size()));
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

double Jaccard(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  std::vector<uint64_t> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return static_cast<double>(common.size()) /
         static_cast<double>(a.size() + b.size() - common.size());
}

struct Share {
  uint64_t all = 0;
  uint64_t found = 0;  // the base's cluster is among the candidates
  uint64_t told = 0;   // Check joins it, or has a link to it
  double Of(uint64_t part) const {
    return static_cast<double>(part) / static_cast<double>(std::max(all, uint64_t{1}));
  }
  std::string Text() const {
    return absl::StrFormat("%.4f (%u of %u), answered %.4f", Of(found), found, all, Of(told));
  }
};

struct Recall {
  Share j3, j4, j5, partial;
  uint64_t truncated = 0;
};

// Asks for copies that the engine does not have of documents that it has, chosen at random.
Recall MeasureRecall(Filling& filling, uint64_t probes) {
  const wonbon::ShingleHasher hasher(wonbon::Seed{});
  wonbon::corpus::Random random(filling.documents());
  Recall recall;
  for (uint64_t i = 0; i < probes; ++i) {
    const Kind kind = i % 2 == 0 ? Kind::kNear : Kind::kPartial;
    const uint64_t base = filling.news().UniqueUpTo(random.Next() % filling.documents());
    const Document probe = filling.news().MakeProbe(kind, base, kProbes + random.Next() % kProbes);
    const Document original = filling.news().Make(base);
    Engine& engine = filling.engine();
    const auto submission = Require(engine.Prepare("", probe, Engine::Purpose::kCheck));
    engine.Prejudge(*submission);
    const wonbon::ClusterId home = Require(engine.GetDocument("", original.id, false)).cluster;
    const auto& clusters = submission->candidates.clusters;
    const bool found = std::any_of(clusters.begin(), clusters.end(),
                                   [home](const auto& cluster) { return cluster.id == home; });
    recall.truncated += submission->candidates.truncated ? 1 : 0;
    const wonbon::Decision decision = Require(engine.Check(*submission, {}));
    const bool told = decision.cluster == home ||
                      std::any_of(decision.links.begin(), decision.links.end(),
                                  [home](const auto& link) { return link.cluster == home; });
    const auto count = [&](Share& share) {
      ++share.all;
      share.found += found ? 1 : 0;
      share.told += told ? 1 : 0;
    };
    if (kind == Kind::kPartial) {
      count(recall.partial);
      continue;
    }
    const double jaccard = Jaccard(Shingles(probe.body, hasher), Shingles(original.body, hasher));
    if (jaccard >= .3) count(recall.j3);
    if (jaccard >= .4) count(recall.j4);
    if (jaccard >= .5) count(recall.j5);
  }
  return recall;
}

struct LookUps {
  double per_second = 0;
  double cpu_us = 0;
};

// Check of the documents that come next, by as many threads as there are processors.
LookUps MeasureLookUps(Filling& filling, uint64_t count) {
  std::vector<Document> documents;
  documents.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    documents.push_back(filling.news().Make(filling.documents() + i));
  }
  std::atomic<uint64_t> next{0};
  const auto work = [&] {
    for (uint64_t i = next++; i < count; i = next++) {
      const auto submission = Require(
          filling.engine().Prepare("", std::move(documents[i]), Engine::Purpose::kCheck));
      if (const auto decision = filling.engine().Check(*submission, {}); !decision.ok()) {
        Fail(decision.status().ToString());
      }
    }
  };
  const Clock before;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < Threads(); ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  const Clock after;
  const auto all = static_cast<double>(count);
  return {.per_second = all / (after.wall - before.wall),
          .cpu_us = 1e6 * (after.cpu - before.cpu) / all};
}

// `base`: what was allocated, and not accounted for, when the engine was empty.
void PrintMemory(Engine& engine, uint64_t base) {
  const Engine::Stats stats = engine.GetStats();
  const ProcessMemory memory = MeasureMemory();
  const uint64_t sum = Accounted(stats) + base;
  const auto documents = static_cast<double>(stats.documents);
  const auto row = [&](const char* what, uint64_t bytes) {
    absl::PrintF("| %s | %.1f | %.0f |\n", what, static_cast<double>(bytes) / 1e6,
                 static_cast<double>(bytes) / documents);
  };
  absl::PrintF("\n| memory at %u documents, %u clusters | MB | bytes a document |\n|---|---|---|\n",
               stats.documents, stats.clusters);
  row("index and state", stats.index_bytes);
  row("RocksDB: indexes and filters of tables", stats.store_memory.table_readers);
  row("fixed: RocksDB's memtables", stats.store_memory.memtables);
  row("fixed: RocksDB's block cache", stats.store_memory.block_cache);
  row("fixed: articles ready for judgement", stats.article_cache_bytes);
  row("fixed: document frequencies", stats.rarity_bytes);
  row("fixed: text rules and what else an empty engine has", base);
  row("sum", sum);
  row("allocated", memory.allocated);
  row("allocated, in none of these", memory.allocated - std::min(sum, memory.allocated));
  row("resident (once the engine was closed, with what it had)", memory.resident);
  row("on disk", stats.store_bytes);
}

void PrintStretch(const Stretch& stretch, const std::vector<Group>& groups) {
  std::vector<double> deciding, writing, changes;
  double commit_cpu = 0;
  for (const Group& group : groups) {
    if (group.before < stretch.begin || group.before >= stretch.end) continue;
    deciding.push_back(Ms(group.times.deciding));
    writing.push_back(Ms(group.times.writing));
    changes.push_back(static_cast<double>(group.times.changes));
    commit_cpu += group.cpu_ms;
  }
  const auto documents = static_cast<double>(stretch.end - stretch.begin);
  absl::PrintF(
      "| %u | %.0f | %.0f | %.0f | %u of %.0f | %.2f %.2f %.2f %.1f | %.2f %.2f %.1f |\n",
      stretch.end, documents / stretch.seconds, stretch.cpu_us, 1e3 * commit_cpu / documents,
      deciding.size(), Quantile(changes, .5), Quantile(deciding, .5), Quantile(deciding, .99),
      Quantile(deciding, .999), Quantile(deciding, 1), Quantile(writing, .5),
      Quantile(writing, .99), Quantile(writing, 1));
}

void PrintSlowest(std::vector<Group> groups) {
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.times.deciding > b.times.deciding;
  });
  std::puts("\n| slowest groups: decided in, ms | written in | CPU of both | changes | at |");
  std::puts("|---|---|---|---|---|");
  for (size_t i = 0; i < std::min<size_t>(groups.size(), 8); ++i) {
    const Group& group = groups[i];
    absl::PrintF("| %.1f | %.1f | %.1f | %u | %u |\n", Ms(group.times.deciding),
                 Ms(group.times.writing), group.cpu_ms, group.times.changes, group.before);
  }
}

void PrintGenerator(const NewsStream& news) {
  constexpr uint64_t kDocuments = 4'000;
  std::vector<double> units;
  units.reserve(kDocuments);
  double seconds = 0;
  for (uint64_t i = 0; i < kDocuments; ++i) {
    const double before = Cpu(CLOCK_THREAD_CPUTIME_ID);
    const Document document = news.Make(i);
    seconds += Cpu(CLOCK_THREAD_CPUTIME_ID) - before;
    units.push_back(static_cast<double>(wonbon::Canonicalize(document.body, {}).units.size()));
  }
  absl::PrintF("letters of a document: 5 %% %.0f, median %.0f, 95 %% %.0f; made in %.1f us\n",
               Quantile(units, .05), Quantile(units, .5), Quantile(units, .95),
               1e6 * seconds / kDocuments);
}

// Stretches taken together.
struct Window {
  uint64_t documents = 0;
  double seconds = 0;
  double cpu_us = 0;
  void Add(const Stretch& stretch) {
    const uint64_t added = stretch.end - stretch.begin;
    documents += added;
    seconds += stretch.seconds;
    cpu_us += stretch.cpu_us * static_cast<double>(added);
  }
  double rate() const { return static_cast<double>(documents) / seconds; }
  double cpu_us_each() const { return cpu_us / static_cast<double>(documents); }
};

struct Results {
  Window first, last;
  LookUps first_look_ups, last_look_ups;
  Recall recall;
};

std::string MachineLoad() {
  std::string load;
  std::getline(std::ifstream("/proc/loadavg"), load);
  return load;
}

// What is looked at when so many documents are there.
void Stop(Filling& filling, Results* results) {
  const uint64_t count = std::clamp<uint64_t>(filling.documents() / 50, 500, 8'000);
  PrintMemory(filling.engine(), filling.base_bytes());
  const LookUps look_ups = MeasureLookUps(filling, count);
  const Recall recall = MeasureRecall(filling, count);
  absl::PrintF("\n| at %u documents | machine's load %s |\n|---|---|\n"
               "| look-ups a second | %.0f |\n| CPU of one | %.0f us |\n",
               filling.documents(), MachineLoad(), look_ups.per_second, look_ups.cpu_us);
  using Row = std::pair<const char*, const Share*>;
  for (const auto& [what, share] : std::initializer_list<Row>{{"J >= .3", &recall.j3},
                                                              {"J >= .4", &recall.j4},
                                                              {"J >= .5", &recall.j5},
                                                              {"partial", &recall.partial}}) {
    absl::PrintF("| candidates, %s | %s |\n", what, share->Text());
  }
  absl::PrintF("| of all, truncated | %u |\n", recall.truncated);
  if (results->first_look_ups.per_second == 0) results->first_look_ups = look_ups;
  results->last_look_ups = look_ups;
  results->recall = recall;
}

void PrintHead() {
  std::puts("\n| documents | inserts a second | CPU us each | of it the commit thread | groups of "
            "changes | decided in, ms: p50 p99 p99.9 max | written in, ms: p50 p99 max |");
  std::puts("|---|---|---|---|---|---|---|");
}

void Fill(Filling& filling, uint64_t documents, Results* results) {
  const uint64_t window = std::min(kWindow, documents / 2);
  std::set<uint64_t> stops = {window, documents};
  if (documents > 10 * kWindow) stops.insert(10 * kWindow);
  std::set<uint64_t> ends = stops;
  ends.insert(documents - window);
  for (uint64_t tenth = 1; tenth < 10; ++tenth) ends.insert(documents * tenth / 10);
  bool head = false;
  for (const uint64_t end : ends) {
    const Stretch stretch = filling.FillTo(end);
    if (!std::exchange(head, true)) PrintHead();
    PrintStretch(stretch, filling.groups());
    std::fflush(stdout);
    if (stretch.end <= window) results->first.Add(stretch);
    if (stretch.begin >= documents - window) results->last.Add(stretch);
    if (!stops.contains(end)) continue;
    Stop(filling, results);
    head = false;
  }
}

int Run(const std::string& dir, uint64_t documents, uint64_t seed) {
  Filling filling(dir, seed);
  PrintGenerator(filling.news());
  Results results;
  Fill(filling, documents, &results);
  std::vector<double> deciding;
  deciding.reserve(filling.groups().size());
  for (const Group& group : filling.groups()) deciding.push_back(Ms(group.times.deciding));
  absl::PrintF("\ndeciding, applying and publishing a group, ms: p50 %.2f, p99 %.2f, p99.9 %.2f, "
               "p99.99 %.2f, max %.1f\n",
               Quantile(deciding, .5), Quantile(deciding, .99), Quantile(deciding, .999),
               Quantile(deciding, .9999), Quantile(deciding, 1));
  PrintSlowest(filling.groups());
  const Engine::Stats stats = filling.engine().GetStats();
  const Filling::Started rebuilt = filling.Restart(/*in_order=*/false);
  const Filling::Started start = filling.Restart(/*in_order=*/true);
  const auto each = [documents](double seconds) {
    return 1e6 * seconds / static_cast<double>(documents);
  };
  absl::PrintF("\nstopped in order in %.1f s, opened again in %.1f s: %.2f us a document\n",
               start.stopped, start.all, each(start.all));
  absl::PrintF("as after a kill in %.1f s, %.2f us a document: the store, clusters and the first "
               "10,000 %.2f, documents %.2f, families and frequencies %.2f\n", rebuilt.all,
               each(rebuilt.all), each(rebuilt.first), each(rebuilt.documents - rebuilt.first),
               each(rebuilt.all - rebuilt.documents));
  PrintMemory(filling.engine(), filling.base_bytes());
  absl::PrintF("\nlast against first: inserts a second %.0f / %.0f, CPU of one %.0f / %.0f us; "
               "look-ups a second %.0f / %.0f, CPU of one %.0f / %.0f us\n", results.last.rate(),
               results.first.rate(), results.last.cpu_us_each(), results.first.cpu_us_each(),
               results.last_look_ups.per_second, results.first_look_ups.per_second,
               results.last_look_ups.cpu_us, results.first_look_ups.cpu_us);
  absl::PrintF("{\"bytes_per_document\":%.1f,\"inserts_last_vs_first\":%.3f,"
               "\"start_us_per_document\":%.2f,\"commit_p9999_ms\":%.2f,\"recall_j4\":%.4f,"
               "\"recall_partial\":%.4f}\n",
               static_cast<double>(stats.index_bytes) / static_cast<double>(stats.documents),
               results.last.rate() / results.first.rate(), each(start.all),
               Quantile(deciding, .9999),
               results.recall.j4.Of(results.recall.j4.found),
               results.recall.partial.Of(results.recall.partial.found));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t documents = 0, seed = 0;
  if (argc != 4 || !absl::SimpleAtoi(argv[2], &documents) || documents < 1'000 ||
      !absl::SimpleAtoi(argv[3], &seed)) {
    std::fprintf(stderr, "usage: scale_bench DIR DOCUMENTS SEED (at least 1000 documents)\n");
    return 2;
  }
  return Run(argv[1], documents, seed);
}
