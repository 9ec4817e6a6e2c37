// A wonbon server for the client's tests: it keeps documents in a map, and a test can put words
// into its mouth. Thread-safe.
#pragma once

#include <grpcpp/grpcpp.h>

#include <climits>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "client/client.h"
#include "wonbon/v1/admin_service.grpc.pb.h"
#include "wonbon/v1/collection_service.grpc.pb.h"
#include "wonbon/v1/dedup_service.grpc.pb.h"

namespace wonbon::client {

class FakeServer final : public v1::DedupService::Service {
 public:
  FakeServer();
  ~FakeServer() override;

  // host:port.
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
  std::unique_ptr<Client> Connect() const;

  // Asked before a call is answered in the ordinary way; what is not OK is the answer.
  using Interfere = std::function<grpc::Status(const std::string& rpc, int call)>;
  void set_interfere(Interfere interfere);
  // The error of one document, if it is to have one.
  using Refuse = std::function<grpc::Status(const v1::Document& document)>;
  void set_refuse(Refuse refuse);
  // At most this many results of a batch and responses of a stream are sent; the rest is dropped.
  void set_answers(int answers);
  // A stream ends with OK after this many requests, however many follow.
  void set_stream_requests(int requests);
  // How watches end once their events are sent.
  void set_watch_end(grpc::Status status);
  void set_store(const std::string& store_id, uint64_t sequence, v1::Durability durability);

  // When every collection was made; another time says that it was deleted and made anew.
  void set_collection_created(int64_t seconds);

  // Ids in the order in which they were taken, repetitions included.
  std::vector<std::string> taken() const;
  std::map<std::string, v1::Document> documents() const;
  std::vector<int> batch_sizes() const;
  std::string store_id() const;
  // Calls of an rpc so far.
  int calls(const std::string& rpc) const;
  // The x-api-key of the last call.
  std::string api_key() const;
  // The last ListClusters.
  v1::ListClustersRequest list() const;
  // Most batches that were in work at once.
  int most_at_once() const;

  grpc::Status SubmitBatch(grpc::ServerContext* context, const v1::SubmitBatchRequest* request,
                           v1::SubmitBatchResponse* response) override;
  grpc::Status Submit(grpc::ServerContext* context, const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override;
  grpc::Status Compare(grpc::ServerContext* context, const v1::CompareRequest* request,
                       v1::CompareResponse* response) override;
  grpc::Status BatchGetDocuments(grpc::ServerContext* context,
                                 const v1::BatchGetDocumentsRequest* request,
                                 v1::BatchGetDocumentsResponse* response) override;
  grpc::Status ListClusters(grpc::ServerContext* context, const v1::ListClustersRequest* request,
                            v1::ListClustersResponse* response) override;
  grpc::Status ListClusterDocuments(grpc::ServerContext* context,
                                    const v1::ListClusterDocumentsRequest* request,
                                    v1::ListClusterDocumentsResponse* response) override;
  // Answers what it was asked, as the word of an editor on the cluster.
  grpc::Status SplitCluster(grpc::ServerContext* context, const v1::SplitClusterRequest* request,
                            v1::SplitClusterResponse* response) override;
  grpc::Status WatchClusters(grpc::ServerContext* context, const v1::WatchClustersRequest* request,
                             grpc::ServerWriter<v1::WatchClustersResponse>* writer) override;
  grpc::Status SubmitStream(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::SubmitStreamResponse, v1::SubmitStreamRequest>* stream) override;

 private:
  class Admin;
  class Collections;

  grpc::Status Enter(const std::string& rpc, grpc::ServerContext* context);
  // Indexes one document: one cluster per text.
  void Take(const v1::Document& document, v1::SubmitResult* result);

  mutable absl::Mutex mutex_;
  Interfere interfere_ ABSL_GUARDED_BY(mutex_);
  Refuse refuse_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> calls_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, v1::Document> documents_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> taken_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> batch_sizes_ ABSL_GUARDED_BY(mutex_);
  std::string api_key_ ABSL_GUARDED_BY(mutex_);
  v1::ListClustersRequest list_ ABSL_GUARDED_BY(mutex_);
  std::string store_id_ ABSL_GUARDED_BY(mutex_) = "store-1";
  v1::Durability durability_ ABSL_GUARDED_BY(mutex_) = v1::DURABILITY_SYNC;
  int64_t collection_created_ ABSL_GUARDED_BY(mutex_) = 1;
  uint64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  int answers_ ABSL_GUARDED_BY(mutex_) = INT_MAX;
  int stream_requests_ ABSL_GUARDED_BY(mutex_) = INT_MAX;
  grpc::Status watch_end_ ABSL_GUARDED_BY(mutex_);
  int at_once_ ABSL_GUARDED_BY(mutex_) = 0;
  int most_at_once_ ABSL_GUARDED_BY(mutex_) = 0;

  std::unique_ptr<Admin> admin_;
  std::unique_ptr<Collections> collections_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// An error as wonbond sends it: with google.rpc details. No wait is asked for where `retry_ms` is
// 0.
grpc::Status Error(grpc::StatusCode code, const std::string& message, int retry_ms = 0);

// Short waits, so that tests do not.
CallOptions QuickCalls();

}  // namespace wonbon::client
