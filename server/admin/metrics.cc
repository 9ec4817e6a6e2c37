#include "server/admin/metrics.h"

#include <sstream>
#include <utility>

#include "core/relation.h"
#include "prometheus/text_serializer.h"

namespace wonbon::server {
namespace {

// As Go's codes.Code prints them: what dashboards for go-grpc-prometheus look for.
constexpr std::array<const char*, kStatusCodes> kCodeNames = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

constexpr std::array<const char*, 4> kOutcomeNames = {"", "CREATED", "UPDATED", "UNCHANGED"};

// Seconds. Finer than go-grpc-prometheus below 5 ms, where most calls are.
const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto& buckets = *new prometheus::Histogram::BucketBoundaries{
      .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
  return buckets;
}

// Clusters, pairs.
const prometheus::Histogram::BucketBoundaries& Counts() {
  static const auto& buckets =
      *new prometheus::Histogram::BucketBoundaries{0, 1, 2, 4, 8, 16, 32, 64, 128, 256};
  return buckets;
}

prometheus::Family<prometheus::Histogram>& AddHistogram(prometheus::Registry& registry,
                                                        const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Counter>& AddCounter(prometheus::Registry& registry,
                                                    const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

void RpcMetrics::Handled(absl::StatusCode code, absl::Duration took) {
  const size_t index = static_cast<size_t>(code);
  handled_[index < kStatusCodes ? index : 2]->Increment();
  seconds_->Observe(absl::ToDoubleSeconds(took));
}

ReasonCounters::ReasonCounters(prometheus::Family<prometheus::Counter>& family,
                               std::initializer_list<ErrorReason> reasons)
    : other_(&family.Add({{"reason", "OTHER"}})) {
  for (const ErrorReason reason : reasons) {
    counters_[reason] = &family.Add({{"reason", std::string(Name(reason))}});
  }
}

void ReasonCounters::Count(const absl::Status& error, uint64_t times) {
  const auto found = counters_.find(ReasonOf(error));
  (found == counters_.end() ? other_ : found->second)->Increment(static_cast<double>(times));
}

Metrics::Metrics()
    : started_(AddCounter(registry_, "grpc_server_started_total", "RPCs started on the server.")),
      received_(AddCounter(registry_, "grpc_server_msg_received_total",
                           "Messages received by the server.")),
      sent_(AddCounter(registry_, "grpc_server_msg_sent_total", "Messages sent by the server.")),
      handled_(AddCounter(registry_, "grpc_server_handled_total",
                          "RPCs completed on the server, whatever their code.")),
      seconds_(AddHistogram(registry_, "grpc_server_handling_seconds",
                            "Time from the arrival of an RPC to its completion.")),
      rejected_(AddCounter(registry_, "wonbon_rejected_documents_total",
                           "Documents that were submitted and not taken, by reason."),
                {ErrorReason::kInvalidField, ErrorReason::kCollectionNotFound,
                 ErrorReason::kDocumentBlocked, ErrorReason::kDocumentExpired,
                 ErrorReason::kSequenceMismatch, ErrorReason::kQueueFull, ErrorReason::kDiskFull,
                 ErrorReason::kStoreUnavailable, ErrorReason::kReadOnly,
                 ErrorReason::kDraining}),
      refused_(AddCounter(registry_, "wonbon_refused_calls_total",
                          "Calls that were turned away for who made them, or for want of room, "
                          "by reason."),
               {ErrorReason::kKeyMissing, ErrorReason::kKeyUnknown, ErrorReason::kKeyExpired,
                ErrorReason::kKeyRevoked, ErrorReason::kRoleTooLow,
                ErrorReason::kCollectionNotAllowed, ErrorReason::kRateLimited,
                ErrorReason::kQueueFull, ErrorReason::kTooManyBytesInFlight,
                ErrorReason::kTooManyStreams, ErrorReason::kMemoryLimit, ErrorReason::kDiskFull,
                ErrorReason::kStoreUnavailable, ErrorReason::kReadOnly, ErrorReason::kDraining}) {
  auto& decisions = AddCounter(registry_, "wonbon_decisions_total",
                               "Decisions answered, by relation and outcome.");
  for (size_t relation = 1; relation < decisions_.size(); ++relation) {
    for (size_t outcome = 1; outcome < kOutcomeNames.size(); ++outcome) {
      decisions_[relation][outcome] =
          &decisions.Add({{"relation", std::string(Name(static_cast<Relation>(relation)))},
                          {"outcome", kOutcomeNames[outcome]}});
    }
  }
  expired_ = &AddCounter(registry_, "wonbon_expired_documents_total",
                         "Documents removed because their collection's retention was over.")
                  .Add({});
  moved_ = &AddCounter(registry_, "wonbon_moved_documents_total",
                       "Documents that submissions moved to other clusters.")
                .Add({});
  AddStages();
}

void Metrics::AddStages() {
  auto& stages = AddHistogram(registry_, "wonbon_submission_seconds",
                              "Time of a submission, by stage: of a document to prepare it and to "
                              "judge it with its candidates; of a request to commit it, from the "
                              "queue of the commit thread to the answer.");
  preparing_ = &stages.Add({{"stage", "prepare"}}, Buckets());
  judging_ = &stages.Add({{"stage", "judge"}}, Buckets());
  committing_ = &stages.Add({{"stage", "commit"}}, Buckets());
  candidates_ = &AddHistogram(registry_, "wonbon_submission_candidates",
                              "Clusters that were looked at for a document, before the commit "
                              "thread.")
                     .Add({}, Counts());
  judged_pairs_ = &AddHistogram(registry_, "wonbon_submission_judged_pairs",
                                "Pairs that were judged for a document, before the commit thread.")
                       .Add({}, Counts());
  auto& commits = AddHistogram(registry_, "wonbon_commit_seconds",
                               "Time of the commit thread for a group of changes, by part: to "
                               "decide, to write (with the fsync), to publish in memory.");
  deciding_ = &commits.Add({{"part", "decide"}}, Buckets());
  writing_ = &commits.Add({{"part", "write"}}, Buckets());
  publishing_ = &commits.Add({{"part", "publish"}}, Buckets());
  syncing_ = &AddHistogram(registry_, "wonbon_fsync_seconds",
                           "Time of the fsync of a group of changes; 0 with --durability=async.")
                  .Add({}, Buckets());
}

Metrics::~Metrics() = default;

RpcMetrics* Metrics::AddRpc(const RpcName& name) {
  const prometheus::Labels labels = {
      {"grpc_service", name.service}, {"grpc_method", name.method}, {"grpc_type", name.type}};
  RpcMetrics& rpc = *rpcs_.emplace_back(std::make_unique<RpcMetrics>());
  rpc.started_ = &started_.Add(labels);
  rpc.received_ = &received_.Add(labels);
  rpc.sent_ = &sent_.Add(labels);
  rpc.seconds_ = &seconds_.Add(labels, Buckets());
  for (size_t code = 0; code < kStatusCodes; ++code) {
    prometheus::Labels with_code = labels;
    with_code["grpc_code"] = kCodeNames[code];
    rpc.handled_[code] = &handled_.Add(with_code);
  }
  return &rpc;
}

void Metrics::Decided(const Decision& decision) {
  decisions_[static_cast<size_t>(decision.relation)][static_cast<size_t>(decision.outcome)]
      ->Increment();
  if (decision.outcome != Outcome::kUnchanged) {
    moved_->Increment(static_cast<double>(decision.moved_documents));
  }
  recent_.Count(decision, MonotonicNow());
}

void Metrics::Prepared(const Preparation& preparation) {
  preparing_->Observe(absl::ToDoubleSeconds(preparation.preparing));
  judging_->Observe(absl::ToDoubleSeconds(preparation.judging));
  candidates_->Observe(static_cast<double>(preparation.candidates));
  judged_pairs_->Observe(static_cast<double>(preparation.judged_pairs));
}

void Metrics::Committed(const GroupTimes& times) {
  deciding_->Observe(absl::ToDoubleSeconds(times.deciding));
  writing_->Observe(absl::ToDoubleSeconds(times.writing));
  syncing_->Observe(absl::ToDoubleSeconds(times.syncing));
  publishing_->Observe(absl::ToDoubleSeconds(times.publishing));
}

void Metrics::SetReadings(std::function<std::vector<Reading>()> readings) {
  absl::MutexLock lock(&readings_mutex_);
  readings_ = std::move(readings);
}

std::string Metrics::Text() const {
  std::vector<prometheus::MetricFamily> families = registry_.Collect();
  absl::MutexLock lock(&readings_mutex_);
  for (Reading& reading : readings_ ? readings_() : std::vector<Reading>()) {
    prometheus::ClientMetric metric;
    metric.gauge.value = reading.value;
    metric.counter.value = reading.value;
    for (auto& [name, value] : reading.labels) metric.label.push_back({name, value});
    // Readings of one name stand together.
    if (families.empty() || families.back().name != reading.name) {
      families.push_back({std::move(reading.name), std::move(reading.help), reading.type, {}});
    }
    families.back().metric.push_back(std::move(metric));
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return out.str();
}

}  // namespace wonbon::server
