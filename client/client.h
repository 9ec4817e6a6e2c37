// The C++ client of wonbon.
//
//   absl::StatusOr<std::unique_ptr<Client>> client = Client::Create({});
//   v1::SubmitRequest request;
//   request.mutable_document()->set_id("a-1");
//   request.mutable_document()->set_body("…");
//   absl::StatusOr<v1::SubmitResponse> response = (*client)->Submit(request);
//
// One function per rpc. A call answers the response or an error with the server's code, a message
// that names the offending fields, and the server's details as payloads (status.h). Calls that fail
// with UNAVAILABLE, or with RESOURCE_EXHAUSTED that passes, are repeated as RetryPolicy says;
// CANCELLED means that CallOptions::cancellation was triggered, DEADLINE_EXCEEDED that
// CallOptions::timeout passed. For many documents use BatchWriter (batch_writer.h).
//
// Thread-safe: one Client serves all threads of a process.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "client/channel.h"
#include "client/retry.h"
#include "wonbon/v1/admin_service.pb.h"
#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"
#include "wonbon/v1/wire/submission.pb.h"

namespace wonbon::client {

class Connections;

struct ClientOptions {
  ChannelOptions channel;
  // Connections that calls are spread over, 1 to kMaxConnections (limits.h). One is enough unless a
  // single one limits the throughput: batches of one connection share one thread of the server's
  // network layer.
  int connections = 1;
  // For calls without options of their own.
  CallOptions call;
};

// What grpc.health.v1.Health answered.
enum class Health { kUnknown, kServing, kNotServing, kServiceUnknown };

class Client {
 public:
  // Does not connect yet. INVALID_ARGUMENT, NOT_FOUND: see MakeChannel.
  static absl::StatusOr<std::unique_ptr<Client>> Create(const ClientOptions& options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // A null `call` means ClientOptions::call, here and below.
  using Call = const CallOptions*;

  // DedupService; the contract is in dedup_service.proto.
  absl::StatusOr<v1::SubmitResponse> Submit(const v1::SubmitRequest& request,
                                            Call call = nullptr) const;
  absl::StatusOr<v1::SubmitBatchResponse> SubmitBatch(const v1::SubmitBatchRequest& request,
                                                      Call call = nullptr) const;
  // The same with a request of the private twin (twin.h), whose text is not checked on the way out.
  absl::StatusOr<v1::SubmitBatchResponse> SubmitBatch(const v1::wire::SubmitBatchRequest& request,
                                                      Call call = nullptr) const;
  absl::StatusOr<v1::CheckResponse> Check(const v1::CheckRequest& request,
                                          Call call = nullptr) const;
  absl::StatusOr<v1::CompareResponse> Compare(const v1::CompareRequest& request,
                                              Call call = nullptr) const;
  absl::StatusOr<v1::GetDocumentResponse> GetDocument(const v1::GetDocumentRequest& request,
                                                      Call call = nullptr) const;
  absl::StatusOr<v1::DeleteDocumentResponse> DeleteDocument(
      const v1::DeleteDocumentRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::BatchGetDocumentsResponse> BatchGetDocuments(
      const v1::BatchGetDocumentsRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::BatchDeleteDocumentsResponse> BatchDeleteDocuments(
      const v1::BatchDeleteDocumentsRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::UnblockDocumentResponse> UnblockDocument(
      const v1::UnblockDocumentRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::ListDocumentsResponse> ListDocuments(const v1::ListDocumentsRequest& request,
                                                          Call call = nullptr) const;
  absl::StatusOr<v1::ListTombstonesResponse> ListTombstones(
      const v1::ListTombstonesRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::GetClusterResponse> GetCluster(const v1::GetClusterRequest& request,
                                                    Call call = nullptr) const;
  absl::StatusOr<v1::ListClustersResponse> ListClusters(const v1::ListClustersRequest& request,
                                                        Call call = nullptr) const;
  absl::StatusOr<v1::ListClusterDocumentsResponse> ListClusterDocuments(
      const v1::ListClusterDocumentsRequest& request, Call call = nullptr) const;

  absl::StatusOr<v1::PinCanonicalResponse> PinCanonical(const v1::PinCanonicalRequest& request,
                                                        Call call = nullptr) const;
  absl::StatusOr<v1::MergeClustersResponse> MergeClusters(
      const v1::MergeClustersRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::SplitClusterResponse> SplitCluster(const v1::SplitClusterRequest& request,
                                                        Call call = nullptr) const;

  // Hands each response of WatchClusters to `on_response` until that answers false (then OK); one
  // without events is a sign of life. After an error that may pass (IsRetryable), and after
  // CallOptions::max_silence without a response, it resumes behind the last response, so that no
  // event is lost or repeated; it gives up with the error after RetryPolicy::max_attempts without a
  // response. CallOptions::timeout and attempt_timeout do not apply.
  // OUT_OF_RANGE: the server no longer keeps events that far back, or has not come that far (its
  // store went back, or the collection was deleted and made anew): list the clusters, begin anew.
  // FAILED_PRECONDITION: the server came back with another store; the same.
  using WatchCallback = std::function<bool(const v1::WatchClustersResponse& response)>;
  absl::Status WatchClusters(v1::WatchClustersRequest request, const WatchCallback& on_response,
                             Call call = nullptr) const;

  // CollectionService.
  absl::StatusOr<v1::CreateCollectionResponse> CreateCollection(
      const v1::CreateCollectionRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::GetCollectionResponse> GetCollection(const v1::GetCollectionRequest& request,
                                                          Call call = nullptr) const;
  absl::StatusOr<v1::ListCollectionsResponse> ListCollections(
      const v1::ListCollectionsRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::UpdateCollectionResponse> UpdateCollection(
      const v1::UpdateCollectionRequest& request, Call call = nullptr) const;
  absl::StatusOr<v1::DeleteCollectionResponse> DeleteCollection(
      const v1::DeleteCollectionRequest& request, Call call = nullptr) const;

  // AdminService.
  absl::StatusOr<v1::GetStatsResponse> GetStats(Call call = nullptr) const;
  // These two take as long as the copying, or the reading: give `call` a timeout.
  absl::StatusOr<v1::CreateBackupResponse> CreateBackup(const v1::CreateBackupRequest& request,
                                                        Call call = nullptr) const;
  absl::StatusOr<v1::VerifyBackupResponse> VerifyBackup(const v1::VerifyBackupRequest& request,
                                                        Call call = nullptr) const;
  absl::StatusOr<v1::ListBackupsResponse> ListBackups(const v1::ListBackupsRequest& request,
                                                      Call call = nullptr) const;
  absl::StatusOr<v1::SetReadOnlyResponse> SetReadOnly(const v1::SetReadOnlyRequest& request,
                                                      Call call = nullptr) const;
  absl::StatusOr<v1::ListSlowCallsResponse> ListSlowCalls(const v1::ListSlowCallsRequest& request,
                                                          Call call = nullptr) const;
  absl::StatusOr<v1::GetConfigurationResponse> GetConfiguration(
      const v1::GetConfigurationRequest& request, Call call = nullptr) const;

  // grpc.health.v1.Health; an empty service asks for the server as a whole.
  absl::StatusOr<Health> CheckHealth(const std::string& service, Call call = nullptr) const;

 private:
  friend class SubmitStream;

  Client(const ClientOptions& options, std::unique_ptr<Connections> connections);

  const ClientOptions options_;
  const std::unique_ptr<Connections> connections_;
};

}  // namespace wonbon::client
