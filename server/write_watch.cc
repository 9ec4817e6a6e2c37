#include "server/write_watch.h"

#include "absl/strings/str_cat.h"
#include "server/log.h"

namespace wonbon::server {

void WriteWatch::Look() {
  absl::Status now = engine_.CheckWritable();
  const bool changed = now.ok() != last_.ok();
  if (changed && now.ok()) LogInfo("writes are taken again");
  if (changed && !now.ok()) {
    LogError(absl::StrCat("whatever writes is refused, reads are answered: ", now.message()));
  }
  if (changed || !std::exchange(looked_, true)) on_change_(now.ok());
  last_ = std::move(now);
  if (last_.ok() || resuming_.exchange(true)) return;
  // Refused where the engine closes, or has much to do: there is another look.
  if (!engine_.ResumeWrites([this] { resuming_ = false; }).ok()) resuming_ = false;
}

}  // namespace wonbon::server
