// Calls of one key at a given pace, whether or not they are answered; what became of them as a line
// of JSON.
//
// usage: access_load ENDPOINT KEY_FILE COLLECTION METHOD RATE SECONDS     METHOD: Check or Submit
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/bench/load.h"
#include "wonbon/v1/dedup_service.pb.h"

namespace {

using wonbon::bench::Outcome;
namespace v1 = wonbon::v1;

v1::Document Article(size_t n) {
  v1::Document document;
  document.set_id("load-" + std::to_string(n));
  std::string body;
  for (size_t i = 0; i < 60; ++i) {
    body += "제" + std::to_string((n * 7'919 + i * 104'729) % 99'991) + "호 안건이 올라왔다. ";
  }
  document.set_body(std::move(body));
  return document;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: access_load ENDPOINT KEY_FILE COLLECTION METHOD RATE SECONDS\n");
    return 2;
  }
  std::string key;
  std::ifstream(argv[2]) >> key;
  const std::string collection = argv[3];
  const std::string method = argv[4];
  const auto request = [&](size_t n) {
    if (method == "Check") {
      v1::CheckRequest check;
      check.set_collection(collection);
      *check.mutable_document() = Article(n);
      return wonbon::bench::Bytes(check);
    }
    v1::SubmitRequest submit;
    submit.set_collection(collection);
    *submit.mutable_document() = Article(n);
    return wonbon::bench::Bytes(submit);
  };
  wonbon::bench::Load load(argv[1], 4, "/wonbon.v1.DedupService/" + method, request);
  load.Show(key);
  const double rate = std::atof(argv[5]);
  const std::vector<Outcome> outcomes =
      load.Open(rate, std::chrono::milliseconds(static_cast<int>(std::atof(argv[6]) * 1'000)));
  std::vector<double> took;
  std::map<int, size_t> codes;
  for (const Outcome& outcome : outcomes) {
    ++codes[outcome.code];
    if (outcome.code == grpc::StatusCode::OK) took.push_back(outcome.took_ms);
  }
  std::printf("{\"calls\":%zu,\"ok\":%zu,\"limited\":%zu,\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n",
              outcomes.size(), took.size(), codes[grpc::StatusCode::RESOURCE_EXHAUSTED],
              wonbon::bench::Quantile(took, .5), wonbon::bench::Quantile(took, .99));
  return outcomes.empty() ? 1 : 0;
}
