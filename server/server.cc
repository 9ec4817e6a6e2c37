#include "server/server.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/views.h"
#include "google/protobuf/descriptor.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/admin/admin_http.h"
#include "server/admin/readiness.h"
#include "server/admin/readings.h"
#include "server/backend.h"
#include "server/config/address.h"
#include "server/credentials.h"
#include "server/event_loop.h"
#include "server/handlers/handlers.h"
#include "server/limits.h"
#include "server/log.h"
#include "wonbon/v1/admin_service.pb.h"
#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::server {
namespace {

// How long gRPC may take to say goodbye once no call of ours is open; health watches last as long.
constexpr std::chrono::milliseconds kGoodbye(200);

Engine::Options EngineOptions(const Config& config, Readiness& readiness) {
  Engine::Options options;
  options.store.dir = config.data_dir;
  options.store.seed_file = config.seed_file;
  options.store.durability = config.durability == "async" ? Durability::kAsync : Durability::kSync;
  options.max_body_bytes = static_cast<size_t>(config.max_body_bytes);
  options.article_cache_bytes = static_cast<size_t>(config.article_cache_mb) << 20;
  options.on_progress = [&readiness, last = absl::Now()](uint64_t done, uint64_t expected) mutable {
    readiness.Loading(done, expected);
    if (absl::Now() - last < absl::Seconds(2)) return;
    last = absl::Now();
    LogInfo(readiness.Progress());
  };
  options.on_write_failed = [](const absl::Status& status) {
    LogError(absl::StrCat("cannot write to the data folder, submissions are refused: ",
                          Absl(status.ToString())));
  };
  return options;
}

size_t ThreadCount(const Config& config) {
  if (config.threads > 0) return static_cast<size_t>(config.threads);
  return std::max(std::thread::hardware_concurrency(), 1u);
}

const google::protobuf::ServiceDescriptor& ServiceOf(const google::protobuf::Descriptor* message) {
  return *message->file()->service(0);
}

void SetTransportLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(kMaxMessageBytes));
  builder.SetMaxSendMessageSize(-1);  // answers are bounded where they are made
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentCallsPerConnection);
  // Clients may ping every 10 s, idle or not; a silent one is pinged after a minute.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  grpc::ResourceQuota quota("wonbond");
  quota.Resize(kTransportBufferBytes);
  builder.SetResourceQuota(quota);
}

}  // namespace

// In the order they are started; destroyed in reverse.
struct Server::Parts {
  explicit Parts(const Config& given) : config(given) {}

  absl::Status OpenAdmin();
  absl::Status OpenEngine();
  absl::Status OpenGrpc();
  AdminHttp::Reply AnswerAdmin(std::string_view path);
  void SweepExpired();

  const Config config;
  Readiness readiness;
  Metrics metrics;
  ByteBudget bytes{kMaxBytesInFlight};
  CallRegistry calls;
  EventLoop loop;  // stopped before, and destroyed after, what runs on it
  std::unique_ptr<AdminHttp> admin;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<WorkerPool> pool;
  std::unique_ptr<WatchHub> watches;
  std::unique_ptr<Backend> backend;
  std::vector<std::unique_ptr<RpcService>> services;
  std::unique_ptr<grpc::Server> grpc;
  std::string grpc_address;
  std::string admin_address;
  std::atomic<bool> sweeping{false};
  bool shut_down = false;
};

absl::Status Server::Parts::OpenAdmin() {
  if (config.admin_listen.empty()) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<AdminHttp>> opened = AdminHttp::Listen(
      loop, config.admin_listen, [this](std::string_view path) { return AnswerAdmin(path); });
  if (!opened.ok()) return opened.status();
  admin = *std::move(opened);
  admin_address = admin->address();
  return absl::OkStatus();
}

AdminHttp::Reply Server::Parts::AnswerAdmin(std::string_view path) {
  if (path == "/livez") return {.status = 200, .body = "alive\n"};
  if (path == "/readyz") return readiness.Reply();
  if (path == "/metrics") {
    return {.status = 200,
            .content_type = "text/plain; version=0.0.4; charset=utf-8",
            .body = metrics.Text()};
  }
  return {.status = 404, .body = "not found: try /livez, /readyz or /metrics\n"};
}

