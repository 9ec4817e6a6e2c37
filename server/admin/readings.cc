#include "server/admin/readings.h"

#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "core/limits.h"
#include "server/limits.h"
#include "server/message/status.h"

namespace wonbon::server {

namespace {

// How much there may be of what is read beside it.
void AddLimits(const Backend& backend, std::vector<Reading>& readings) {
  const auto add = [&readings](const char* name, const char* help, auto value) {
    readings.push_back({name, help, prometheus::MetricType::Gauge, static_cast<double>(value)});
  };
  add("wonbon_queued_commits_limit", "Documents that may wait for the commit thread.",
      kMaxQueuedDocuments);
  add("wonbon_queued_requests_limit",
      "Requests that may wait for a worker (--max-queued-requests).",
      backend.config.max_queued_requests);
  add("wonbon_request_bytes_limit", "Bytes of requests that may be worked on.", kMaxBytesInFlight);
  add("wonbon_open_streams_limit", "Streams that may be open.", kMaxOpenStreams);
}

}  // namespace

std::vector<Reading> ReadNumbers(const Backend& backend) {
  constexpr auto kGauge = prometheus::MetricType::Gauge;
  constexpr auto kCounter = prometheus::MetricType::Counter;
  const Engine::Stats stats = backend.engine.GetStats();
  const absl::Status writable = backend.engine.CheckWritable();
  const auto number = [](uint64_t value) { return static_cast<double>(value); };
  std::error_code unknown;
  const std::filesystem::space_info disk =
      std::filesystem::space(backend.config.data_dir, unknown);
  std::vector<Reading> readings = {
      {"wonbon_collections", "Collections.", kGauge, number(stats.collections)},
      {"wonbon_documents", "Live documents.", kGauge, number(stats.documents)},
      {"wonbon_clusters", "Clusters.", kGauge, number(stats.clusters)},
      {"wonbon_sequence", "Commit number of the last durable change.", kGauge,
       number(stats.sequence)},
      {"wonbon_index_bytes", "Memory of the index.", kGauge, number(stats.index_bytes)},
      {"wonbon_store_bytes", "Disk taken by the store.", kGauge, number(stats.store_bytes)},
      {"wonbon_disk_bytes", "Size of the disk that the store is on; 0: unknown.", kGauge,
       unknown ? 0.0 : number(disk.capacity)},
      {"wonbon_disk_free_bytes", "What is free of it; 0: unknown.", kGauge,
       unknown ? 0.0 : number(disk.available)},
      {"wonbon_slow_calls_total", "Calls that took longer than --slow-call.", kCounter,
       number(backend.slow_calls.total())},
      {"wonbon_article_cache_bytes", "Memory of the texts kept ready for judgement.", kGauge,
       number(stats.article_cache_bytes)},
      {"wonbon_evicted_postings",
       "Band postings of live documents that a full bucket has no room for.", kGauge,
       number(stats.evicted_postings)},
      {"wonbon_commit_groups_total", "Groups of changes written, with one fsync each.", kCounter,
       number(stats.commit_groups)},
      {"wonbon_judged_pairs_total", "Pairs of documents judged.", kCounter,
       number(stats.judged_pairs)},
      {"wonbon_cannot_write", "1 while whatever writes is refused, and why; reads go on.", kGauge,
       writable.ok() ? 0.0 : 1.0, {{"reason", std::string(writable.ok() ? "" : Reason(writable))}}},
      {"wonbon_cannot_submit", "1 while documents are refused for want of memory (--memory-limit).",
       kGauge, backend.memory.Admit().ok() ? 0.0 : 1.0},
      {"wonbon_backups_total", "Backups that were made.", kCounter, number(backend.backups.made())},
      {"wonbon_backup_failures_total", "Backups that failed.", kCounter,
       number(backend.backups.failures())},
      {"wonbon_last_backup_time_seconds",
       "When the last backup of this store was made, in seconds since 1970; 0: none was.", kGauge,
       backend.backups.last_time()},
      {"wonbon_last_backup_bytes", "Bytes of that backup.", kGauge,
       number(backend.backups.last_bytes())},
      {"wonbon_queued_commits", "Documents waiting for the commit thread.", kGauge,
       number(stats.queued_commits)},
      {"wonbon_queued_requests", "Requests waiting for a worker.", kGauge,
       number(backend.pool.queued_requests())},
      {"wonbon_request_bytes_in_flight", "Bytes of the requests being worked on.", kGauge,
       number(backend.bytes.used())},
      {"wonbon_memory_bytes", "Memory of the process that is no file's.", kGauge,
       number(backend.memory.used())},
      {"wonbon_memory_limit_bytes",
       "Memory past which submissions are refused (--memory-limit); 0: no limit.", kGauge,
       number(backend.memory.limit())},
      {"wonbon_open_streams", "Open SubmitStream and WatchClusters calls.", kGauge,
       number(backend.calls.streams())},
  };
  AddLimits(backend, readings);
  for (const MemoryPart& part : backend.memory_parts.Read(stats, backend.bytes.used())) {
    readings.push_back({"wonbon_memory_component_bytes",
                        "Resident memory by what takes it: together all of it.", kGauge,
                        number(part.bytes), {{"component", std::string(part.component)}}});
  }
  return readings;
}

std::vector<Reading> ReadProcess(absl::Time started_at) {
  constexpr auto kGauge = prometheus::MetricType::Gauge;
  constexpr auto kCounter = prometheus::MetricType::Counter;
  std::vector<Reading> readings = {
      {"wonbon_build_info", "1; which release runs.", kGauge, 1, {{"version", WONBON_VERSION}}},
      {"process_start_time_seconds", "When the process started, in seconds since 1970.", kGauge,
       absl::ToDoubleSeconds(started_at - absl::UnixEpoch())},
  };
  // In pages: all, resident.
  uint64_t virtual_pages = 0;
  uint64_t resident_pages = 0;
  if (std::ifstream("/proc/self/statm") >> virtual_pages >> resident_pages) {
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    readings.push_back({"process_virtual_memory_bytes", "Address space.", kGauge,
                        static_cast<double>(virtual_pages) * page});
    readings.push_back({"process_resident_memory_bytes", "Memory, pages of files too.", kGauge,
                        static_cast<double>(resident_pages) * page});
  }
  timespec used{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0) {
    readings.push_back(
        {"process_cpu_seconds_total", "CPU time, of user and system.", kCounter,
         static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9});
  }
  std::error_code error;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", error);
  rlimit limit{};
  if (!error && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    readings.push_back({"process_open_fds", "Open file descriptors.", kGauge,
                        static_cast<double>(std::distance(begin(descriptors), end(descriptors)))});
    readings.push_back({"process_max_fds", "File descriptors that may be open.", kGauge,
                        static_cast<double>(limit.rlim_cur)});
  }
  return readings;
}

std::vector<Reading> ReadTransport(const Connections& connections,
                                   const Certificates* certificates) {
  constexpr auto kGauge = prometheus::MetricType::Gauge;
  constexpr auto kCounter = prometheus::MetricType::Counter;
  std::vector<Reading> readings = {
      {"wonbon_connections", "Open connections to the gRPC port.", kGauge,
       static_cast<double>(connections.open())},
      {"wonbon_connections_refused_total",
       "Connections that were closed at once because there was no room for them.", kCounter,
       static_cast<double>(connections.refused())},
      {"wonbon_connections_gave_way_total",
       "Silent connections that were closed because there was no room for others.", kCounter,
       static_cast<double>(connections.gave_way())},
      {"wonbon_connections_hoarding_total",
       "Connections that were closed because they held most of the bytes of unfinished messages.",
       kCounter, static_cast<double>(connections.hoarders())},
      {"wonbon_unfinished_message_bytes", "Bytes of messages that are not whole.", kGauge,
       static_cast<double>(connections.unfinished_bytes())},
  };
  if (certificates == nullptr) return readings;
  readings.push_back({"wonbon_tls_reload_failures_total",
                      "Renewed TLS files that were not used because they are bad.", kCounter,
                      static_cast<double>(certificates->failures())});
  readings.push_back({"wonbon_tls_certificate_expiry_seconds",
                      "When the certificate that is served expires, in seconds since 1970.", kGauge,
                      absl::ToDoubleSeconds(certificates->expires() - absl::UnixEpoch())});
  return readings;
}

std::vector<Reading> ReadAccess(const Access& access, const AuditLog& audit) {
  constexpr auto kCounter = prometheus::MetricType::Counter;
  return {
      {"wonbon_keys_reload_failures_total",
       "Changed files of API keys that were not used because they are bad.", kCounter,
       static_cast<double>(access.failures())},
      {"wonbon_audit_failures_total", "Lines of the audit log that could not be written.", kCounter,
       static_cast<double>(audit.failures())},
  };
}

}  // namespace wonbon::server
