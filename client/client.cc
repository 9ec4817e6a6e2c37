#include "client/client.h"

#include "client/connections.h"
#include "client/status.h"

namespace wonbon::client {
namespace {

// A stub of a connection, one of its methods, and the types of both: one call.
template <typename Response, typename Service, typename Request>
absl::StatusOr<Response> Unary(Connections& connections, const CallOptions& options,
                               Service Connection::*stub,
                               grpc::Status (Service::*method)(grpc::ClientContext*, const Request&,
                                                               Response*),
                               const Request& request) {
  Response response;
  absl::Status status = connections.Run(
      options, [&](Connection& connection, grpc::ClientContext* context) -> grpc::Status {
        return ((connection.*stub).*method)(context, request, &response);
      });
  if (!status.ok()) return status;
  return response;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Create(const ClientOptions& options) {
  absl::StatusOr<std::unique_ptr<Connections>> connections =
      Connections::Create(options.channel, options.connections);
  if (!connections.ok()) return connections.status();
  return std::unique_ptr<Client>(new Client(options, *std::move(connections)));
}

Client::Client(const ClientOptions& options, std::unique_ptr<Connections> connections)
    : options_(options), connections_(std::move(connections)) {}

Client::~Client() = default;

// Every rpc below is this one line: which stub, which method.
#define WONBON_UNARY(stub, Service, Method)                                                     \
  absl::StatusOr<v1::Method##Response> Client::Method(const v1::Method##Request& request,       \
                                                      Call call) const {                        \
    return Unary<v1::Method##Response>(*connections_, call ? *call : options_.call,             \
                                       &Connection::stub, &v1::Service::Stub::Method, request); \
  }

WONBON_UNARY(dedup, DedupService, Submit)
WONBON_UNARY(dedup, DedupService, SubmitBatch)
WONBON_UNARY(dedup, DedupService, Check)
WONBON_UNARY(dedup, DedupService, Compare)
WONBON_UNARY(dedup, DedupService, GetDocument)
WONBON_UNARY(dedup, DedupService, DeleteDocument)
WONBON_UNARY(dedup, DedupService, BatchGetDocuments)
WONBON_UNARY(dedup, DedupService, BatchDeleteDocuments)
WONBON_UNARY(dedup, DedupService, UnblockDocument)
WONBON_UNARY(dedup, DedupService, ListDocuments)
WONBON_UNARY(dedup, DedupService, ListTombstones)
WONBON_UNARY(dedup, DedupService, GetCluster)
WONBON_UNARY(dedup, DedupService, ListClusters)
WONBON_UNARY(dedup, DedupService, ListClusterDocuments)
WONBON_UNARY(dedup, DedupService, PinCanonical)
WONBON_UNARY(dedup, DedupService, MergeClusters)
WONBON_UNARY(dedup, DedupService, SplitCluster)
WONBON_UNARY(collections, CollectionService, CreateCollection)
WONBON_UNARY(collections, CollectionService, GetCollection)
WONBON_UNARY(collections, CollectionService, ListCollections)
WONBON_UNARY(collections, CollectionService, UpdateCollection)
WONBON_UNARY(collections, CollectionService, DeleteCollection)
WONBON_UNARY(admin, AdminService, CreateBackup)
WONBON_UNARY(admin, AdminService, VerifyBackup)
WONBON_UNARY(admin, AdminService, ListBackups)
WONBON_UNARY(admin, AdminService, SetReadOnly)
WONBON_UNARY(admin, AdminService, ListSlowCalls)
WONBON_UNARY(admin, AdminService, GetConfiguration)

#undef WONBON_UNARY

absl::StatusOr<v1::SubmitBatchResponse> Client::SubmitBatch(
    const v1::wire::SubmitBatchRequest& request, Call call) const {
  return Unary<v1::SubmitBatchResponse>(*connections_, call ? *call : options_.call,
                                        &Connection::twin, &TwinStub::SubmitBatch, request);
}

absl::StatusOr<v1::GetStatsResponse> Client::GetStats(Call call) const {
  return Unary<v1::GetStatsResponse>(*connections_, call ? *call : options_.call,
                                     &Connection::admin, &v1::AdminService::Stub::GetStats,
                                     v1::GetStatsRequest());
}

absl::StatusOr<Health> Client::CheckHealth(const std::string& service, Call call) const {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  const auto response = Unary<grpc::health::v1::HealthCheckResponse>(
      *connections_, call ? *call : options_.call, &Connection::health,
      &grpc::health::v1::Health::Stub::Check, request);
  if (!response.ok()) return response.status();
  switch (response->status()) {
    case grpc::health::v1::HealthCheckResponse::SERVING: return Health::kServing;
    case grpc::health::v1::HealthCheckResponse::NOT_SERVING: return Health::kNotServing;
    case grpc::health::v1::HealthCheckResponse::SERVICE_UNKNOWN: return Health::kServiceUnknown;
    default: return Health::kUnknown;
  }
}

}  // namespace wonbon::client
