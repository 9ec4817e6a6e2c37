#include "client/command/metrics.h"

#include <gmock/gmock.h>

#include <cmath>

namespace wonbon::client {
namespace {

// "name{labels,grpc_method=…} value" of an rpc.
std::string Line(const std::string& name, const std::string& method, const std::string& service,
                 const std::string& type, int value) {
  return name + ",grpc_method=\"" + method + "\",grpc_service=\"" + service +
         "\",grpc_type=\"" + type + "\"} " + std::to_string(value) + "\n";
}

std::string Text() {
  const std::string ours = "wonbon.v1.DedupService";
  const std::string handled = "grpc_server_handled_total{grpc_code=";
  const std::string within = "grpc_server_handling_seconds_bucket{le=";
  return "# TYPE grpc_server_handled_total counter\n" +
         Line(handled + "\"OK\"", "Check", ours, "unary", 90) +
         Line(handled + "\"INVALID_ARGUMENT\"", "Check", ours, "unary", 10) +
         Line(handled + "\"OK\"", "Check", "grpc.health.v1.Health", "unary", 5'000) +
         Line(handled + "\"OK\"", "WatchClusters", ours, "server_stream", 7) +
         Line(within + "\"0.001\"", "Check", ours, "unary", 50) +
         Line(within + "\"0.01\"", "Check", ours, "unary", 98) +
         Line(within + "\"+Inf\"", "Check", ours, "unary", 100) +
         "wonbon_decisions_total{outcome=\"created\",relation=\"near\"} 30\n"
         "wonbon_decisions_total{outcome=\"created\",relation=\"unique\"} 70\n"
         "process_resident_memory_bytes 2.5e+08\nprocess_open_fds 12\nbroken{\n";
}

TEST(MetricsTest, CallsOfTheServiceAreRead) {
  const MetricsReading reading = ParseMetrics(Text());
  ASSERT_EQ(reading.calls.size(), 1u) << "neither the health check nor a stream";
  const CallCounts& check = reading.calls.at("Check");
  EXPECT_EQ(check.calls, 100);
  EXPECT_EQ(check.errors, 10);
  EXPECT_EQ(check.within.size(), 3u);
  EXPECT_EQ(reading.decisions, 100);
  EXPECT_EQ(reading.resident_bytes, 2.5e8);
  EXPECT_LT(ParseMetrics("").resident_bytes, 0);
}

TEST(MetricsTest, TimesAreReadOffTheBuckets) {
  const CallCounts check = ParseMetrics(Text()).calls.at("Check");
  EXPECT_DOUBLE_EQ(Quantile(check, 0.5), 0.001);
  EXPECT_DOUBLE_EQ(Quantile(check, 0.25), 0.0005);
  EXPECT_NEAR(Quantile(check, 0.74), 0.001 + 0.009 / 2, 1e-9);
  EXPECT_DOUBLE_EQ(Quantile(check, 0.99), 0.01) << "past the last bound nothing is known";
  EXPECT_LT(Quantile(CallCounts(), 0.5), 0);
}

TEST(MetricsTest, TwoReadingsGiveWhatCameBetween) {
  const CallCounts before{.calls = 10, .errors = 1, .within = {{0.1, 8}, {HUGE_VAL, 10}}};
  const CallCounts after{.calls = 30, .errors = 1, .within = {{0.1, 28}, {HUGE_VAL, 30}}};
  const CallCounts between = Between(before, after);
  EXPECT_EQ(between.calls, 20);
  EXPECT_EQ(between.errors, 0);
  EXPECT_DOUBLE_EQ(Quantile(between, 0.5), 0.05);
  EXPECT_EQ(Between(after, before).calls, 10) << "the server was started anew";
}

}  // namespace
}  // namespace wonbon::client
