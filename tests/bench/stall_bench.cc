// How long others wait beside one long command.
//
// usage: stall_bench DIR KIND [count of documents]
//        KIND: reprints  copies of one text, deleted in one call
//              edited    light edits of one story, deleted in one call
//              long      edits of one text of 60,000 letters, deleted in one call
//              expiry    copies of one text whose time is over
//              updates   copies of one text, all replaced in one batch
//              nothing   no command for ten seconds: what the other thread waits by itself
//
// Fills an engine with one story, then runs the long command while another thread submits articles
// of its own, one after the other. Prints how long the command took, and how long the other thread
// waited at most, before it and beside it.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/engine.h"
#include "tests/corpus/derive.h"
#include "tests/corpus/story.h"

namespace {

using wonbon::Decision;
using wonbon::Document;
using wonbon::Engine;
using Clock = std::chrono::steady_clock;

constexpr absl::Duration kRetention = absl::Hours(24);
constexpr int kSentences = 25;         // 900 letters
constexpr int kLongSentences = 1'700;  // 60,000

double Ms(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

// Submits articles of its own until it is stopped.
class Stranger {
 public:
  explicit Stranger(Engine* engine) : thread_([this, engine] { Run(*engine); }) {}
  // When the one under way is answered.
  void Stop() {
    stop_ = true;
    thread_.join();
  }
  // Since the last call.
  void Print(const char* when) {
    std::printf("%-8s %5d foreign submits, longest wait %8.1f ms\n", when, submits_.exchange(0),
                static_cast<double>(longest_us_.exchange(0)) / 1e3);
  }

 private:
  void Run(Engine& engine) {
    wonbon::corpus::Random random(99);
    for (int i = 0; !stop_; ++i) {
      const auto story = wonbon::corpus::WriteStory(kSentences, random);
      Document document = wonbon::corpus::Publish(story, absl::StrCat("foreign-", i), random);
      document.published_at.reset();
      const auto began = Clock::now();
      Check(engine.Submit("", std::move(document)).status());
      const auto us = static_cast<int64_t>(Ms(Clock::now() - began) * 1e3);
      longest_us_ = std::max(longest_us_.load(), us);
      ++submits_;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  std::atomic<bool> stop_ = false;
  std::atomic<int> submits_ = 0;
  std::atomic<int64_t> longest_us_ = 0;
  std::thread thread_;
};

std::vector<Document> Story(const std::string& kind, size_t count, absl::Time now) {
  wonbon::corpus::Random random(7);
  const bool is_long = kind == "long";
  const bool edits = is_long || kind == "edited";
  const auto story = wonbon::corpus::WriteStory(is_long ? kLongSentences : kSentences, random);
  const Document first = wonbon::corpus::Publish(story, "story", random);
  std::vector<Document> documents;
  for (size_t i = 0; i < count; ++i) {
    documents.push_back(wonbon::corpus::Derive(story, first,
                                               edits ? wonbon::corpus::Kind::kLightEdit
                                                     : wonbon::corpus::Kind::kExact,
                                               random));
    documents.back().id = absl::StrCat("copy-", i);
    // Deleted in this order each is the canonical copy when it goes.
    documents.back().published_at = now + absl::Seconds(i);
  }
  return documents;
}

void SubmitBatch(Engine& engine, const std::vector<Document>& documents) {
  std::vector<std::unique_ptr<wonbon::Submission>> batch;
  for (const Document& document : documents) {
    auto submission = engine.Prepare("story", document);
    Check(submission.status());
    engine.Prejudge(**submission);
    batch.push_back(*std::move(submission));
  }
  absl::Notification done;
  Check(engine.Enqueue(std::move(batch), {},
                       [&](const std::vector<absl::StatusOr<Decision>>& decisions) {
                         for (const auto& decision : decisions) Check(decision.status());
                         done.Notify();
                       }));
  done.WaitForNotification();
}

void DeleteAll(Engine& engine, const std::vector<Document>& documents) {
  std::vector<std::string> ids;
  for (const Document& document : documents) ids.push_back(document.id);
  absl::Notification done;
  Check(engine.Delete("story", std::move(ids), {.reason = "taken down"},
                      [&](const std::vector<absl::StatusOr<Engine::Deletion>>& results) {
                        for (const auto& result : results) Check(result.status());
                        done.Notify();
                      }));
  done.WaitForNotification();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr,
                 "usage: stall_bench DIR reprints|edited|long|expiry|updates|nothing [count]\n");
    return 2;
  }
  const std::string kind = argv[2];
  const size_t count = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : kind == "long" ? 500 : 1000;
  const std::string dir = absl::StrCat(argv[1], "/stall_bench.data");
  std::filesystem::remove_all(dir);
  std::atomic<int64_t> ahead_s = 0;  // of the clock
  Engine::Options options;
  options.store.dir = dir;
  options.now = [&] { return absl::Now() + absl::Seconds(ahead_s.load()); };
  auto opened = Engine::Open(std::move(options));
  Check(opened.status());
  Engine& engine = **opened;
  Check(engine.EnsureDefaultCollection());
  Check(engine.CreateCollection("story", {.retention = kRetention}).status());
  std::vector<Document> documents = Story(kind, count, absl::Now() - absl::Hours(2));
  const auto filling = Clock::now();
  for (const Document& document : documents) Check(engine.Submit("story", document).status());
  const auto before = engine.GetCollection("story");
  Check(before.status());
  std::printf("%s: %zu documents in %zu clusters, submitted in %.1f s\n", kind.c_str(),
              static_cast<size_t>(before->documents), static_cast<size_t>(before->clusters),
              Ms(Clock::now() - filling) / 1e3);
  Stranger stranger(&engine);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  stranger.Print("before");
  const auto began = Clock::now();
  if (kind == "nothing") {
    std::this_thread::sleep_for(std::chrono::seconds(10));
  } else if (kind == "expiry") {
    ahead_s = absl::ToInt64Seconds(kRetention);
    const absl::StatusOr<uint64_t> expired = engine.ExpireDocuments();
    Check(expired.status());
  } else if (kind == "updates") {
    for (Document& document : documents) document.body += " 관계자는 내용을 바로잡았다고 밝혔다.";
    SubmitBatch(engine, documents);
  } else {
    DeleteAll(engine, documents);
  }
  const double took = Ms(Clock::now() - began) / 1e3;
  stranger.Stop();
  stranger.Print("beside");
  const auto left = engine.GetCollection("story");
  Check(left.status());
  std::printf("took %.2f s, %zu documents left, %zu pairs judged since the start\n", took,
              static_cast<size_t>(left->documents),
              static_cast<size_t>(engine.GetStats().judged_pairs));
  return 0;
}
