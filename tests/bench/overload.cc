// What a server still does when it is asked for more than it can: calls with a deadline of 500 ms,
// first as many as it takes (the peak), then at a fixed multiple of that rate, whatever becomes of
// them; at last at half the peak again, until nearly all are answered. A line of JSON each.
//
// usage: overload ENDPOINT ARTICLES.jsonl check|submit|get [SECONDS [ARTICLES_OF_A_BODY [peak]]]
//
//   ARTICLES_OF_A_BODY   bodies of so many articles are joined, so that a call costs the server far
//                        more than it costs to send and to refuse it; 1 if not given
//   check, submit   of the articles of the file, in their order, over and over
//   get             those articles, which the server has
//   peak            no more than the peak: how much a server does
#include <cstdio>
#include <cstdlib>
#include <map>

#include "tests/bench/load.h"
#include "tests/bench/requests.h"

namespace {

using wonbon::bench::Load;
using wonbon::bench::Outcome;
using wonbon::bench::Quantile;

constexpr int kConnections = 8;
constexpr size_t kOpenAtPeak = 64;
constexpr double kDeadlineMs = 500;

struct Summary {
  double goodput = 0;  // OK within the deadline, a second
};

Summary Report(const char* name, const std::vector<Outcome>& outcomes, double seconds) {
  std::vector<double> good;
  std::vector<double> refused;
  std::map<int, int> others;
  for (const Outcome& outcome : outcomes) {
    if (outcome.code == grpc::StatusCode::OK) {
      if (outcome.took_ms <= kDeadlineMs) good.push_back(outcome.took_ms);
    } else if (outcome.code == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      refused.push_back(outcome.took_ms);
    } else {
      ++others[outcome.code];
    }
  }
  const double goodput = static_cast<double>(good.size()) / seconds;
  std::printf("{\"phase\":\"%s\",\"offered\":%.0f,\"goodput\":%.0f,\"ok_p50_ms\":%.1f,"
              "\"ok_p99_ms\":%.1f,\"refused\":%.0f,\"refused_p50_ms\":%.1f,\"refused_p99_ms\":%.1f",
              name, static_cast<double>(outcomes.size()) / seconds, goodput, Quantile(good, .5),
              Quantile(good, .99), static_cast<double>(refused.size()) / seconds,
              Quantile(refused, .5), Quantile(refused, .99));
  for (const auto& [code, count] : others) {
    std::printf(",\"code_%d\":%.0f", code, count / seconds);
  }
  std::puts("}");
  std::fflush(stdout);
  return {goodput};
}

// After so many ms .95 of the calls sent in each tenth of a second are answered.
double RecoveredAfter(const std::vector<Outcome>& outcomes) {
  std::map<int, std::pair<int, int>> tenths;  // good, all
  for (const Outcome& outcome : outcomes) {
    auto& [good, all] = tenths[static_cast<int>(outcome.sent_ms / 100)];
    ++all;
    if (outcome.code == grpc::StatusCode::OK && outcome.took_ms <= kDeadlineMs) ++good;
  }
  int from = 0;
  for (const auto& [tenth, counts] : tenths) {
    if (counts.first < .95 * counts.second) from = tenth + 1;
  }
  return from * 100.0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr,
                 "usage: overload ENDPOINT ARTICLES.jsonl check|submit|get [SECONDS [N [peak]]]\n");
    return 2;
  }
  const std::string rpc = argv[3];
  const int seconds = argc > 4 ? std::atoi(argv[4]) : 5;
  const std::vector<wonbon::Document> articles = wonbon::bench::ReadArticles(
      argv[2], argc > 5 ? static_cast<size_t>(std::atoi(argv[5])) : 1);
  const std::string method = rpc == "get" ? "GetDocument" : rpc == "submit" ? "Submit" : "Check";
  Load load(argv[1], kConnections, "/wonbon.v1.DedupService/" + method,
            wonbon::bench::Requests(method, articles));
  const std::chrono::seconds length(seconds);
  (void)load.Closed(kOpenAtPeak, std::chrono::seconds(2));  // warm
  const double peak = Report("peak", load.Closed(kOpenAtPeak, length), seconds).goodput;
  if (argc > 6 && std::string_view(argv[6]) == "peak") return 0;
  for (const double factor : {1.0, 2.0, 3.0, 10.0}) {
    const auto name = std::to_string(static_cast<int>(factor)) + "x";
    const double got = Report(name.c_str(), load.Open(peak * factor, length), seconds).goodput;
    std::printf("{\"of_peak\":%.3f}\n", got / peak);
  }
  const auto after = load.Open(peak / 2, length);
  Report("after", after, seconds);
  std::printf("{\"recovered_ms\":%.0f}\n", RecoveredAfter(after));
  return 0;
}
