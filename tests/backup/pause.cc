// How long a backup holds up the writer of a store, and for what: each write is one document, and
// what it waits is told apart by what it waits for, so that the work of others on the machine does
// not count as the backup's.
//
//   backup_pause DIR [seconds] [documents before]
//
// DIR is made and removed. For a writer that waits for the disk (sync) and one that does not
// (async), alone and beside one backup after another: milliseconds of the longest wait, and of
// 99.9 %,
//   fsync   until the disk had the group
//   core    runnable, while others ran (the kernel's schedstat)
//   lock    all else but working: what the backup, and RocksDB behind it, can hold up
// Exit code 1 where 99.9 % of the writes beside backups do not have their locks within 50 ms.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/store/store.h"
#include "tests/core/store/sample_records.h"

namespace wonbon {
namespace {

constexpr size_t kBodyBytes = 4'300;
constexpr double kLongestPauseMs = 50;

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

double Ms(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

// Of this thread: milliseconds for which it was runnable and did not run.
double Delayed() {
  uint64_t ran = 0;
  uint64_t delayed = 0;
  std::ifstream("/proc/thread-self/schedstat") >> ran >> delayed;
  return static_cast<double>(delayed) * 1e-6;
}

class Waits {
 public:
  void Add(double ms) { all_.push_back(std::max(ms, 0.0)); }
  std::string Text() {
    std::sort(all_.begin(), all_.end());
    char text[64];
    std::snprintf(text, sizeof text, "%7.2f (%6.2f)", all_.back(), usual());
    return text;
  }
  // REQUIRES: Text was called.
  double usual() const { return all_[all_.size() * 999 / 1000]; }
  size_t size() const { return all_.size(); }

 private:
  std::vector<double> all_;
};

class Writer {
 public:
  explicit Writer(Store* store) : store_(store), records_(1) {
    for (uint64_t i = 0; i < 1024; ++i) {
      changes_.push_back(FoundingChange(&records_, i + 1, absl::StrCat(i), kBodyBytes));
    }
  }

  void Write(size_t documents) {
    std::vector<Change> group;
    for (size_t i = 0; i < documents; ++i) {
      const uint64_t number = ++written_;
      Change change = changes_[number % changes_.size()];
      change.sequence = number;
      change.added[0].entry.number = DocumentNumber{number};
      change.added[0].content.document.id = absl::StrCat("article-", number);
      change.clusters[0].id = ClusterId{number};
      change.events[0].sequence = number;
      group.push_back(std::move(change));
    }
    Check(store_->Write(group));
  }

  // One document after another. Returns the waits for locks, but for the longest .1 %.
  double Measure(double seconds, const char* what) {
    Waits wall, fsync, core, lock;
    const double end = Ms(CLOCK_MONOTONIC) + 1e3 * seconds;
    while (Ms(CLOCK_MONOTONIC) < end) {
      const double delayed = Delayed();
      const double worked = Ms(CLOCK_THREAD_CPUTIME_ID);
      const double synced = absl::ToDoubleMilliseconds(store_->synced_for());
      const double began = Ms(CLOCK_MONOTONIC);
      Write(1);
      const double took = Ms(CLOCK_MONOTONIC) - began;
      const double for_disk = absl::ToDoubleMilliseconds(store_->synced_for()) - synced;
      const double for_core = Delayed() - delayed;
      wall.Add(took);
      fsync.Add(for_disk);
      core.Add(for_core);
      lock.Add(took - for_disk - for_core - (Ms(CLOCK_THREAD_CPUTIME_ID) - worked));
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    std::printf("%-26s %7zu writes  all %s  fsync %s  core %s  lock %s\n", what, wall.size(),
                wall.Text().c_str(), fsync.Text().c_str(), core.Text().c_str(),
                lock.Text().c_str());
    std::fflush(stdout);
    return lock.usual();
  }

 private:
  Store* const store_;
  SampleRecords records_;
  std::vector<Change> changes_;
  uint64_t written_ = 0;
};

bool Run(const std::string& dir, Durability durability, double seconds, size_t before) {
  const std::string name = durability == Durability::kSync ? "sync" : "async";
  auto store = Store::Open({.dir = absl::StrCat(dir, "/", name), .durability = durability});
  Check(store.status());
  const std::string backups = absl::StrCat(dir, "/", name, "-backups");
  std::filesystem::create_directories(backups);
  Writer writer(store->get());
  for (size_t i = 0; i < before; i += 64) writer.Write(64);
  writer.Measure(seconds, absl::StrCat(name, ", alone").c_str());
  std::atomic<bool> done{false};
  int made = 0;
  std::thread backing([&] {
    for (; !done; ++made) {
      const auto backup = (*store)->MakeBackup({.folder = backups, .program = "pause",
                                                .now = absl::Now()});
      Check(backup.status());
      Check(PruneBackups(backups, (*store)->store_id(), 1).status());
    }
  });
  const double pause = writer.Measure(seconds, absl::StrCat(name, ", beside backups").c_str());
  done = true;
  backing.join();
  std::printf("%-26s %7d\n", "  backups", made);
  return made > 0 && pause <= kLongestPauseMs;
}

}  // namespace
}  // namespace wonbon

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: backup_pause DIR [seconds] [documents before]\n");
    return 2;
  }
  const std::string dir = absl::StrCat(argv[1], "/backup-pause");
  const double seconds = argc > 2 ? std::atof(argv[2]) : 10;
  const size_t before = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 50'000;
  std::filesystem::create_directories(dir);
  bool held = true;
  for (const auto durability : {wonbon::Durability::kSync, wonbon::Durability::kAsync}) {
    held &= wonbon::Run(dir, durability, seconds, before);
  }
  std::filesystem::remove_all(dir);
  return held ? 0 : 1;
}