absl::Status Server::Parts::OpenEngine() {
  const absl::Time began = absl::Now();
  absl::StatusOr<std::unique_ptr<Engine>> opened = Engine::Open(EngineOptions(config, readiness));
  if (!opened.ok()) return opened.status();
  engine = *std::move(opened);
  const Engine::Stats stats = engine->GetStats();
  LogInfo(
      absl::StrCat("opened ", config.data_dir, ": ", stats.documents, " documents, ",
                   stats.clusters, " clusters, sequence ", stats.sequence, ", in ",
                   absl::FormatDuration(absl::Trunc(absl::Now() - began, absl::Milliseconds(1)))));
  pool = std::make_unique<WorkerPool>(
      WorkerPool::Options{.threads = ThreadCount(config),
                          .max_queued_requests = static_cast<size_t>(config.max_queued_requests)});
  watches = std::make_unique<WatchHub>(*engine);
  const size_t full_views =
      (kMaxMessageBytes - kMessageSlackBytes) / static_cast<size_t>(config.max_body_bytes);
  backend = std::make_unique<Backend>(Backend{.engine = *engine,
                                              .pool = *pool,
                                              .bytes = bytes,
                                              .calls = calls,
                                              .metrics = metrics,
                                              .watches = *watches,
                                              .started_at = absl::Now(),
                                              .max_full_view_documents = full_views});
  metrics.SetReadings([this] { return ReadNumbers(*backend); });
  loop.Every(kExpiryInterval, [this] { SweepExpired(); });
  return absl::OkStatus();
}

// One sweep at a time, off the loop's thread.
void Server::Parts::SweepExpired() {
  if (sweeping.exchange(true)) return;
  pool->Continue([this] {
    const absl::StatusOr<uint64_t> expired = engine->ExpireDocuments();
    if (expired.ok()) {
      metrics.Expired(*expired);
      if (*expired > 0) LogInfo(absl::StrCat(*expired, " documents expired"));
    } else if (!absl::IsUnavailable(expired.status())) {
      LogError(absl::StrCat("expiry: ", Absl(expired.status().ToString())));
    }
    sweeping = false;
  });
}

absl::Status Server::Parts::OpenGrpc() {
  absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> credentials = MakeCredentials(config);
  if (!credentials.ok()) return credentials.status();
  const auto add = [this](const google::protobuf::Descriptor* message) {
    return services.emplace_back(std::make_unique<RpcService>(ServiceOf(message), *backend)).get();
  };
  RpcService& dedup = *add(v1::SubmitRequest::descriptor());
  AddSubmitRpcs(dedup);
  AddSubmitStream(dedup);
  AddComparisonRpcs(dedup);
  AddDocumentRpcs(dedup);
  AddClusterRpcs(dedup);
  AddWatch(dedup);
  AddCollectionRpcs(*add(v1::GetCollectionRequest::descriptor()));
  AddAdminRpcs(*add(v1::GetStatsRequest::descriptor()));

  grpc::EnableDefaultHealthCheckService(true);
  // Naming its descriptor links it in, so that reflection can describe the health service.
  grpc::health::v1::HealthCheckRequest::descriptor();
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetTransportLimits(builder);
  int port = 0;
  builder.AddListeningPort(config.listen, *credentials, &port);
  for (const auto& service : services) builder.RegisterService(service.get());
  grpc = builder.BuildAndStart();
  if (grpc == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", config.listen));
  }
  HostPort address = *ParseAddress(config.listen);
  address.port = static_cast<uint16_t>(port);
  grpc_address = FormatAddress(address);
  for (const auto& service : services) {
    grpc->GetHealthCheckService()->SetServingStatus(service->name(), true);
  }
  return absl::OkStatus();
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  if (!parts_->shut_down) Shutdown().IgnoreError();
}

const std::string& Server::grpc_address() const { return parts_->grpc_address; }
const std::string& Server::admin_address() const { return parts_->admin_address; }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config) {
  const absl::StatusOr<HostPort> address = ParseAddress(config.listen);
  if (!address.ok()) return address.status();
  if (absl::Status free = CheckFree(*address); !free.ok()) {
    return absl::UnavailableError(
        absl::StrCat(free.message(), "; stop what listens there, or choose another --listen"));
  }
  auto parts = std::make_unique<Parts>(config);
  Parts& opening = *parts;
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  absl::Status status = opening.OpenAdmin();
  if (status.ok()) status = opening.OpenEngine();
  if (status.ok()) status = opening.OpenGrpc();
  if (!status.ok()) return status;
  opening.readiness.Ready();
  return server;
}

absl::Status Server::Shutdown() {
  Parts& parts = *parts_;
  parts.shut_down = true;
  parts.readiness.Draining();
  if (parts.grpc != nullptr) {
    parts.grpc->GetHealthCheckService()->SetServingStatus(false);
    parts.calls.Drain();
    if (!parts.calls.WaitUntilIdle(parts.config.drain_timeout)) {
      LogWarning("calls were still open after the drain timeout; cancelling them");
    }
    // Cancels what is left, and returns when no call is open.
    parts.grpc->Shutdown(std::chrono::system_clock::now() + kGoodbye);
  }
  absl::Status drained;
  if (parts.engine != nullptr) drained = parts.engine->Drain();
  parts.loop.Stop();
  parts.metrics.SetReadings(nullptr);
  parts.grpc.reset();
  parts.services.clear();
  parts.watches.reset();
  parts.pool.reset();
  parts.engine.reset();
  return drained;
}

}  // namespace wonbon::server
