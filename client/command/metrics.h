// What a server's metrics tell of its calls: two readings give rates and times to answer. Value
// types and plain functions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace wonbon::client {

// Unary calls of one rpc of DedupService, or of several, since the server started.
struct CallCounts {
  double calls = 0;
  double errors = 0;
  std::map<double, double> within;  // seconds -> calls that took no longer

  void Add(const CallCounts& other);
};

struct MetricsReading {
  std::map<std::string, CallCounts> calls;  // by rpc: "Submit"
  double decisions = 0;                     // of documents that were submitted
  double resident_bytes = -1;               // of the process; below 0: not told
};

// Of Prometheus' text format; lines that are not understood are passed over.
MetricsReading ParseMetrics(std::string_view text);

// What came between two readings. A restart between them counts from zero.
CallCounts Between(const CallCounts& before, const CallCounts& after);

// The seconds within which this share of the calls was answered, evenly spread within a bucket as
// Prometheus' histogram_quantile has it; below 0 where there were none.
double Quantile(const CallCounts& counts, double share);

}  // namespace wonbon::client
