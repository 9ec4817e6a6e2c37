// What the write path of the store costs: groups of documents written one after the other, as the
// commit thread does, beside what packing their bodies costs.
//
//   store_bench DIR [documents] [group] [body_bytes] [async]
//
// DIR is made and removed. Prints wall time, CPU of the writing thread and of the whole process
// (flushes and compactions too) a document, then what reading back and look-ups cost.
#include <sys/resource.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/store/store.h"
#include "tests/core/store/sample_records.h"

namespace {

using wonbon::Change;
using wonbon::SampleRecords;
using wonbon::Store;

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Times {
  double wall = Seconds(CLOCK_MONOTONIC);
  double thread = Seconds(CLOCK_THREAD_CPUTIME_ID);
  double process = Seconds(CLOCK_PROCESS_CPUTIME_ID);
};

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

void Print(const char* what, const Times& begin, size_t count) {
  const Times end;
  const double scale = 1e6 / static_cast<double>(count);
  std::printf("%-34s %8.2f us wall, %6.2f us CPU of the thread, %6.2f us of the process\n", what,
              (end.wall - begin.wall) * scale, (end.thread - begin.thread) * scale,
              (end.process - begin.process) * scale);
}

struct Run {
  size_t documents = 100'000;
  size_t group = 64;
  size_t body_bytes = 4'300;
};

void WriteAll(const Run& run, Store* store) {
  // Some thousand documents, used again under other numbers: making them is not what is measured.
  SampleRecords records(1);
  std::vector<Change> changes;
  for (size_t i = 0; i < 4096; ++i) {
    changes.push_back(wonbon::FoundingChange(&records, i + 1, absl::StrCat(i), run.body_bytes));
  }
  double thread = 0;
  const Times begin;
  double making = 0;
  std::vector<Change> group;
  for (size_t written = 0; written < run.documents; written += run.group) {
    const double start = Seconds(CLOCK_THREAD_CPUTIME_ID);
    group.clear();
    for (size_t i = 0; i < run.group; ++i) {
      const uint64_t number = written + i + 1;
      Change change = changes[number % changes.size()];
      change.sequence = number;
      change.added[0].entry.number = wonbon::DocumentNumber{number};
      change.added[0].content.document.id = absl::StrCat("article-", number * 7919 % 1'000'003);
      change.clusters[0].id = wonbon::ClusterId{number};
      change.events[0].sequence = number;
      group.push_back(std::move(change));
    }
    const double made = Seconds(CLOCK_THREAD_CPUTIME_ID);
    Check(store->Write(group));
    making += made - start;
    thread += Seconds(CLOCK_THREAD_CPUTIME_ID) - made;
  }
  const Times end;
  const double scale = 1e6 / static_cast<double>(run.documents);
  std::printf(
      "write, groups of %zu: %.2f us wall, %.2f us CPU of the thread, %.2f us of the "
      "process (making the records, %.2f us, taken off)\n",
      run.group, (end.wall - begin.wall - making) * scale, thread * scale,
      (end.process - begin.process - making) * scale, making * scale);
}

void Read(const Run& run, const Store& store) {
  size_t seen = 0;
  Times begin;
  const auto snapshot = store.Snapshot();
  Check(snapshot->VisitAll({.collection = [](auto) { return absl::OkStatus(); },
                            .cluster = [](auto) { return absl::OkStatus(); },
                            .redirect = [](auto) { return absl::OkStatus(); },
                            .document =
                                [&seen](const auto&, auto) {
                                  ++seen;
                                  return absl::OkStatus();
                                }}));
  Print("visit everything", begin, seen);
  const size_t reads = 100'000;
  begin = Times();
  for (size_t i = 0; i < reads; ++i) (void)store.Snapshot();
  Print("take a snapshot and drop it", begin, reads);
  begin = Times();
  for (size_t i = 0; i < reads; ++i) {
    Check(snapshot->FindId(wonbon::CollectionNumber{1}, absl::StrCat("nothing-", i)).status());
  }
  Print("look up an unknown id", begin, reads);
  begin = Times();
  for (size_t i = 0; i < reads; ++i) {
    const uint64_t number = 1 + i * 7919 % run.documents;
    Check(snapshot->ReadContent(wonbon::DocumentNumber{number}, false).status());
  }
  Print("read a head", begin, reads);
  begin = Times();
  for (size_t i = 0; i < reads; ++i) {
    const uint64_t number = 1 + i * 7919 % run.documents;
    Check(snapshot->ReadContent(wonbon::DocumentNumber{number}, true).status());
  }
  Print("read head and body, unpacked", begin, reads);
}

void Pack(size_t body_bytes) {
  SampleRecords records(2);
  std::vector<std::string> bodies;
  for (int i = 0; i < 2000; ++i) bodies.push_back(records.Text(body_bytes));
  size_t packed = 0;
  const Times begin;
  for (const std::string& body : bodies) packed += wonbon::PackBody(body).size();
  Print("pack a body", begin, bodies.size());
  std::printf("  %zu bytes packed into %zu\n", body_bytes, packed / bodies.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: store_bench DIR [documents] [group] [body_bytes] [async]\n");
    return 2;
  }
  const std::string dir = absl::StrCat(argv[1], "/store_bench.data");
  Run run;
  if (argc > 2) run.documents = std::strtoull(argv[2], nullptr, 10);
  if (argc > 3) run.group = std::strtoull(argv[3], nullptr, 10);
  if (argc > 4) run.body_bytes = std::strtoull(argv[4], nullptr, 10);
  const bool async = argc > 5 && std::strcmp(argv[5], "async") == 0;
  std::filesystem::remove_all(dir);
  Pack(run.body_bytes);
  Store::Options options;
  options.dir = dir;
  options.durability = async ? wonbon::Durability::kAsync : wonbon::Durability::kSync;
  {
    auto store = Store::Open(options);
    Check(store.status());
    WriteAll(run, store->get());
    std::printf("%.0f bytes on disk a document\n",
                static_cast<double>((*store)->BytesOnDisk()) / static_cast<double>(run.documents));
    Read(run, **store);
  }
  const Times begin;
  auto store = Store::Open(options);
  Check(store.status());
  std::printf("open again: %.0f ms\n", (Seconds(CLOCK_MONOTONIC) - begin.wall) * 1e3);
  Read(run, **store);
  store->reset();
  std::filesystem::remove_all(dir);
  return 0;
}
