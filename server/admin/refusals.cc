#include "server/admin/refusals.h"

#include "core/error.h"
#include "core/views.h"

namespace wonbon::server {
namespace {

// Turned away for who made it, or for want of room; not for what it asked.
bool IsRefusal(const absl::Status& answer) {
  return absl::IsUnauthenticated(answer) || absl::IsPermissionDenied(answer) ||
         absl::IsResourceExhausted(answer) || absl::IsUnavailable(answer);
}

}  // namespace

void Refusals::Look(const Call& call, const absl::Status& answer) {
  if (!IsRefusal(answer)) return;
  metrics_.Refused(answer);
  const std::optional<uint64_t> left_out = lines_.Take();
  if (!left_out.has_value()) return;
  LogWarning("call refused", {{"rpc", call.rpc},
                              {"code", Std(absl::StatusCodeToString(answer.code()))},
                              {"reason", Name(ReasonOf(answer))},
                              {"caller", call.caller},
                              {"peer", call.peer},
                              {"left_out", *left_out}});
}

}  // namespace wonbon::server
