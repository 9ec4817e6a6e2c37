// What tests/backup/run asks of a server, and what it compares.
//
//   backup_load write ENDPOINT ARTICLES.jsonl COUNT LOG
//       submits so many documents, and logs what was acknowledged: a line "n sequence" for each
//   backup_load compare ENDPOINT ARTICLES.jsonl LOG SEQUENCE
//       whether the server holds what the log has up to the sequence, and nothing else
//   backup_load pauses ENDPOINT ARTICLES.jsonl FIRST SECONDS
//       submits one document after another, from the nth on: how long each waits
//   backup_load crowd ENDPOINT BYTES OPEN SECONDS
//       checks long texts, so many at a time
//
// The nth document is that of tests/bench/requests.h.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "client/client.h"
#include "tests/bench/load.h"
#include "tests/bench/requests.h"

namespace wonbon {
namespace {

using client::Client;

constexpr size_t kWriters = 4;
constexpr size_t kOfABatch = 16;

void Complain(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
}

int Write(const Client& client, const std::vector<Document>& articles, size_t count,
          const char* path) {
  std::ofstream log(path);
  std::mutex mutex;
  std::atomic<size_t> next{0};
  std::atomic<bool> failed{false};
  const auto write = [&] {
    for (size_t first; !failed && (first = next.fetch_add(kOfABatch)) < count;) {
      v1::SubmitBatchRequest request;
      for (size_t n = first; n < std::min(first + kOfABatch, count); ++n) {
        *request.add_documents() = bench::Submitted(articles, n);
      }
      const auto answer = client.SubmitBatch(request);
      const std::lock_guard lock(mutex);
      if (!answer.ok()) {
        if (!failed.exchange(true)) Complain(answer.status());
        return;
      }
      for (int i = 0; i < answer->results_size(); ++i) {
        if (!answer->results(i).has_decision()) continue;
        log << first + static_cast<size_t>(i) << ' ' << answer->results(i).decision().sequence()
            << '\n';
      }
    }
  };
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (size_t i = 0; i < kWriters; ++i) writers.emplace_back(write);
  for (std::thread& writer : writers) writer.join();
  return failed ? 1 : 0;
}

int Compare(const Client& client, const std::vector<Document>& articles, const char* path,
            uint64_t through) {
  struct Acknowledged {
    size_t n;
    uint64_t sequence;
  };
  std::map<std::string, Acknowledged> log;
  std::ifstream file(path);
  for (Acknowledged line; file >> line.n >> line.sequence;) {
    if (line.sequence <= through) log[bench::Submitted(articles, line.n).id()] = line;
  }
  size_t differ = 0;
  const size_t acknowledged = log.size();
  v1::ListDocumentsRequest request;
  request.set_view(v1::VIEW_FULL);
  do {
    const auto page = client.ListDocuments(request);
    if (!page.ok()) {
      Complain(page.status());
      return 2;
    }
    for (const v1::StoredDocument& stored : page->documents()) {
      const auto found = log.find(stored.document().id());
      if (found == log.end()) {
        ++differ;
        continue;
      }
      const v1::Document sent = bench::Submitted(articles, found->second.n);
      // The number is that of its last change: a move to another cluster has a later one.
      const bool same = stored.sequence() >= found->second.sequence &&
                        stored.sequence() <= through &&
                        stored.document().title() == sent.title() &&
                        stored.document().body() == sent.body() &&
                        stored.document().publisher() == sent.publisher() &&
                        stored.document().url() == sent.url();
      if (!same) ++differ;
      log.erase(found);
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  differ += log.size();
  std::printf("{\"acknowledged\": %zu, \"differ\": %zu}\n", acknowledged, differ);
  return differ == 0 ? 0 : 1;
}

int Pauses(const Client& client, const std::vector<Document>& articles, size_t first,
           double seconds) {
  std::vector<double> waited;
  const auto began = bench::Clock::now();
  for (size_t n = first; bench::MsSince(began) < seconds * 1'000; ++n) {
    v1::SubmitRequest request;
    *request.mutable_document() = bench::Submitted(articles, n);
    const auto asked = bench::Clock::now();
    const auto answer = client.Submit(request);
    waited.push_back(bench::MsSince(asked));
    if (answer.ok()) continue;
    Complain(answer.status());
    return 1;
  }
  std::printf("{\"submits\": %zu, \"median_ms\": %.2f, \"p99_ms\": %.2f, \"longest_ms\": %.2f}\n",
              waited.size(), bench::Quantile(waited, .5), bench::Quantile(waited, .99),
              bench::Quantile(waited, 1));
  return 0;
}

int Crowd(const char* endpoint, size_t bytes, size_t open, double seconds) {
  const std::string_view words = "기사의 본문이 길다 ";
  std::string body;
  for (size_t i = 0; body.size() + 64 < bytes; ++i) body.append(words).append(std::to_string(i));
  v1::CheckRequest request;
  request.mutable_document()->set_body(body);
  const grpc::ByteBuffer asked = bench::Bytes(request);
  bench::Load load(endpoint, 4, "/wonbon.v1.DedupService/Check", [&](size_t) { return asked; });
  const auto outcomes =
      load.Closed(open, std::chrono::milliseconds(static_cast<int64_t>(seconds * 1'000)));
  size_t answered = 0;
  for (const bench::Outcome& outcome : outcomes) answered += outcome.code == grpc::StatusCode::OK;
  std::printf("{\"checks\": %zu, \"answered\": %zu}\n", outcomes.size(), answered);
  return answered > 0 ? 0 : 1;
}

int Run(int argc, char** argv) {
  const std::string verb = argc == 6 ? argv[1] : "";
  if (verb == "crowd") {
    return Crowd(argv[2], std::stoul(argv[3]), std::stoul(argv[4]), std::atof(argv[5]));
  }
  if (verb != "write" && verb != "compare" && verb != "pauses") {
    std::fprintf(stderr, "usage: see the head of backup_load.cc\n");
    return 2;
  }
  client::ClientOptions options;
  options.channel.endpoint = argv[2];
  const auto client = Client::Create(options);
  if (!client.ok()) return 2;
  const std::vector<Document> articles = bench::ReadArticles(argv[3], 1);
  if (verb == "write") return Write(**client, articles, std::stoul(argv[4]), argv[5]);
  if (verb == "compare") return Compare(**client, articles, argv[4], std::stoull(argv[5]));
  return Pauses(**client, articles, std::stoul(argv[4]), std::atof(argv[5]));
}

}  // namespace
}  // namespace wonbon

int main(int argc, char** argv) { return wonbon::Run(argc, argv); }
