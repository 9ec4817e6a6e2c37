// An engine that is filled with generated news, and what its groups of changes took.
//
// Not thread-safe; it has threads of its own while it is filled. Any error ends the program.
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/engine.h"
#include "tests/bench/news_stream.h"

namespace wonbon::bench {

[[noreturn]] inline void Fail(const std::string& why) {
  std::fprintf(stderr, "scale_bench: %s\n", why.c_str());
  std::exit(1);
}

template <typename T>
T Require(absl::StatusOr<T> result) {
  if (!result.ok()) Fail(result.status().ToString());
  return *std::move(result);
}

inline double Cpu(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Clock {
  double wall = Cpu(CLOCK_MONOTONIC);
  double cpu = Cpu(CLOCK_PROCESS_CPUTIME_ID);
};

inline double Ms(absl::Duration duration) { return absl::ToDoubleMilliseconds(duration); }
// A group of changes as the commit thread had it.
struct Group {
  GroupTimes times;  // deciding with publishing
  double cpu_ms = 0;  // of that thread, the store's part included
  uint64_t before = 0;  // documents in the engine
};

// One stretch of inserts.
struct Stretch {
  uint64_t begin = 0;
  uint64_t end = 0;
  double seconds = 0;
  double cpu_us = 0;  // of the process, a document
};

// Engine, as it is filled.
class Filling {
 public:
  Filling(std::string dir, uint64_t seed);

  Engine& engine() { return *engine_; }
  const NewsStream& news() const { return news_; }
  uint64_t documents() const { return documents_; }
  uint64_t base_bytes() const { return base_bytes_; }
  const std::vector<Group>& groups() const { return groups_; }

  // Submits the next documents up to number `end`, and waits for the answers.
  Stretch FillTo(uint64_t end);
  // Closes the engine, in order, so that it leaves an image, or without a word, and opens its
  // folder again.
  struct Started {  // seconds
    double stopped = 0;  // what it took to stop in order
    double first = 0;  // until the first 10,000 documents are there ...
    double documents = 0;  // ... all are ...
    double all = 0;  // ... the end
  };
  Started Restart(bool in_order);

 private:
  void Open();
  void Work();
  void SubmitBatch(uint64_t begin, uint64_t end);

  const std::string dir_;
  const NewsStream news_;
  std::unique_ptr<Engine> engine_;
  uint64_t base_bytes_ = 0;
  uint64_t documents_ = 0;
  uint64_t fill_to_ = 0;
  std::atomic<uint64_t> next_{0};
  absl::Mutex mutex_;
  size_t open_ ABSL_GUARDED_BY(mutex_) = 0;  // batches without an answer
  // Of the commit thread; read while nothing is open.
  std::vector<Group> groups_;
  double commit_cpu_ = 0;
  std::vector<double> progress_;
};

// At least two: one prepares, one commits.
size_t Threads();
// Bytes that the engine says it holds.
uint64_t Accounted(const Engine::Stats& stats);

}  // namespace wonbon::bench
