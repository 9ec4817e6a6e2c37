// AdminService.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "server/config/settings.h"
#include "server/handlers/handlers.h"
#include "server/message/convert.h"
#include "wonbon/v1/admin_service.pb.h"

namespace wonbon::server {
namespace {

// What others have shows in nothing: of the numbers that are of all collections together, those of
// the caller's own stand there, or none.
void ShowOnlyOwn(const UnaryCall& call, Engine::Stats& stats) {
  stats.collections = stats.documents = stats.clusters = 0;
  stats.index_bytes = stats.store_bytes = stats.evicted_postings = stats.queued_commits = 0;
  for (const Engine::CollectionView& view : call.backend().engine.ListCollections()) {
    if (!call.caller().Sees(view.record.name)) continue;
    ++stats.collections;
    stats.documents += view.documents;
    stats.clusters += view.clusters;
  }
}

absl::Status GetStats(UnaryCall& call, v1::GetStatsRequest& request,
                      v1::GetStatsResponse& response) {
  const Backend& backend = call.backend();
  const bool sees_all = call.caller().SeesAll();
  if (!sees_all && request.with_state_digest()) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     {.reason = ErrorReason::kCollectionNotAllowed},
                     "with_state_digest: the digest is of all collections, and the key is not");
  }
  Engine::Stats stats = backend.engine.GetStats(request.with_state_digest());
  if (!sees_all) ShowOnlyOwn(call, stats);
  response.set_version(WONBON_VERSION);
  response.set_store_id(stats.store_id);
  ToProto(backend.started_at, *response.mutable_started_at());
  ToProto(Since(backend.started), *response.mutable_uptime());
  response.set_sequence(stats.sequence);
  response.set_collections(stats.collections);
  response.set_documents(stats.documents);
  response.set_clusters(stats.clusters);
  response.set_index_bytes(stats.index_bytes);
  response.set_store_bytes(stats.store_bytes);
  response.set_evicted_postings(stats.evicted_postings);
  if (sees_all) {
    response.set_queued_requests(static_cast<uint32_t>(backend.pool.queued_requests()));
  }
  response.set_queued_commits(static_cast<uint32_t>(stats.queued_commits));
  response.set_durability(stats.durability == Durability::kSync ? v1::DURABILITY_SYNC
                                                                 : v1::DURABILITY_ASYNC);
  response.set_state_digest(stats.state_digest);
  response.set_cannot_write(std::string(backend.engine.CheckWritable().message()));
  if (sees_all) {
    const RecentDecisions::LastDay day = backend.metrics.ReadLastDay();
    v1::RecentDecisions& told = *response.mutable_last_day();
    told.set_decisions(day.decisions);
    told.set_duplicates(day.duplicates);
    ToProto(day.span, *told.mutable_span());
    for (const MemoryPart& part : backend.memory_parts.Read(stats, backend.bytes.used())) {
      v1::MemoryPart& out = *response.add_memory();
      out.set_component(std::string(part.component));
      out.set_bytes(part.bytes);
    }
  }
  return absl::OkStatus();
}

void FillBackup(const BackupManifest& manifest, v1::Backup& out) {
  ToProto(manifest.created_at, *out.mutable_created_at());
  out.set_store_id(manifest.store_id);
  out.set_sequence(manifest.sequence);
  out.set_bytes(manifest.bytes());
  out.set_version(manifest.program);
}

void CreateBackup(Call<v1::CreateBackupRequest, v1::CreateBackupResponse>& call) {
  call.backend().backups.Create([&call](absl::StatusOr<Backups::Made> made) {
    if (!made.ok()) return call.Finish(made.status());
    v1::Backup& backup = *call.response().mutable_backup();
    backup.set_name(made->backup.name);
    FillBackup(made->backup.manifest, backup);
    for (const std::string& name : made->removed) call.response().add_removed(name);
    call.Finish(absl::OkStatus());
  });
}

