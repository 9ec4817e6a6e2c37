#include "client/command/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace wonbon::client {
namespace {

// The value of a label in `{name="value",…}`; the names that are asked for have no escapes in them.
std::string_view Label(std::string_view labels, std::string_view name) {
  const std::string begin = std::string(name) + "=\"";
  size_t at = 0;
  while ((at = labels.find(begin, at)) != labels.npos) {
    const bool whole = at == 0 || labels[at - 1] == ',' || labels[at - 1] == '{';
    at += begin.size();
    if (whole) return labels.substr(at, labels.find('"', at) - at);
  }
  return "";
}

double Number(std::string_view text) { return std::strtod(std::string(text).c_str(), nullptr); }

void AddLine(std::string_view line, MetricsReading* reading) {
  static constexpr std::string_view kResident = "process_resident_memory_bytes ";
  if (line.starts_with(kResident)) reading->resident_bytes = Number(line.substr(kResident.size()));
  const size_t open = line.find('{');
  const size_t close = line.rfind("} ");
  if (open == line.npos || close == line.npos) return;
  const std::string_view name = line.substr(0, open);
  const std::string_view labels = line.substr(open + 1, close - open - 1);
  const double value = Number(line.substr(close + 2));
  if (name == "wonbon_decisions_total") reading->decisions += value;
  // Those of the health check and of who looks on are none that a server is there for.
  if (!name.starts_with("grpc_server_") || Label(labels, "grpc_type") != "unary" ||
      Label(labels, "grpc_service") != "wonbon.v1.DedupService") {
    return;
  }
  CallCounts& counts = reading->calls[std::string(Label(labels, "grpc_method"))];
  if (name == "grpc_server_handling_seconds_bucket") {
    const std::string_view bound = Label(labels, "le");
    counts.within[bound == "+Inf" ? HUGE_VAL : Number(bound)] += value;
  } else if (name == "grpc_server_handled_total") {
    counts.calls += value;
    if (Label(labels, "grpc_code") != "OK") counts.errors += value;
  }
}

}  // namespace

void CallCounts::Add(const CallCounts& other) {
  calls += other.calls;
  errors += other.errors;
  for (const auto& [seconds, count] : other.within) within[seconds] += count;
}

MetricsReading ParseMetrics(std::string_view text) {
  MetricsReading reading;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.starts_with('#')) AddLine(line, &reading);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reading;
}

CallCounts Between(const CallCounts& before, const CallCounts& after) {
  if (after.calls < before.calls) return after;
  CallCounts between = after;
  between.calls -= before.calls;
  between.errors -= before.errors;
  for (const auto& [seconds, count] : before.within) between.within[seconds] -= count;
  return between;
}

double Quantile(const CallCounts& counts, double share) {
  if (counts.within.empty() || counts.within.rbegin()->second <= 0) return -1;
  const double wanted = share * counts.within.rbegin()->second;
  double bound_below = 0;
  double count_below = 0;
  for (const auto& [bound, count] : counts.within) {
    if (count >= wanted) {
      if (std::isinf(bound) || count <= count_below) return bound_below;
      return bound_below +
             (bound - bound_below) * (wanted - count_below) / (count - count_below);
    }
    bound_below = bound;
    count_below = count;
  }
  return bound_below;
}

}  // namespace wonbon::client
