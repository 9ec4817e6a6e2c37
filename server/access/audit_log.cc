#include "server/access/audit_log.h"

#include <fcntl.h>
#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/views.h"
#include "server/limits.h"
#include "server/log.h"
#include "server/message/status.h"

namespace wonbon::server {
namespace {

using Json = nlohmann::ordered_json;

// -1 where it cannot be had.
int OpenFile(const std::string& path) {
  return open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

// What was asked; how long it is where that is too long for a line.
void AddRequest(const google::protobuf::Message& request, Json& line) {
  std::string text;
  if (request.ByteSizeLong() <= kMaxAuditedRequestBytes &&
      google::protobuf::util::MessageToJsonString(request, &text).ok()) {
    line["request"] = Json::parse(text, nullptr, false);
  } else {
    line["request_bytes"] = request.ByteSizeLong();
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(const std::string& path) {
  std::unique_ptr<AuditLog> log(new AuditLog(path));
  if (path.empty()) return log;
  absl::MutexLock lock(&log->mutex_);
  log->fd_ = OpenFile(path);
  if (log->fd_ >= 0) return log;
  return absl::FailedPreconditionError(
      absl::StrCat("audit_log: cannot write ", path, ": ", std::strerror(errno)));
}

AuditLog::~AuditLog() {
  absl::MutexLock lock(&mutex_);
  if (fd_ >= 0) close(fd_);
}

void AuditLog::Reopen() {
  if (path_.empty()) return;
  const int fd = OpenFile(path_);
  if (fd < 0) {
    return LogError(absl::StrCat("audit log: cannot write ", path_, ": ", std::strerror(errno),
                                 "; going on in the file of before"));
  }
  absl::MutexLock lock(&mutex_);
  close(std::exchange(fd_, fd));
}

void AuditLog::Write(const Call& call) {
  Json line = {{"time", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone())},
               {"caller", call.caller},
               {"peer", call.peer},
               {"rpc", absl::StrCat(Absl(call.rpc.service), "/", Absl(call.rpc.method))},
               {"code", CodeName(call.answer.code())},
               {"reason", call.answer.ok() ? "" : Reason(call.answer)}};
  if (call.request != nullptr) AddRequest(*call.request, line);
  Append(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void AuditLog::Append(const std::string& line) {
  absl::MutexLock lock(&mutex_);
  const ssize_t put = write(fd_, line.data(), line.size());
  const bool whole = put == static_cast<ssize_t>(line.size());
  if (!whole) ++failures_;
  if (failing_ == !whole) return;
  failing_ = !whole;
  LogWarning(whole ? "audit log: lines are written again"
                   : absl::StrCat("audit log: a line was lost: cannot write ", path_, ": ",
                                  put < 0 ? std::strerror(errno) : "no room"));
}

}  // namespace wonbon::server
