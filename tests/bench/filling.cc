#include "tests/bench/filling.h"

#include <algorithm>
#include <thread>

#include "tests/bench/process_memory.h"

namespace wonbon::bench {
namespace {

constexpr size_t kBatch = 16;       // documents of a call: small, so that groups are
constexpr size_t kBatchesOpen = 4;  // of each thread

}  // namespace

size_t Threads() { return std::max(2u, std::thread::hardware_concurrency()); }

uint64_t Accounted(const Engine::Stats& stats) {
  const Store::Memory& store = stats.store_memory;
  return stats.index_bytes + store.table_readers + store.memtables + store.block_cache +
         stats.article_cache_bytes + stats.rarity_bytes;
}

Filling::Filling(std::string dir, uint64_t seed) : dir_(std::move(dir)), news_(seed) {
  Open();
  const uint64_t accounted = Accounted(engine_->GetStats());
  base_bytes_ = MeasureMemory().allocated - std::min(accounted, MeasureMemory().allocated);
}

void Filling::Open() {
  Engine::Options options;
  options.store = {.dir = dir_, .durability = Durability::kAsync};
  options.on_progress = [this](uint64_t, uint64_t) { progress_.push_back(Clock().wall); };
  options.on_commit = [this](const GroupTimes& times) {
    const double cpu = Cpu(CLOCK_THREAD_CPUTIME_ID);
    groups_.push_back(
        {.times = times, .cpu_ms = 1e3 * (cpu - commit_cpu_), .before = documents_});
    groups_.back().times.deciding += times.publishing;
    commit_cpu_ = cpu;
    documents_ += times.changes;
  };
  engine_ = Require(Engine::Open(std::move(options)));
  commit_cpu_ = 0;
  const absl::Status made = engine_->EnsureDefaultCollection();
  if (!made.ok()) Fail(made.ToString());
  groups_.clear();  // that of the collection
  documents_ = engine_->GetStats().documents;
}

Stretch Filling::FillTo(uint64_t end) {
  const Clock before;
  Stretch stretch{.begin = documents_, .end = end};
  fill_to_ = end;
  next_ = documents_;
  std::vector<std::thread> threads;
  // The commit thread has a processor of its own, as far as there are two.
  for (size_t i = 1; i < Threads(); ++i) threads.emplace_back([this] { Work(); });
  for (std::thread& thread : threads) thread.join();
  {
    absl::MutexLock lock(&mutex_);
    const auto answered = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return open_ == 0; };
    mutex_.Await(absl::Condition(&answered));
  }
  const Clock after;
  stretch.seconds = after.wall - before.wall;
  stretch.cpu_us = 1e6 * (after.cpu - before.cpu) / static_cast<double>(end - stretch.begin);
  return stretch;
}

void Filling::Work() {
  for (;;) {
    const uint64_t begin = next_.fetch_add(kBatch);
    if (begin >= fill_to_) return;
    SubmitBatch(begin, std::min(begin + kBatch, fill_to_));
  }
}

void Filling::SubmitBatch(uint64_t begin, uint64_t end) {
  std::vector<std::unique_ptr<Submission>> batch;
  batch.reserve(kBatch);
  for (uint64_t number = begin; number < end; ++number) {
    batch.push_back(Require(engine_->Prepare("", news_.Make(number))));
    engine_->Prejudge(*batch.back());
  }
  {
    absl::MutexLock lock(&mutex_);
    const auto room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return open_ < kBatchesOpen * (Threads() - 1);
    };
    mutex_.Await(absl::Condition(&room));
    ++open_;
  }
  const absl::Status queued =
      engine_->Enqueue(std::move(batch), {}, [this](const auto& decisions) {
        for (const absl::StatusOr<Decision>& decision : decisions) {
          if (!decision.ok()) Fail(decision.status().ToString());
        }
        absl::MutexLock lock(&mutex_);
        --open_;
      });
  if (!queued.ok()) Fail(queued.ToString());
}

Filling::Started Filling::Restart(bool in_order) {
  const std::string digest = engine_->GetStats(/*with_state_digest=*/true).state_digest;
  Started started;
  const double stopping = Clock().wall;
  if (in_order && !engine_->Drain().ok()) Fail("the engine cannot be stopped");
  started.stopped = Clock().wall - stopping;
  engine_ = nullptr;
  progress_.clear();
  const double begin = Clock().wall;
  Open();
  const double end = Clock().wall;
  if (engine_->not_from_image().ok() != in_order) {
    Fail("the index was " + std::string(in_order ? "rebuilt" : "not rebuilt"));
  }
  if (engine_->GetStats(/*with_state_digest=*/true).state_digest != digest) {
    Fail("the state that was read back is another one");
  }
  // The last call says that all is done; the one before, of the last 10,000 documents.
  started.first = (progress_.size() > 1 ? progress_.front() : end) - begin;
  started.documents = (progress_.size() > 1 ? progress_[progress_.size() - 2] : end) - begin;
  started.all = end - begin;
  return started;
}

}  // namespace wonbon::bench
