// Calls of one kind against a server, and the same work in process. Prints a line of JSON.
//
// usage: service_bench calls ENDPOINT ARTICLES.jsonl Check|Submit OPEN SECONDS
//        service_bench half ENDPOINT ARTICLES.jsonl Check|Submit RATE SECONDS
//        service_bench stream ENDPOINT ARTICLES.jsonl SECONDS
//        service_bench batches ENDPOINT ARTICLES.jsonl
//        service_bench in-process DIR ARTICLES.jsonl
//
//   calls        OPEN calls at a time, each answer begins the next: calls a second, p50 and p99
//   half         RATE calls a second, whatever becomes of them: p50, p99, p99.9
//   stream       one stream, a document a request, as many on their way as flow control lets
//   batches      every article once, in batches of 100, 8 at a time: documents a second
//   in-process   the same with an engine in this process, a thread a batch on its way
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <thread>

#include "core/engine.h"
#include "tests/bench/load.h"
#include "tests/bench/requests.h"
#include "tests/eval/article_line.h"
#include "wonbon/v1/dedup_service.grpc.pb.h"

namespace {

using wonbon::Document;
using wonbon::Engine;
using wonbon::bench::Clock;
using wonbon::bench::Load;
using wonbon::bench::MsSince;
using wonbon::bench::Outcome;
using wonbon::bench::Quantile;
namespace v1 = wonbon::v1;
using Articles = std::vector<Document>;

constexpr int kConnections = 8;
constexpr size_t kBatch = 100;
constexpr size_t kBatchesOpen = 8;

int Fail(const std::string& why) {
  std::fprintf(stderr, "service_bench: %s\n", why.c_str());
  return 1;
}

int Report(const std::vector<Outcome>& outcomes, double seconds, size_t documents_of_a_call = 1) {
  std::vector<double> took;
  for (const Outcome& outcome : outcomes) {
    if (outcome.code == grpc::StatusCode::OK) took.push_back(outcome.took_ms);
  }
  std::printf("{\"per_second\":%.0f,\"failed\":%zu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
              "\"p999_ms\":%.2f}\n",
              static_cast<double>(took.size() * documents_of_a_call) / seconds,
              outcomes.size() - took.size(), Quantile(took, .5), Quantile(took, .99),
              Quantile(took, .999));
  return 0;
}

int Unary(bool closed, char** argv) {
  const Articles articles = wonbon::ReadDocuments(argv[3]);
  const std::string method = argv[4];
  const int seconds = std::atoi(argv[6]);
  Load load(argv[2], kConnections, "/wonbon.v1.DedupService/" + method,
            wonbon::bench::Requests(method, articles));
  (void)load.Closed(8, std::chrono::milliseconds(500));  // warm
  const std::chrono::seconds length(seconds);
  return Report(closed ? load.Closed(std::strtoul(argv[5], nullptr, 10), length)
                       : load.Open(std::atof(argv[5]), length),
                seconds);
}

int Batches(char** argv) {
  const Articles articles = wonbon::ReadDocuments(argv[3]);
  Load load(argv[2], kConnections, "/wonbon.v1.DedupService/SubmitBatch",
            wonbon::bench::Requests("SubmitBatch", articles, kBatch));
  const Clock::time_point begin = Clock::now();
  const std::vector<Outcome> outcomes = load.Calls(kBatchesOpen, articles.size() / kBatch);
  return Report(outcomes, MsSince(begin) / 1'000, kBatch);
}

int Stream(char** argv) {
  const Articles articles = wonbon::ReadDocuments(argv[3]);
  const auto stub = v1::DedupService::NewStub(wonbon::bench::NewConnection(argv[2]));
  grpc::ClientContext context;
  const auto stream = stub->SubmitStream(&context);
  const Clock::time_point begin = Clock::now();
  const Clock::time_point end = begin + std::chrono::seconds(std::atoi(argv[4]));
  std::thread writer([&] {
    for (size_t n = 0; Clock::now() < end; ++n) {
      v1::SubmitStreamRequest request;
      *request.mutable_document()->mutable_document() = wonbon::bench::Submitted(articles, n);
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
  });
  size_t answered = 0;
  for (v1::SubmitStreamResponse response; stream->Read(&response);) ++answered;
  const double seconds = MsSince(begin) / 1'000;
  writer.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return Fail(status.error_message());
  std::printf("{\"per_second\":%.0f}\n", static_cast<double>(answered) / seconds);
  return 0;
}

// Prepares a batch, hands it over and waits for its answer.
absl::Status SubmitBatch(Engine& engine, const Articles& articles, size_t begin) {
  std::vector<std::unique_ptr<wonbon::Submission>> batch;
  for (size_t i = begin; i < begin + kBatch; ++i) {
    auto submission = engine.Prepare("", articles[i]);
    if (!submission.ok()) return submission.status();
    engine.Prejudge(**submission);
    batch.push_back(*std::move(submission));
  }
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  const absl::Status queued =
      engine.Enqueue(std::move(batch), {}, [&](auto /*decisions*/) {
        const std::lock_guard<std::mutex> lock(mutex);
        done = true;
        changed.notify_one();
      });
  if (!queued.ok()) return queued;
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&done] { return done; });
  return absl::OkStatus();
}

int InProcess(char** argv) {
  const Articles articles = wonbon::ReadDocuments(argv[3]);
  Engine::Options options;
  options.store.dir = argv[2];
  auto engine = Engine::Open(std::move(options));
  absl::Status status = engine.status();
  if (status.ok()) status = (*engine)->EnsureDefaultCollection();
  if (!status.ok()) return Fail(status.ToString());
  std::atomic<size_t> next{0};
  std::mutex mutex;
  const Clock::time_point begin = Clock::now();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kBatchesOpen; ++i) {
    threads.emplace_back([&] {
      for (size_t at = next++; (at + 1) * kBatch <= articles.size(); at = next++) {
        const absl::Status submitted = SubmitBatch(**engine, articles, at * kBatch);
        const std::lock_guard<std::mutex> lock(mutex);
        status.Update(submitted);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (!status.ok()) return Fail(status.ToString());
  std::printf("{\"per_second\":%.0f}\n",
              static_cast<double>(articles.size() / kBatch * kBatch) / (MsSince(begin) / 1'000));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 3 ? argv[1] : "";
  if (what == "calls" && argc == 7) return Unary(/*closed=*/true, argv);
  if (what == "half" && argc == 7) return Unary(/*closed=*/false, argv);
  if (what == "stream" && argc == 5) return Stream(argv);
  if (what == "batches" && argc == 4) return Batches(argv);
  if (what == "in-process" && argc == 4) return InProcess(argv);
  std::fprintf(stderr, "usage: service_bench calls|half|stream|batches|in-process ...\n");
  return 2;
}
