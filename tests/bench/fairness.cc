// What others do to somebody who reads: GetDocument at a quiet pace from a connection of its own,
// first alone, then beside clients that take all they can get. A line of JSON each.
//
// usage: fairness ENDPOINT ARTICLES.jsonl IDS_FILE [SECONDS]

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "grpc/health/v1/health.pb.h"
#include "tests/bench/load.h"
#include "tests/eval/article_line.h"
#include "wonbon/v1/dedup_service.grpc.pb.h"

namespace {

using wonbon::bench::Clock;
using wonbon::bench::MsSince;
using wonbon::bench::NewConnection;
using wonbon::bench::Quantile;
namespace v1 = wonbon::v1;

constexpr int kBatch = 200;

struct Setting {
  std::string endpoint;
  std::vector<v1::Document> articles;
  std::vector<std::string> ids;
  int seconds = 5;
};

// 100 calls a second: a document, and in its turn the health of the server and a single Submit.
void Read(const Setting& setting, const char* name) {
  const auto channel = NewConnection(setting.endpoint);
  const auto stub = v1::DedupService::NewStub(channel);
  grpc::GenericStub generic(channel);
  static int round = 0;
  std::vector<double> gets;
  std::vector<double> submits;
  std::vector<double> healths;
  int failed = 0;
  const Clock::time_point begin = Clock::now();
  for (int i = 0; MsSince(begin) < setting.seconds * 1e3; ++i) {
    std::this_thread::sleep_until(begin + std::chrono::milliseconds(10 * i));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    const Clock::time_point sent = Clock::now();
    if (i % 4 == 3) {
      v1::SubmitRequest request;
      *request.mutable_document() = setting.articles[i % setting.articles.size()];
      request.mutable_document()->set_id("single-" + std::to_string(++round));
      v1::SubmitResponse response;
      if (!stub->Submit(&context, request, &response).ok()) ++failed;
      submits.push_back(MsSince(sent));
    } else {
      v1::GetDocumentRequest request;
      request.set_document_id(setting.ids[static_cast<size_t>(i) * 7'919 % setting.ids.size()]);
      v1::GetDocumentResponse response;
      if (!stub->GetDocument(&context, request, &response).ok()) ++failed;
      gets.push_back(MsSince(sent));
    }
    grpc::ClientContext other;
    const grpc::ByteBuffer empty = wonbon::bench::Bytes(grpc::health::v1::HealthCheckRequest());
    const Clock::time_point asked = Clock::now();
    grpc::ByteBuffer health;
    std::atomic<bool> done{false};
    generic.UnaryCall(&other, "/grpc.health.v1.Health/Check", {}, &empty, &health,
                      [&](const grpc::Status&) {
                        done = true;
                        done.notify_one();
                      });
    done.wait(false);
    healths.push_back(MsSince(asked));
  }
  std::printf("{\"beside\":\"%s\",\"get_p50_ms\":%.2f,\"get_p99_ms\":%.2f,\"get_max_ms\":%.1f,"
              "\"submit_p50_ms\":%.2f,\"submit_p99_ms\":%.2f,\"health_p50_ms\":%.2f,"
              "\"health_p99_ms\":%.2f,\"failed\":%d",
              name, Quantile(gets, .5), Quantile(gets, .99), Quantile(gets, 1),
              Quantile(submits, .5), Quantile(submits, .99), Quantile(healths, .5),
              Quantile(healths, .99), failed);
}

// Batches of new copies, one after the other, until `stop`; counts the documents.
void Batches(const Setting& setting, int client, const std::atomic<bool>& stop,
             std::atomic<uint64_t>& documents) {
  const auto stub = v1::DedupService::NewStub(NewConnection(setting.endpoint));
  static std::atomic<uint64_t> name{0};
  for (size_t next = static_cast<size_t>(client) * 997; !stop;) {
    v1::SubmitBatchRequest request;
    for (int i = 0; i < kBatch; ++i) {
      v1::Document& document = *request.add_documents();
      document = setting.articles[next++ % setting.articles.size()];
      document.set_id("batch-" + std::to_string(++name));
    }
    grpc::ClientContext context;
    v1::SubmitBatchResponse response;
    if (stub->SubmitBatch(&context, request, &response).ok()) documents += kBatch;
  }
}

void BesideBatches(const Setting& setting, const char* name, int clients) {
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> documents{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] { Batches(setting, i, stop, documents); });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const uint64_t before = documents;
  const Clock::time_point begin = Clock::now();
  Read(setting, name);
  const double rate = static_cast<double>(documents - before) / MsSince(begin) * 1e3;
  std::printf(",\"batch_documents_per_second\":%.0f}\n", rate);
  std::fflush(stdout);
  stop = true;
  for (std::thread& thread : threads) thread.join();
}

// One connection asks for more watches than there are, while another client writes.
void BesideWatches(const Setting& setting) {
  const auto stub = v1::DedupService::NewStub(NewConnection(setting.endpoint));
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchClustersResponse>>> watches;
  for (int i = 0; i < 1'024; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    watches.push_back(stub->WatchClusters(contexts.back().get(), {}));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  grpc::ClientContext mine;
  const auto own = v1::DedupService::NewStub(NewConnection(setting.endpoint));
  v1::WatchClustersResponse response;
  const bool open = own->WatchClusters(&mine, {})->Read(&response);
  Read(setting, "1,024 watches of one connection");
  std::printf(",\"another_watch_opens\":%s}\n", open ? "true" : "false");
  std::fflush(stdout);
  for (const auto& context : contexts) context->TryCancel();
}

// Streams of one connection send batches and read nothing.
void BesideStreams(const Setting& setting) {
  const auto stub = v1::DedupService::NewStub(NewConnection(setting.endpoint));
  using Stream = grpc::ClientReaderWriter<v1::SubmitStreamRequest, v1::SubmitStreamResponse>;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<Stream>> streams;
  std::vector<std::thread> writers;
  for (size_t s = 0; s < 32; ++s) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    streams.push_back(stub->SubmitStream(contexts.back().get()));
    writers.emplace_back([&setting, stream = streams.back().get(), s] {
      for (size_t next = s * 1'000; ;) {
        v1::SubmitStreamRequest request;
        request.mutable_batch()->set_view(v1::VIEW_BASIC);
        for (int i = 0; i < 1'000; ++i) {
          *request.mutable_batch()->add_documents() =
              setting.articles[next++ % setting.articles.size()];
        }
        if (!stream->Write(request)) return;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::seconds(10));  // until all stand still
  Read(setting, "32 streams that do not read");
  std::puts("}");
  std::fflush(stdout);
  for (const auto& context : contexts) context->TryCancel();
  for (std::thread& writer : writers) writer.join();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: fairness ENDPOINT ARTICLES.jsonl IDS_FILE [SECONDS]\n");
    return 2;
  }
  Setting setting;
  setting.endpoint = argv[1];
  setting.seconds = argc > 4 ? std::atoi(argv[4]) : 5;
  for (const wonbon::Document& in : wonbon::ReadDocuments(argv[2])) {
    v1::Document& out = setting.articles.emplace_back();
    out.set_id(in.id);
    out.set_title(in.title);
    out.set_body(in.body);
    out.set_publisher(in.publisher);
  }
  std::ifstream file(argv[3]);
  for (std::string id; std::getline(file, id);) setting.ids.push_back(id);
  Read(setting, "nobody");
  std::puts("}");
  BesideBatches(setting, "1 batch client", 1);
  BesideBatches(setting, "8 batch clients", 8);
  BesideWatches(setting);
  BesideStreams(setting);
  return 0;
}
