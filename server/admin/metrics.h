// What Prometheus reads from /metrics: the calls, under the names of go-grpc-prometheus, and
// wonbon's own numbers.
//
// Thread-safe. Counters are found once, when a method is registered; counting is then an atomic
// addition or two.
#pragma once

#include <array>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/engine.h"
#include "core/error.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/histogram.h"
#include "prometheus/metric_family.h"
#include "prometheus/registry.h"
#include "server/admin/recent_decisions.h"
#include "server/monotonic.h"

namespace wonbon::server {

// gRPC's codes are 0 to 16.
inline constexpr size_t kStatusCodes = 17;

// The counters of one rpc.
class RpcMetrics {
 public:
  void Started() { started_->Increment(); }
  void Received() { received_->Increment(); }
  void Sent() { sent_->Increment(); }
  void Handled(absl::StatusCode code, absl::Duration took);

 private:
  friend class Metrics;
  prometheus::Counter* started_ = nullptr;
  prometheus::Counter* received_ = nullptr;
  prometheus::Counter* sent_ = nullptr;
  std::array<prometheus::Counter*, kStatusCodes> handled_{};
  prometheus::Histogram* seconds_ = nullptr;
};

struct RpcName {
  std::string service;  // "wonbon.v1.DedupService"
  std::string method;   // "Submit"
  std::string type;     // "unary", "client_stream", "server_stream", "bidi_stream"
};

// A number that is read when it is asked for.
struct Reading {
  std::string name;
  std::string help;
  prometheus::MetricType type = prometheus::MetricType::Gauge;
  double value = 0;
  std::map<std::string, std::string> labels = {};
};

// A counter for each of some reasons of errors, all others together as "OTHER".
class ReasonCounters {
 public:
  ReasonCounters(prometheus::Family<prometheus::Counter>& family,
                 std::initializer_list<ErrorReason> reasons);
  void Count(const absl::Status& error, uint64_t times = 1);

 private:
  prometheus::Counter* const other_;
  std::map<ErrorReason, prometheus::Counter*> counters_;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The counters of an rpc, from now on shown even where they are zero. They live as long as this.
  RpcMetrics* AddRpc(const RpcName& name);
  // Counts a decision that was answered (not a Check).
  void Decided(const Decision& decision);
  // Counts a document that was made ready for its decision by what that took and found.
  struct Preparation {
    absl::Duration preparing;  // text, sketch, profile, packing
    absl::Duration judging;    // look-up and judgements
    size_t candidates = 0;     // clusters
    size_t judged_pairs = 0;
  };
  void Prepared(const Preparation& preparation);
  // Counts documents that were not taken.
  void Rejected(const absl::Status& why, uint64_t documents) { rejected_.Count(why, documents); }
  // Counts a call that was turned away.
  void Refused(const absl::Status& why) { refused_.Count(why); }
  // Counts a group of changes by what it took.
  void Committed(const GroupTimes& times);
  // Counts what waited for a group by how long it did, from the queue to the answer.
  void Answered(absl::Duration took) { committing_->Observe(absl::ToDoubleSeconds(took)); }
  RecentDecisions::LastDay ReadLastDay() const { return recent_.Read(MonotonicNow()); }
  void Expired(uint64_t documents) { expired_->Increment(static_cast<double>(documents)); }

  // Numbers to read at each scrape.
  void SetReadings(std::function<std::vector<Reading>()> readings);

  // Everything, in Prometheus' text format.
  std::string Text() const;

 private:
  void AddStages();

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& started_;
  prometheus::Family<prometheus::Counter>& received_;
  prometheus::Family<prometheus::Counter>& sent_;
  prometheus::Family<prometheus::Counter>& handled_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  std::vector<std::unique_ptr<RpcMetrics>> rpcs_;
  // By relation and outcome; both start at 1.
  std::array<std::array<prometheus::Counter*, 4>, 9> decisions_{};
  prometheus::Counter* expired_ = nullptr;
  prometheus::Counter* moved_ = nullptr;
  ReasonCounters rejected_;
  ReasonCounters refused_;
  // Stages of a submission, before and at the commit thread.
  prometheus::Histogram* preparing_ = nullptr;
  prometheus::Histogram* judging_ = nullptr;
  prometheus::Histogram* committing_ = nullptr;
  prometheus::Histogram* candidates_ = nullptr;
  prometheus::Histogram* judged_pairs_ = nullptr;
  // Parts of a group's time.
  prometheus::Histogram* deciding_ = nullptr;
  prometheus::Histogram* writing_ = nullptr;
  prometheus::Histogram* syncing_ = nullptr;
  prometheus::Histogram* publishing_ = nullptr;
  RecentDecisions recent_{MonotonicNow()};

  mutable absl::Mutex readings_mutex_;
  std::function<std::vector<Reading>()> readings_ ABSL_GUARDED_BY(readings_mutex_);
};

}  // namespace wonbon::server
