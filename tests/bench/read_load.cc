// Readers beside whatever else a server does: each asks for whole documents, one after the other,
// at random from a list of ids, at its own pace. Ends when its standard input does; then it writes
// how long the reads took, and every error, as one line of JSON.
//
// usage: read_load ENDPOINT IDS_FILE READERS READS_PER_SECOND_OF_EACH
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "client/client.h"

namespace {

using wonbon::client::Client;
namespace v1 = wonbon::v1;

// Upper bounds of the histogram's bins, in ms; a last one takes the rest.
constexpr std::array kBounds = {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0};

struct Answers {
  std::vector<double> milliseconds;
  std::map<std::string, int> errors;
};

void Read(const Client& client, const std::vector<std::string>& ids, size_t reader, double rate,
          const std::atomic<bool>& done, Answers* answers) {
  std::mt19937_64 random(reader + 1);
  wonbon::client::CallOptions once;
  once.retry.max_attempts = 1;  // what the server answers, not what the client makes of it
  const absl::Duration pause = absl::Seconds(1) / rate;
  // Readers begin spread over one pause, so that they do not ask all at once.
  absl::Time due = absl::Now() + pause * (static_cast<double>(random() % 1'000) / 1'000);
  while (!done) {
    absl::SleepFor(due - absl::Now());
    v1::GetDocumentRequest request;
    request.set_document_id(ids[random() % ids.size()]);
    const absl::Time begin = absl::Now();
    const auto response = client.GetDocument(request, &once);
    answers->milliseconds.push_back(absl::ToDoubleMilliseconds(absl::Now() - begin));
    if (!response.ok()) ++answers->errors[absl::StatusCodeToString(response.status().code())];
    due = std::max(due + pause, absl::Now());
  }
}

double Quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void Print(const Answers& all) {
  std::vector<double> sorted = all.milliseconds;
  std::sort(sorted.begin(), sorted.end());
  std::printf("{\"reads\":%zu,\"p50_ms\":%.2f,\"p90_ms\":%.2f,\"p99_ms\":%.2f,\"p999_ms\":%.2f,"
              "\"max_ms\":%.2f,\"histogram\":{",
              sorted.size(), Quantile(sorted, .5), Quantile(sorted, .9), Quantile(sorted, .99),
              Quantile(sorted, .999), Quantile(sorted, 1));
  auto begin = sorted.begin();
  for (const double bound : kBounds) {
    const auto end = std::upper_bound(begin, sorted.end(), bound);
    std::printf("\"%g\":%td,", bound, end - begin);
    begin = end;
  }
  std::printf("\"more\":%td},\"errors\":{", sorted.end() - begin);
  const char* comma = "";
  for (const auto& [code, count] : all.errors) {
    std::printf("%s\"%s\":%d", comma, code.c_str(), count);
    comma = ",";
  }
  std::puts("}}");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: read_load ENDPOINT IDS_FILE READERS READS_PER_SECOND_OF_EACH\n");
    return 2;
  }
  std::vector<std::string> ids;
  std::ifstream file(argv[2]);
  for (std::string id; std::getline(file, id);) ids.push_back(id);
  const auto readers = static_cast<size_t>(std::atoi(argv[3]));
  const double rate = std::atof(argv[4]);
  if (ids.empty() || readers == 0 || rate <= 0) {
    std::fprintf(stderr, "read_load: no ids, no readers, or no rate\n");
    return 2;
  }
  wonbon::client::ClientOptions options;
  options.channel.endpoint = argv[1];
  options.connections = 4;
  const auto client = Client::Create(options);
  if (!client.ok()) {
    std::fprintf(stderr, "read_load: %s\n", client.status().ToString().c_str());
    return 1;
  }
  std::atomic<bool> done{false};
  std::vector<Answers> answers(readers);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < readers; ++i) {
    threads.emplace_back(
        [&, i] { Read(**client, ids, i, rate, done, &answers[i]); });
  }
  while (std::getchar() != EOF) continue;
  done = true;
  for (std::thread& thread : threads) thread.join();
  Answers all;
  for (const Answers& each : answers) {
    all.milliseconds.insert(all.milliseconds.end(), each.milliseconds.begin(),
                            each.milliseconds.end());
    for (const auto& [code, count] : each.errors) all.errors[code] += count;
  }
  Print(all);
  return 0;
}
