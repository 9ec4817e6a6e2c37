#include "tests/client/fake_server.h"

#include <algorithm>

#include "client/limits.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace wonbon::client {

class FakeServer::Admin final : public v1::AdminService::Service {
 public:
  explicit Admin(FakeServer* server) : server_(server) {}

  grpc::Status GetStats(grpc::ServerContext* context, const v1::GetStatsRequest* request,
                        v1::GetStatsResponse* response) override {
    if (grpc::Status status = server_->Enter("GetStats", context); !status.ok()) return status;
    absl::MutexLock lock(&server_->mutex_);
    response->set_store_id(server_->store_id_);
    response->set_sequence(server_->sequence_);
    response->set_durability(server_->durability_);
    response->set_documents(server_->documents_.size());
    return grpc::Status::OK;
  }

  grpc::Status CreateBackup(grpc::ServerContext* context, const v1::CreateBackupRequest*,
                            v1::CreateBackupResponse* response) override {
    if (grpc::Status status = server_->Enter("CreateBackup", context); !status.ok()) return status;
    response->mutable_backup()->set_name(kBackup);
    response->add_removed("20261127T022000.123Z");
    return grpc::Status::OK;
  }
  grpc::Status ListBackups(grpc::ServerContext* context, const v1::ListBackupsRequest*,
                           v1::ListBackupsResponse* response) override {
    if (grpc::Status status = server_->Enter("ListBackups", context); !status.ok()) return status;
    response->add_backups()->set_name(kBackup);
    response->add_backups()->set_trouble("BACKUP: damaged");
    return grpc::Status::OK;
  }
  // One alone is whole.
  grpc::Status VerifyBackup(grpc::ServerContext* context, const v1::VerifyBackupRequest* request,
                            v1::VerifyBackupResponse* response) override {
    if (grpc::Status status = server_->Enter("VerifyBackup", context); !status.ok()) return status;
    if (request->backup() != kBackup) response->add_damage("seed: missing");
    return grpc::Status::OK;
  }
  grpc::Status SetReadOnly(grpc::ServerContext* context, const v1::SetReadOnlyRequest* request,
                           v1::SetReadOnlyResponse* response) override {
    if (grpc::Status status = server_->Enter("SetReadOnly", context); !status.ok()) return status;
    if (request->read_only()) response->set_cannot_write("cannot write: " + request->reason());
    return grpc::Status::OK;
  }

 private:
  static constexpr char kBackup[] = "20261128T022000.123Z";

  FakeServer* const server_;
};

class FakeServer::Collections final : public v1::CollectionService::Service {
 public:
  explicit Collections(FakeServer* server) : server_(server) {}

  grpc::Status GetCollection(grpc::ServerContext* context, const v1::GetCollectionRequest* request,
                             v1::GetCollectionResponse* response) override {
    if (grpc::Status status = server_->Enter("GetCollection", context); !status.ok()) return status;
    absl::MutexLock lock(&server_->mutex_);
    response->mutable_collection()->set_name(request->name());
    response->mutable_collection()->mutable_created_at()->set_seconds(server_->collection_created_);
    return grpc::Status::OK;
  }

 private:
  FakeServer* const server_;
};

