// Submit and SubmitBatch.
#include <memory>
#include <utility>

#include "server/handlers/handlers.h"
#include "server/handlers/submission_job.h"
#include "server/message/convert.h"

namespace wonbon::server {
namespace {

using SubmitCall = Call<v1::wire::SubmitRequest, v1::SubmitResponse>;
using SubmitBatchCall = Call<v1::wire::SubmitBatchRequest, v1::SubmitBatchResponse>;

// The job's steps wait where the call's do, for as long as the call's client does.
void WaitAs(const UnaryCall& call, SubmissionJob::Options& options) {
  options.lane = call.lane();
  options.deadline = call.deadline();
  options.alive = [&call] { return call.Alive(); };
}

void Submit(SubmitCall& call) {
  v1::wire::SubmitRequest& request = call.request();
  absl::StatusOr<SubmissionJob::Options> options = JobOptions(request);
  if (!options.ok()) return call.Finish(options.status());
  WaitAs(call, *options);
  auto job = std::make_shared<SubmissionJob>(
      call.backend(), *std::move(options),
      std::vector<v1::wire::Document*>{request.mutable_document()});
  job->Prepare([&call, job = job.get()] {
    job->Enqueue([&call](absl::StatusOr<SubmissionJob::Results> results) {
      if (!results.ok()) return call.Finish(results.status());
      absl::StatusOr<Decision>& decision = results->front();
      if (!decision.ok()) return call.Finish(decision.status());
      ToProto(*std::move(decision), *call.response().mutable_decision());
      call.Finish(absl::OkStatus());
    });
  });
}

void SubmitBatch(SubmitBatchCall& call) {
  v1::wire::SubmitBatchRequest& request = call.request();
  absl::StatusOr<SubmissionJob::Options> options = JobOptions(call.backend(), request);
  if (!options.ok()) return call.Finish(options.status());
  WaitAs(call, *options);
  auto job =
      std::make_shared<SubmissionJob>(call.backend(), *std::move(options), DocumentsOf(request));
  job->Prepare([&call, job = job.get()] {
    job->Enqueue([&call](absl::StatusOr<SubmissionJob::Results> results) {
      if (!results.ok()) return call.Finish(results.status());
      ToProto(*std::move(results), *call.response().mutable_results());
      call.Finish(absl::OkStatus());
    });
  });
}

}  // namespace

void AddSubmitRpcs(RpcService& dedup) {
  dedup.HandleLater<v1::wire::SubmitRequest, v1::SubmitResponse>("Submit", Submit);
  dedup.HandleLater<v1::wire::SubmitBatchRequest, v1::SubmitBatchResponse>("SubmitBatch",
                                                                           SubmitBatch);
}

}  // namespace wonbon::server