absl::Status ListBackups(UnaryCall& call, v1::ListBackupsRequest&,
                         v1::ListBackupsResponse& response) {
  const absl::StatusOr<std::vector<Backup>> backups = call.backend().backups.List();
  if (!backups.ok()) return backups.status();
  for (const Backup& backup : *backups) {
    v1::Backup& out = *response.add_backups();
    out.set_name(backup.name);
    if (backup.status.ok()) FillBackup(backup.manifest, out);
    out.set_trouble(std::string(backup.status.message()));
  }
  return absl::OkStatus();
}

void VerifyBackup(Call<v1::VerifyBackupRequest, v1::VerifyBackupResponse>& call) {
  call.backend().backups.Verify(
      call.request().backup(), [&call](absl::StatusOr<BackupReport> report) {
        if (!report.ok()) return call.Finish(report.status());
        v1::Backup& backup = *call.response().mutable_backup();
        backup.set_name(call.request().backup());
        FillBackup(report->manifest, backup);
        for (const std::string& line : report->damage) call.response().add_damage(line);
        call.Finish(absl::OkStatus());
      });
}

absl::Status SetReadOnly(UnaryCall& call, v1::SetReadOnlyRequest& request,
                         v1::SetReadOnlyResponse& response) {
  if (request.reason().size() > kMaxReasonBytes) {
    return InvalidField("reason", absl::StrCat("must be at most ", kMaxReasonBytes, " bytes"));
  }
  call.backend().writes.SetReadOnly(request.read_only(), request.reason());
  response.set_cannot_write(std::string(call.backend().engine.CheckWritable().message()));
  return absl::OkStatus();
}

absl::Status ListSlowCalls(UnaryCall& call, v1::ListSlowCallsRequest&,
                           v1::ListSlowCallsResponse& response) {
  const SlowCalls& slow_calls = call.backend().slow_calls;
  const SlowCalls::Listed listed = slow_calls.List();
  for (const SlowCall& slow : listed.calls) {
    v1::SlowCall& out = *response.add_calls();
    out.set_rpc(slow.rpc);
    out.set_collection(slow.collection);
    ToProto(slow.began, *out.mutable_began_at());
    ToProto(slow.took, *out.mutable_took());
    out.set_request_bytes(slow.request_bytes);
    out.set_response_bytes(slow.response_bytes);
    out.set_code(static_cast<int32_t>(slow.code));
    out.set_caller(slow.caller);
    out.set_traceparent(slow.traceparent);
  }
  ToProto(slow_calls.threshold(), *response.mutable_threshold());
  response.set_total(listed.total);
  return absl::OkStatus();
}

absl::Status GetConfiguration(UnaryCall& call, v1::GetConfigurationRequest&,
                              v1::GetConfigurationResponse& response) {
  const Config& config = call.backend().config;
  for (const Setting& setting : Settings()) {
    v1::Setting& out = *response.add_settings();
    out.set_name(std::string(setting.name));
    out.set_value(ShownOf(setting, config));
    out.set_origin(OriginOf(setting, config));
    out.set_help(std::string(setting.help));
  }
  return absl::OkStatus();
}

}  // namespace

void AddAdminRpcs(RpcService& admin) {
  admin.HandleLater<v1::CreateBackupRequest, v1::CreateBackupResponse>("CreateBackup",
                                                                       CreateBackup);
  admin.Handle<v1::ListBackupsRequest, v1::ListBackupsResponse>("ListBackups", ListBackups);
  admin.HandleLater<v1::VerifyBackupRequest, v1::VerifyBackupResponse>("VerifyBackup",
                                                                       VerifyBackup);
  admin.Handle<v1::SetReadOnlyRequest, v1::SetReadOnlyResponse>("SetReadOnly", SetReadOnly);
  admin.Handle<v1::ListSlowCallsRequest, v1::ListSlowCallsResponse>("ListSlowCalls",
                                                                    ListSlowCalls);
  admin.Handle<v1::GetConfigurationRequest, v1::GetConfigurationResponse>("GetConfiguration",
                                                                          GetConfiguration);
  admin.Handle<v1::GetStatsRequest, v1::GetStatsResponse>("GetStats", GetStats);
}

}  // namespace wonbon::server