FakeServer::FakeServer()
    : watch_end_(Error(grpc::StatusCode::UNAVAILABLE, "shutting down")),
      admin_(std::make_unique<Admin>(this)),
      collections_(std::make_unique<Collections>(this)) {
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(this);
  builder.RegisterService(admin_.get());
  builder.RegisterService(collections_.get());
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

std::unique_ptr<Client> FakeServer::Connect() const {
  ClientOptions options;
  options.channel.endpoint = endpoint();
  options.call = QuickCalls();
  return *Client::Create(options);
}

void FakeServer::set_interfere(Interfere interfere) {
  absl::MutexLock lock(&mutex_);
  interfere_ = std::move(interfere);
}

void FakeServer::set_refuse(Refuse refuse) {
  absl::MutexLock lock(&mutex_);
  refuse_ = std::move(refuse);
}

void FakeServer::set_answers(int answers) {
  absl::MutexLock lock(&mutex_);
  answers_ = answers;
}

void FakeServer::set_stream_requests(int requests) {
  absl::MutexLock lock(&mutex_);
  stream_requests_ = requests;
}

void FakeServer::set_watch_end(grpc::Status status) {
  absl::MutexLock lock(&mutex_);
  watch_end_ = std::move(status);
}

void FakeServer::set_store(const std::string& store_id, uint64_t sequence,
                           v1::Durability durability) {
  absl::MutexLock lock(&mutex_);
  store_id_ = store_id;
  sequence_ = sequence;
  durability_ = durability;
}

void FakeServer::set_collection_created(int64_t seconds) {
  absl::MutexLock lock(&mutex_);
  collection_created_ = seconds;
}

std::vector<std::string> FakeServer::taken() const {
  absl::MutexLock lock(&mutex_);
  return taken_;
}

std::map<std::string, v1::Document> FakeServer::documents() const {
  absl::MutexLock lock(&mutex_);
  return documents_;
}

std::vector<int> FakeServer::batch_sizes() const {
  absl::MutexLock lock(&mutex_);
  return batch_sizes_;
}

std::string FakeServer::store_id() const {
  absl::MutexLock lock(&mutex_);
  return store_id_;
}

int FakeServer::calls(const std::string& rpc) const {
  absl::MutexLock lock(&mutex_);
  const auto it = calls_.find(rpc);
  return it == calls_.end() ? 0 : it->second;
}

v1::ListClustersRequest FakeServer::list() const {
  absl::MutexLock lock(&mutex_);
  return list_;
}

std::string FakeServer::api_key() const {
  absl::MutexLock lock(&mutex_);
  return api_key_;
}

int FakeServer::most_at_once() const {
  absl::MutexLock lock(&mutex_);
  return most_at_once_;
}

grpc::Status FakeServer::Enter(const std::string& rpc, grpc::ServerContext* context) {
  Interfere interfere;
  int call = 0;
  {
    absl::MutexLock lock(&mutex_);
    call = ++calls_[rpc];
    interfere = interfere_;
    const auto key = context->client_metadata().find("x-api-key");
    api_key_ = key == context->client_metadata().end()
                   ? ""
                   : std::string(key->second.data(), key->second.size());
  }
  return interfere ? interfere(rpc, call) : grpc::Status::OK;
}

void FakeServer::Take(const v1::Document& document, v1::SubmitResult* result) {
  absl::MutexLock lock(&mutex_);
  grpc::Status refused = refuse_ ? refuse_(document) : grpc::Status::OK;
  if (refused.ok() && document.body().empty()) {
    refused = Error(grpc::StatusCode::INVALID_ARGUMENT, "document.body: empty");
  }
  if (!refused.ok()) {
    result->mutable_error()->ParseFromString(refused.error_details());
    return;
  }
  taken_.push_back(document.id());
  v1::Decision* decision = result->mutable_decision();
  decision->set_document_id(document.id());
  decision->set_relation(v1::RELATION_UNIQUE);
  decision->set_cluster_id("c-" + document.id());
  for (const auto& [id, other] : documents_) {
    if (id == document.id() || other.body() != document.body()) continue;
    decision->set_relation(v1::RELATION_EXACT);
    decision->set_cluster_id("c-" + id);
    break;
  }
  const auto known = documents_.find(document.id());
  if (known == documents_.end()) {
    decision->set_outcome(v1::OUTCOME_CREATED);
  } else {
    decision->set_outcome(known->second.body() == document.body() ? v1::OUTCOME_UNCHANGED
                                                                  : v1::OUTCOME_UPDATED);
  }
  documents_[document.id()] = document;
  decision->set_sequence(++sequence_);
}

grpc::Status FakeServer::SubmitBatch(grpc::ServerContext* context,
                                     const v1::SubmitBatchRequest* request,
                                     v1::SubmitBatchResponse* response) {
  {
    absl::MutexLock lock(&mutex_);
    most_at_once_ = std::max(most_at_once_, ++at_once_);
  }
  grpc::Status status = Enter("SubmitBatch", context);
  if (status.ok()) {
    for (const v1::Document& document : request->documents()) {
      Take(document, response->add_results());
    }
  }
  absl::MutexLock lock(&mutex_);
  while (response->results_size() > answers_) response->mutable_results()->RemoveLast();
  --at_once_;
  if (status.ok()) batch_sizes_.push_back(request->documents_size());
  return status;
}

grpc::Status FakeServer::Submit(grpc::ServerContext* context, const v1::SubmitRequest* request,
                                v1::SubmitResponse* response) {
  if (grpc::Status status = Enter("Submit", context); !status.ok()) return status;
  v1::SubmitResult result;
  Take(request->document(), &result);
  if (result.has_error()) {
    return grpc::Status(static_cast<grpc::StatusCode>(result.error().code()),
                        result.error().message(), result.error().SerializeAsString());
  }
  *response->mutable_decision() = result.decision();
  return grpc::Status::OK;
}

grpc::Status FakeServer::Compare(grpc::ServerContext* context, const v1::CompareRequest* request,
                                 v1::CompareResponse* response) {
  if (grpc::Status status = Enter("Compare", context); !status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  const auto a = documents_.find(request->a().document_id());
  const auto b = documents_.find(request->b().document_id());
  if (a == documents_.end() || b == documents_.end()) {
    return Error(grpc::StatusCode::NOT_FOUND, "no such document");
  }
  const bool same = a->second.body() == b->second.body();
  response->set_relation(same ? v1::RELATION_EXACT : v1::RELATION_UNIQUE);
  response->set_same_article(same);
  response->set_score(same ? 1 : 0);
  response->set_rule(same ? "same canonical text" : "nothing in common");
  auto* feature = response->add_features();
  feature->set_name("jaccard");
  feature->set_value(same ? 1 : 0);
  return grpc::Status::OK;
}

grpc::Status FakeServer::SplitCluster(grpc::ServerContext* context,
                                      const v1::SplitClusterRequest* request,
                                      v1::SplitClusterResponse* response) {
  if (grpc::Status status = Enter("SplitCluster", context); !status.ok()) return status;
  response->mutable_cluster()->set_cluster_id(request->cluster_id());
  v1::Cluster& split_off = *response->mutable_split_off();
  split_off.set_cluster_id("c9");
  split_off.set_size(static_cast<uint32_t>(request->document_ids_size()));
  v1::EditorWord& word = *split_off.add_words();
  word.set_act(v1::EDITORIAL_ACT_SPLIT);
  word.set_actor(request->actor());
  word.set_note(request->note());
  word.add_cluster_ids(request->cluster_id());
  return grpc::Status::OK;
}

grpc::Status FakeServer::BatchGetDocuments(grpc::ServerContext* context,
                                           const v1::BatchGetDocumentsRequest* request,
                                           v1::BatchGetDocumentsResponse* response) {
  if (grpc::Status status = Enter("BatchGetDocuments", context); !status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  for (const std::string& id : request->document_ids()) {
    v1::GetResult* result = response->add_results();
    const auto it = documents_.find(id);
    if (it == documents_.end()) {
      const grpc::Status error = Error(grpc::StatusCode::NOT_FOUND, "no document " + id);
      result->mutable_error()->ParseFromString(error.error_details());
    } else {
      *result->mutable_document()->mutable_document() = it->second;
    }
  }
  return grpc::Status::OK;
}

// Two clusters, a page each: "c-1" with its members, "c-2" too large for them.
grpc::Status FakeServer::ListClusters(grpc::ServerContext* context,
                                      const v1::ListClustersRequest* request,
                                      v1::ListClustersResponse* response) {
  if (grpc::Status status = Enter("ListClusters", context); !status.ok()) return status;
  {
    absl::MutexLock lock(&mutex_);
    list_ = *request;
  }
  v1::Cluster* cluster = response->add_clusters();
  if (request->page_token().empty()) {
    cluster->set_cluster_id("c-1");
    cluster->set_size(2);
    cluster->mutable_canonical()->set_document_id("a");
    v1::ClusterMember* member = cluster->add_members();
    member->set_document_id("a");
    member->set_relation(v1::RELATION_UNIQUE);
    member->set_sequence(1);
    member = cluster->add_members();
    member->set_document_id("b \"quoted\"");
    member->set_relation(v1::RELATION_NEAR);
    member->set_sequence(3);
    response->set_next_page_token("2");
  } else {
    cluster->set_cluster_id("c-2");
    cluster->set_size(1500);
    cluster->mutable_canonical()->set_document_id("d0");
  }
  if (request->view() != v1::VIEW_FULL) cluster->clear_members();
  return grpc::Status::OK;
}

grpc::Status FakeServer::ListClusterDocuments(grpc::ServerContext* context,
                                              const v1::ListClusterDocumentsRequest* request,
                                              v1::ListClusterDocumentsResponse* response) {
  if (grpc::Status status = Enter("ListClusterDocuments", context); !status.ok()) return status;
  const int begin = request->page_token().empty() ? 0 : std::stoi(request->page_token());
  const int end = std::min(begin + request->page_size(), 1500);
  for (int i = begin; i < end; ++i) {
    v1::StoredDocument* stored = response->add_documents();
    stored->mutable_document()->set_id("d" + std::to_string(i));
    stored->set_relation(v1::RELATION_EXACT);
    stored->set_sequence(10 + i);
  }
  if (end < 1500) response->set_next_page_token(std::to_string(end));
  return grpc::Status::OK;
}

// Three events, then the stream ends; the next stream goes on behind the position given.
grpc::Status FakeServer::WatchClusters(grpc::ServerContext* context,
                                       const v1::WatchClustersRequest* request,
                                       grpc::ServerWriter<v1::WatchClustersResponse>* writer) {
  if (grpc::Status status = Enter("WatchClusters", context); !status.ok()) return status;
  for (uint64_t i = 1; i <= 3; ++i) {
    v1::WatchClustersResponse response;
    v1::ClusterEvent* event = response.add_events();
    event->set_sequence(request->after_sequence() + i);
    event->set_type(v1::CLUSTER_EVENT_TYPE_CREATED);
    event->set_cluster_id("c-1");
    response.set_sequence(event->sequence());
    response.set_store_id(store_id());
    writer->Write(response);
  }
  absl::MutexLock lock(&mutex_);
  return watch_end_;
}

grpc::Status FakeServer::SubmitStream(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::SubmitStreamResponse, v1::SubmitStreamRequest>* stream) {
  if (grpc::Status status = Enter("SubmitStream", context); !status.ok()) return status;
  int answers = 0;
  int requests = 0;
  {
    absl::MutexLock lock(&mutex_);
    answers = answers_;
    requests = stream_requests_;
  }
  v1::SubmitStreamRequest request;
  while (requests-- > 0 && stream->Read(&request)) {
    v1::SubmitStreamResponse response;
    Take(request.document().document(), response.add_results());
    if (answers-- > 0) stream->Write(response);
  }
  return grpc::Status::OK;
}

grpc::Status Error(grpc::StatusCode code, const std::string& message, int retry_ms) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_domain("wonbon");
  info.set_reason("TEST");
  status.add_details()->PackFrom(info);
  if (retry_ms > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(retry_ms / 1000);
    retry.mutable_retry_delay()->set_nanos(retry_ms % 1000 * 1'000'000);
    status.add_details()->PackFrom(retry);
  }
  return grpc::Status(code, message, status.SerializeAsString());
}

CallOptions QuickCalls() {
  CallOptions call;
  call.timeout = call.attempt_timeout = absl::Seconds(20);
  call.retry.initial_backoff = absl::Milliseconds(5);
  call.retry.max_backoff = absl::Milliseconds(20);
  return call;
}

}  // namespace wonbon::client
