#include "server/write_watch.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "server/limits.h"
#include "server/log.h"

namespace wonbon::server {

bool WriteWatch::Decide() {
  absl::MutexLock lock(&mutex_);
  absl::Status why = said_;
  std::error_code error;
  const uint64_t free = std::filesystem::space(options_.data_dir, error).available;
  const uint64_t wanted = options_.disk_reserve + (no_room_ ? kDiskReserveSlack : 0);
  // Where that cannot be told, a write finds out.
  no_room_ = options_.disk_reserve > 0 && !error && free < wanted;
  if (why.ok() && no_room_) {
    why = MakeError(absl::StatusCode::kResourceExhausted, {.reason = ErrorReason::kDiskFull},
                    absl::StrCat("cannot write: the disk of ", options_.data_dir, " has ",
                                 free >> 20, " MiB left, and ", options_.disk_reserve >> 20,
                                 " are to stay free (--disk-reserve)"));
  }
  const bool refuses = !why.ok();
  engine_.ForbidWrites(std::move(why));
  return refuses;
}

void WriteWatch::SetReadOnly(bool read_only, const std::string& reason) {
  absl::Status said;
  if (read_only) {
    said = MakeError(absl::StatusCode::kUnavailable, {.reason = ErrorReason::kReadOnly},
                     absl::StrCat("cannot write: an operator has the server read-only",
                                  reason.empty() ? "" : ": ", reason));
  }
  {
    absl::MutexLock lock(&mutex_);
    said_ = std::move(said);
  }
  Decide();
}

void WriteWatch::Look() {
  const bool refuses = Decide();
  absl::Status now = engine_.CheckWritable();
  const bool changed = now.ok() != last_.ok();
  if (changed && now.ok()) LogInfo("writes are taken again");
  if (changed && !now.ok()) {
    LogError(absl::StrCat("whatever writes is refused, reads are answered: ", now.message()));
  }
  if (changed || !std::exchange(looked_, true)) options_.on_change(now.ok());
  last_ = std::move(now);
  if (last_.ok() || refuses || resuming_.exchange(true)) return;
  // Refused where the engine closes, or has much to do: there is another look.
  if (!engine_.ResumeWrites([this] { resuming_ = false; }).ok()) resuming_ = false;
}

}  // namespace wonbon::server
