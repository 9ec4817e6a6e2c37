// Who did what of the things that editors and admins alone may do: a JSON object a line, in a file
// of its own.
//
//   {"time":"2026-12-01T09:30:00.123456Z","caller":"desk","peer":"ipv4:10.0.0.7:4711",
//    "rpc":"wonbon.v1.DedupService/PinCanonical","code":"OK","reason":"",
//    "request":{"collection":"news","clusterId":"c17","documentId":"a-1","actor":"kim"}}
//
// The requests of these rpcs carry no article. Lines are appended with one write each; who rotates
// the file renames it and sends SIGHUP, or copies and truncates it. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/message.h"
#include "server/rpc/rpc_table.h"

namespace wonbon::server {

class AuditLog {
 public:
  // FAILED_PRECONDITION, naming it, where the file cannot be appended to. No path: no log.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(const std::string& path);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // Whether calls of the rpc have a line: those that are for editors or admins.
  bool Wants(const Rpc& rpc) const { return !path_.empty() && rpc.role >= Role::kEditor; }

  struct Call {
    const Rpc& rpc;
    std::string_view caller;  // empty where nobody was let in
    std::string peer;
    const google::protobuf::Message* request;  // null where it was not looked at
    const absl::Status& answer;
  };
  // A line that cannot be written is lost; the log says so, and failures() counts.
  void Write(const Call& call);

  // Goes on in the file that has the path now.
  void Reopen();

  uint64_t failures() const { return failures_; }

 private:
  explicit AuditLog(std::string path) : path_(std::move(path)) {}
  void Append(const std::string& line);

  const std::string path_;
  absl::Mutex mutex_;
  int fd_ ABSL_GUARDED_BY(mutex_) = -1;
  bool failing_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<uint64_t> failures_{0};
};

}  // namespace wonbon::server
