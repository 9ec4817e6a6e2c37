// Sends the articles of a file by SubmitStream or by BatchWriter, the way a client would that loses
// nothing over a restart of the server. For tests/restart/run.
//
//   transfer stream|batches ENDPOINT COLLECTION PATIENCE_SECONDS ARTICLES.jsonl
//
// Exit code 0 only if the server has answered for every article with a decision; says on standard
// error how many times it had to begin anew.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "absl/time/clock.h"
#include "client/batch_writer.h"
#include "client/client.h"
#include "client/status.h"
#include "client/submit_stream.h"

namespace wonbon::client {
namespace {

struct Order {
  std::string collection;
  absl::Duration patience;
  std::vector<v1::Document> documents;
};

std::vector<v1::Document> ReadArticles(const std::string& path) {
  std::vector<v1::Document> documents;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json json = nlohmann::json::parse(line);
    v1::Document& document = documents.emplace_back();
    document.set_id(json.at("id"));
    document.set_title(json.value("title", ""));
    document.set_body(json.at("body"));
    document.set_publisher(json.value("publisher", ""));
    document.set_url(json.value("url", ""));
  }
  return documents;
}

int SendByBatches(const Client& client, const Order& order) {
  uint64_t decided = 0;
  int repeated = 0;
  BatchWriter::Options options;
  options.collection = order.collection;
  options.max_documents = 64;
  options.call = PatientCalls(order.patience);
  options.call.on_retry = [&](const absl::Status&, absl::Duration) { ++repeated; };
  options.in_flight = 1;  // on_retry is called by the sending thread
  absl::Status trouble;
  BatchWriter* running = nullptr;
  BatchWriter writer(&client, options, [&](const BatchWriter::Result& result) {
    if (result.status.ok()) ++decided;
    // A server that was away for that long is not asked once more for each batch.
    if (result.call_failed && trouble.ok()) {
      trouble = result.status;
      running->Cancel();
    }
  });
  running = &writer;
  for (const v1::Document& document : order.documents) {
    if (!writer.Write(v1::Document(document), 0).ok()) break;
  }
  const absl::Status flushed = writer.Flush();
  if (!trouble.ok()) std::cerr << trouble << std::endl;
  std::cerr << repeated << " repetitions, " << flushed << std::endl;
  return flushed.ok() && decided == order.documents.size() ? 0 : 1;
}

// One stream with the documents `todo`. What has no decision at its end comes back.
std::vector<size_t> SendByStream(const Client& client, const Order& order,
                                 const std::vector<size_t>& todo, absl::Status* status) {
  SubmitStream stream(&client);
  std::thread writer([&] {
    v1::SubmitStreamRequest request;
    request.mutable_document()->set_collection(order.collection);
    for (const size_t i : todo) {
      *request.mutable_document()->mutable_document() = order.documents[i];
      if (!stream.Write(request)) return;
    }
    stream.WritesDone();
  });
  std::vector<size_t> again;
  v1::SubmitStreamResponse response;
  size_t answered = 0;
  while (stream.Read(&response)) {
    if (!response.results(0).has_decision()) {
      *status = FromRpc(response.results(0).error());
      again.push_back(todo[answered]);
    }
    ++answered;
  }
  writer.join();
  const absl::Status ended = stream.Finish();
  if (!ended.ok()) *status = ended;
  again.insert(again.end(), todo.begin() + static_cast<std::ptrdiff_t>(answered), todo.end());
  return again;
}

int SendByStreams(const Client& client, const Order& order) {
  std::vector<size_t> todo(order.documents.size());
  for (size_t i = 0; i < todo.size(); ++i) todo[i] = i;
  int streams = 0;
  absl::Time give_up = absl::Now() + order.patience;
  while (!todo.empty()) {
    ++streams;
    absl::Status status;
    std::vector<size_t> again = SendByStream(client, order, todo, &status);
    if (again.size() < todo.size()) give_up = absl::Now() + order.patience;
    todo = std::move(again);
    if (todo.empty()) break;
    if (!IsRetryable(status, {}) || absl::Now() > give_up) {
      std::cerr << todo.size() << " without an answer: " << status << std::endl;
      return 1;
    }
    absl::SleepFor(absl::Milliseconds(100));
  }
  std::cerr << streams << " streams" << std::endl;
  return 0;
}

int Run(int argc, char** argv) {
  if (argc != 6) return 2;
  ClientOptions options;
  options.channel.endpoint = argv[2];
  const auto client = Client::Create(options);
  if (!client.ok()) return 2;
  const Order order{.collection = argv[3],
                    .patience = absl::Seconds(std::atof(argv[4])),
                    .documents = ReadArticles(argv[5])};
  return std::string(argv[1]) == "stream" ? SendByStreams(**client, order)
                                          : SendByBatches(**client, order);
}

}  // namespace
}  // namespace wonbon::client

int main(int argc, char** argv) { return wonbon::client::Run(argc, argv); }
