#include "server/server.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/views.h"
#include "google/protobuf/descriptor.h"
#include "server/access/access.h"
#include "server/access/audit_log.h"
#include "server/admin/readiness.h"
#include "server/admin/readings.h"
#include "server/admission/admission.h"
#include "server/backend.h"
#include "server/backups.h"
#include "server/config/address.h"
#include "server/certificates.h"
#include "server/credentials.h"
#include "server/event_loop.h"
#include "server/handlers/handlers.h"
#include "server/http/calls.h"
#include "server/http/dashboard.h"
#include "server/http/http_server.h"
#include "server/http/in_process.h"
#include "server/http/openapi.h"
#include "server/http/routes.h"
#include "server/limits.h"
#include "server/log.h"
#include "server/monotonic.h"
#include "server/port_probe.h"
#include "server/systemd.h"
#include "server/process.h"
#include "server/transport.h"
#include "server/write_watch.h"
#include "wonbon/v1/admin_service.pb.h"
#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::server {
namespace {

Engine::Options EngineOptions(const Config& config, Readiness& readiness, Metrics& metrics) {
  Engine::Options options;
  options.store.dir = config.data_dir;
  options.store.seed_file = config.seed_file;
  options.store.durability = config.durability == "async" ? Durability::kAsync : Durability::kSync;
  options.max_body_bytes = static_cast<size_t>(config.max_body_bytes);
  options.image_keep_free = config.disk_reserve.bytes;
  options.article_cache_bytes = static_cast<size_t>(config.article_cache_mb) << 20;
  options.on_progress = [&readiness, last = MonotonicNow()](uint64_t done,
                                                               uint64_t expected) mutable {
    readiness.Loading(done, expected);
    if (Since(last) < kProgressInterval) return;
    last = MonotonicNow();
    LogInfo("rebuilding the index", {{"documents", done}, {"expected", std::max(done, expected)}});
    TellLoading(readiness.Progress());
  };
  options.on_commit = [&metrics](const GroupTimes& times) { metrics.Committed(times); };
  options.store.on_warning = [](std::string_view warning) {
    LogWarning(absl::StrCat("rocksdb: ", Absl(warning)));
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

}  // namespace

// In the order they are started; destroyed in reverse.
struct Server::Parts {
  explicit Parts(const Config& given) : config(given) {}

  void OpenPool();
  absl::Status OpenHttp();
  absl::Status OpenEngine();
  absl::Status OpenGrpc();
  void AddAdminRoutes();
  HttpHandler Handler(const HttpRoutes& routes);
  absl::Status LoadCertificates();
  absl::Status LoadKeys();
  std::vector<Reading> ReadAll() const;
  HttpReply ReadyReply(bool verbose);
  std::string Conditions(bool ready);
  void SweepExpired();
  std::string Remarks() const;

  const Config config;
  std::unique_ptr<Certificates> certificates;  // null without TLS
  std::unique_ptr<Access> access;
  std::unique_ptr<AuditLog> audit;
  Readiness readiness;
  Metrics metrics;
  SlowCalls slow_calls{config.slow_call};
  Refusals refusals{metrics};
  LineLimit deletion_lines;
  const MemoryParts memory_parts;
  ByteBudget bytes{kMaxBytesInFlight};
  MemoryCeiling memory{{.limit = config.memory_limit.bytes}};
  Arrivals arrivals;
  CallRegistry calls{bytes};
  HttpRoutes admin_routes;
  HttpRoutes http_routes;
  EventLoop loop;  // stopped before, and destroyed after, what runs on it
  std::unique_ptr<WorkerPool> pool;
  std::unique_ptr<Admission> admission;
  InProcess own_calls;
  std::unique_ptr<HttpCalls> http_calls;
  std::unique_ptr<HttpServer> admin;
  std::unique_ptr<EventLoop> http_loop;  // as `loop`; of its own, for TLS handshakes cost
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<WatchHub> watches;
  std::unique_ptr<Backups> backups;
  std::unique_ptr<WriteWatch> writes;
  std::unique_ptr<Backend> backend;
  Transport::Services services;
  std::unique_ptr<Transport> transport;
  size_t most_connections = 0;
  std::string grpc_address;
  std::string admin_address;
  std::string http_address;
  std::atomic<bool> sweeping{false};
  bool shut_down = false;
};

void Server::Parts::OpenPool() {
  pool = std::make_unique<WorkerPool>(
      WorkerPool::Options{.threads = ThreadCount(config),
                          .max_queued_requests = static_cast<size_t>(config.max_queued_requests)});
  admission = std::make_unique<Admission>(*access, arrivals, calls, memory, *pool);
}

// Before the index is loaded: probes are answered, and calls refused.
absl::Status Server::Parts::OpenHttp() {
  readiness.SetRemarks([this] { return Remarks(); });
  std::vector<std::string> hosts;
  for (const std::string& address : {config.admin_listen, config.http_listen}) {
    if (!address.empty()) hosts.push_back(ParseAddress(address)->host);
  }
  http_calls = std::make_unique<HttpCalls>(
      own_calls, HttpCalls::Options{.hosts = std::move(hosts),
                                    .plain_everywhere = config.insecure,
                                    .verifies_clients = !config.tls_client_ca.empty(),
                                    .trouble = [this] { return readiness.Trouble(); }});
  AddOpenApi(http_routes);
  if (!config.admin_listen.empty()) {
    AddOpenApi(admin_routes);
    AddAdminRoutes();
    absl::StatusOr<std::unique_ptr<HttpServer>> opened =
        HttpServer::Listen(loop, {.address = config.admin_listen,
                                  .flag = "--admin-listen",
                                  .most_connections = kMaxAdminConnections,
                                  .handler = Handler(admin_routes)});
    if (!opened.ok()) return opened.status();
    admin = *std::move(opened);
    admin_address = admin->address();
  }
  if (config.http_listen.empty()) return absl::OkStatus();
  http_loop = std::make_unique<EventLoop>();
  absl::StatusOr<std::unique_ptr<HttpServer>> opened = HttpServer::Listen(
      *http_loop, {.address = config.http_listen,
                   .flag = "--http-listen",
                   .most_connections = std::min(kMaxHttpConnections, most_connections / 2),
                   .handler = Handler(http_routes),
                   .certificates = certificates.get()});
  if (!opened.ok()) return opened.status();
  http = *std::move(opened);
  http_address = http->address();
  return absl::OkStatus();
}

HttpHandler Server::Parts::Handler(const HttpRoutes& routes) {
  return {.refuse = [this](const HttpRequest& head) -> std::optional<HttpReply> {
            if (HttpCalls::Takes(head)) return http_calls->Refuse(head);
            const std::string_view length = head.Header("content-length");
            if ((length.empty() || length == "0") && head.Values("transfer-encoding").empty()) {
              return std::nullopt;
            }
            return HttpReply{.status = 413, .body = "nothing here takes a body\n"};
          },
          .answer = [this, &routes](HttpRequest request, const HttpExchange& exchange) {
            if (HttpCalls::Takes(request)) return http_calls->Answer(std::move(request), exchange);
            pool->Answer([&routes, request = std::move(request), exchange] {
              exchange.Reply(routes.Answer(request));
            });
          }};
}

// A server that takes no documents for want of memory still answers reads: it stays ready, and says
// what it does not do.
HttpReply Server::Parts::ReadyReply(bool verbose) {
  const bool ready = readiness.ready();
  HttpReply reply = readiness.Reply(ready ? engine->CheckWritable() : absl::OkStatus());
  if (verbose) reply.body = Conditions(ready);
  if (verbose || !ready || reply.status != 200) return reply;
  if (const absl::Status room = memory.Admit(); !room.ok()) {
    reply.body = absl::StrCat("ready to read; submissions are refused: ", room.message(), "\n");
  }
  return reply;
}

// A line for each: "writes: ok", or what is wrong.
std::string Server::Parts::Conditions(bool ready) {
  std::string lines;
  const auto say = [&lines](const char* what, std::string_view trouble) {
    absl::StrAppend(&lines, what, ": ", trouble.empty() ? "ok" : Absl(trouble), "\n");
  };
  say("state", readiness.Trouble());
  if (!ready) return lines;
  say("grpc port", Std(readiness.heard().message()));
  say("writes", Std(engine->CheckWritable().message()));
  say("submissions", Std(memory.Admit().message()));
  if (certificates != nullptr) say("tls files", certificates->Trouble());
  if (access->has_keys()) say("api keys", access->Trouble());
  if (backups->has_folder()) say("backups", backups->Trouble());
  return lines;
}

void Server::Parts::AddAdminRoutes() {
  const auto alive = [](const HttpRequest&) { return HttpReply{.body = "alive\n"}; };
  admin_routes.Add("GET", "/livez", alive);
  admin_routes.Add("GET", "/readyz", [this](const HttpRequest& request) {
    return ReadyReply(request.query.contains("verbose"));
  });
  admin_routes.Add("GET", "/metrics", [this](const HttpRequest&) {
    return HttpReply{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                      .body = metrics.Text()};
  });
  AddDashboard(admin_routes);
}

absl::Status Server::Parts::OpenEngine() {
  const MonotonicTime began = MonotonicNow();
  absl::StatusOr<std::unique_ptr<Engine>> opened =
      Engine::Open(EngineOptions(config, readiness, metrics));
  if (!opened.ok()) return opened.status();
  engine = *std::move(opened);
  if (absl::Status hidden = MakePrivate(config.data_dir); !hidden.ok()) return hidden;
  if (absl::Status made = engine->EnsureDefaultCollection(); !made.ok()) return made;
  const Engine::Stats stats = engine->GetStats();
  LogInfo("opened", {{"data", config.data_dir},
                     {"documents", stats.documents},
                     {"clusters", stats.clusters},
                     {"collections", stats.collections},
                     {"sequence", stats.sequence},
                     {"store_id", stats.store_id},
                     {"ms", absl::ToInt64Milliseconds(Since(began))}});
  if (const absl::Status rebuilt = engine->not_from_image();
      !rebuilt.ok() && stats.documents > 0) {
    LogInfo("the index was rebuilt from the documents", {{"why", Std(rebuilt.message())}});
  }
  watches = std::make_unique<WatchHub>(*engine);
  backups = std::make_unique<Backups>(
      *engine, Backups::Options{.folder = config.backup_dir,
                                .every = config.backup_every,
                                .keep = static_cast<size_t>(config.backup_keep),
                                .keep_free = config.disk_reserve.bytes});
  writes = std::make_unique<WriteWatch>(
      *engine, WriteWatch::Options{.data_dir = config.data_dir,
                                   .disk_reserve = config.disk_reserve.bytes,
                                   .on_change = [this](bool writable) {
                                     if (!readiness.draining()) transport->SetWritable(writable);
                                   }});
  const size_t full_views =
      kMaxPageBytes / (static_cast<size_t>(config.max_body_bytes) + kMaxDecisionBytes);
  backend = std::make_unique<Backend>(Backend{.config = config,
                                              .engine = *engine,
                                              .pool = *pool,
                                              .bytes = bytes,
                                              .memory = memory,
                                              .calls = calls,
                                              .admission = *admission,
                                              .audit = *audit,
                                              .metrics = metrics,
                                              .slow_calls = slow_calls,
                                              .refusals = refusals,
                                              .memory_parts = memory_parts,
                                              .deletion_lines = deletion_lines,
                                              .watches = *watches,
                                              .backups = *backups,
                                              .writes = *writes,
                                              .started_at = absl::Now(),
                                              .started = MonotonicNow(),
                                              .max_full_view_documents = full_views,
                                              .max_stream_stall = config.max_stream_stall,
                                              .max_stream_idle = config.max_stream_idle});
  loop.Every(kWatchTick, [this] { watches->WakeForHeartbeats(); });
  loop.Every(kStreamTick, [this] { calls.Look(MonotonicNow()); });
  loop.Every(kExpiryInterval, [this] { SweepExpired(); });
  return absl::OkStatus();
}

// One sweep at a time, off the loop's thread.
void Server::Parts::SweepExpired() {
  if (!engine->CheckWritable().ok() || sweeping.exchange(true)) return;
  pool->Continue({.kind = WorkKind::kBulk}, [this] {
    const absl::StatusOr<uint64_t> expired = engine->ExpireDocuments();
    if (expired.ok()) {
      metrics.Expired(*expired);
      if (*expired > 0) LogInfo("documents expired", {{"documents", *expired}});
    } else if (!absl::IsUnavailable(expired.status())) {
      LogError(absl::StrCat("expiry: ", Absl(expired.status().ToString())));
    }
    sweeping = false;
  });
}

// Asked before the index is loaded, so that bad files are known at once.
absl::Status Server::Parts::LoadCertificates() {
  if (config.tls_cert.empty()) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<Certificates>> loaded = Certificates::Load(
      {.cert = config.tls_cert, .key = config.tls_key, .client_ca = config.tls_client_ca});
  if (!loaded.ok()) return loaded.status();
  certificates = *std::move(loaded);
  loop.Every(kFilePollInterval, [this] { certificates->Poll(); });
  return absl::OkStatus();
}

absl::Status Server::Parts::LoadKeys() {
  absl::StatusOr<std::unique_ptr<AuditLog>> opened = AuditLog::Open(config.audit_log);
  if (!opened.ok()) return opened.status();
  audit = *std::move(opened);
  absl::StatusOr<std::unique_ptr<Access>> loaded =
      Access::Load({.keys_file = config.api_keys_file,
                    .anonymous = keys::ParseRole(config.anonymous),
                    .verifies_clients = !config.tls_client_ca.empty()});
  if (!loaded.ok()) return loaded.status();
  access = *std::move(loaded);
  if (access->has_keys()) loop.Every(kFilePollInterval, [this] { access->Poll(); });
  return absl::OkStatus();
}

// What is wrong with files, though the server serves.
std::string Server::Parts::Remarks() const {
  std::string remarks = certificates == nullptr ? "" : certificates->Trouble();
  const std::string of_keys = access->Trouble();
  if (!remarks.empty() && !of_keys.empty()) remarks += '\n';
  return remarks + of_keys;
}

std::vector<Reading> Server::Parts::ReadAll() const {
  std::vector<Reading> readings = ReadNumbers(*backend);
  const std::vector<Reading> of_process = ReadProcess(backend->started_at);
  readings.insert(readings.end(), of_process.begin(), of_process.end());
  const std::vector<Reading> of_transport =
      ReadTransport(transport->connections(), certificates.get());
  readings.insert(readings.end(), of_transport.begin(), of_transport.end());
  const std::vector<Reading> of_access = ReadAccess(*access, *audit);
  readings.insert(readings.end(), of_access.begin(), of_access.end());
  return readings;
}

absl::Status Server::Parts::OpenGrpc() {
  const auto add = [this](const google::protobuf::Descriptor* message) {
    return services.emplace_back(std::make_unique<RpcService>(ServiceOf(message), *backend)).get();
  };
  RpcService& dedup = *add(v1::GetDocumentRequest::descriptor());
  AddSubmitRpcs(dedup);
  AddSubmitStream(dedup);
  AddComparisonRpcs(dedup);
  AddDocumentRpcs(dedup);
  AddClusterRpcs(dedup);
  AddEditingRpcs(dedup);
  AddWatch(dedup);
  AddCollectionRpcs(*add(v1::GetCollectionRequest::descriptor()));
  AddAdminRpcs(*add(v1::GetStatsRequest::descriptor()));

  const bool tls = certificates != nullptr;
  absl::StatusOr<std::unique_ptr<Transport>> serving = Transport::Serve(
      loop,
      {.address = *ParseAddress(config.listen),
       .credentials = tls ? TlsCredentials(*certificates) : grpc::InsecureServerCredentials(),
       .most_connections = most_connections,
       .arrivals = arrivals,
       .reflection = config.reflection},
      services);
  if (!serving.ok()) return serving.status();
  transport = *std::move(serving);
  if (!IsLoopback(transport->address())) {
    LogWarning(absl::StrCat("listening on ", FormatAddress(transport->address()),
                            ", beyond this machine: gRPC 1.51 does not withstand floods of HTTP/2 "
                            "frames; where not every client is trusted, put deploy/edge in front"));
    if (!access->has_keys() && config.anonymous.empty()) {
      LogWarning("without --api-keys-file calls from other machines are refused; --anonymous=ROLE "
                 "would take them");
    }
  }
  metrics.SetReadings([this] { return ReadAll(); });
  ProbePort(loop, transport->address(), tls, [this](const absl::Status& heard) {
    readiness.Heard(heard);
    if (heard.ok()) TellAlive();
  });
  grpc_address = FormatAddress(transport->address());
  own_calls.Serve(transport->OwnChannel());
  loop.RunAndWait([this] { writes->Look(); });
  loop.Every(kResumeInterval, [this] { writes->Look(); });
  loop.Every(kBackupLook, [this] { backups->Look(); });
  return absl::OkStatus();
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  if (!parts_->shut_down) Shutdown().IgnoreError();
}

const std::string& Server::grpc_address() const { return parts_->grpc_address; }
const std::string& Server::admin_address() const { return parts_->admin_address; }
const std::string& Server::http_address() const { return parts_->http_address; }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config) {
  const absl::StatusOr<HostPort> address = ParseAddress(config.listen);
  if (!address.ok()) return address.status();
  if (absl::Status free = CheckFree(*address); !free.ok()) {
    return absl::UnavailableError(
        absl::StrCat(free.message(), "; stop what listens there, or choose another --listen"));
  }
  auto parts = std::make_unique<Parts>(config);
  Parts& opening = *parts;
  opening.most_connections = MostConnections(RaiseDescriptorLimit());
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  absl::Status status = opening.LoadCertificates();
  if (status.ok()) status = opening.LoadKeys();
  if (status.ok()) opening.OpenPool();
  if (status.ok()) status = opening.OpenHttp();
  if (status.ok()) status = opening.OpenEngine();
  if (status.ok()) status = opening.OpenGrpc();
  if (!status.ok()) return status;
  opening.readiness.Ready();
  return server;
}

void Server::Reload() {
  const Parts& parts = *parts_;
  parts.audit->Reopen();
  if (parts.certificates == nullptr) {
    LogInfo("without TLS there is nothing to reload of it");
  } else if (!parts.certificates->Reload()) {
    LogInfo("TLS: the files are the same as before");
  }
  if (parts.access->has_keys() && !parts.access->Reload()) {
    LogInfo("API keys: the file is the same as before");
  }
}

absl::Status Server::Shutdown() {
  Parts& parts = *parts_;
  parts.shut_down = true;
  parts.readiness.Draining();
  if (parts.backups != nullptr) parts.backups->Stop();
  if (parts.transport != nullptr) {
    parts.transport->StopServing();
    parts.calls.Drain();
    if (!parts.calls.WaitUntilIdle(parts.config.drain_timeout)) {
      LogWarning("calls were still open after the drain timeout; cancelling them");
    }
  }
  absl::Status drained;
  if (parts.engine != nullptr) drained = parts.engine->Drain();
  // Up to here every new call was taken, and refused.
  parts.own_calls.Close();
  if (parts.transport != nullptr) parts.transport->HangUp();
  if (parts.http != nullptr) parts.http->Close();
  if (parts.admin != nullptr) parts.admin->Close();
  parts.own_calls.WaitUntilIdle();
  if (parts.http_loop != nullptr) parts.http_loop->Stop();
  parts.loop.Stop();
  parts.metrics.SetReadings(nullptr);
  parts.transport.reset();
  parts.services.clear();
  parts.watches.reset();
  parts.backups.reset();
  parts.pool.reset();
  parts.engine.reset();
  return drained;
}

}  // namespace wonbon::server
