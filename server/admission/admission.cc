#include "server/admission/admission.h"

#include <utility>

#include "server/message/status.h"

namespace wonbon::server {

absl::Status Admission::Admit(const Request& request, Admitted& held, WorkerPool::Task first) {
  absl::StatusOr<CallRegistry::Entry> entry = calls_.Enter(request.stream);
  if (!entry.ok()) return entry.status();
  held.entry = *std::move(entry);
  absl::StatusOr<ByteBudget::Share> bytes = AdmitMessage(request.rpc, request.bytes);
  if (!bytes.ok()) return bytes.status();
  held.bytes = *std::move(bytes);
  if (first != nullptr && !pool_.TryBegin(std::move(first))) {
    return Overloaded(ErrorReason::kQueueFull, "too many requests are waiting");
  }
  return absl::OkStatus();
}

absl::StatusOr<ByteBudget::Share> Admission::AdmitMessage(const Rpc& rpc, size_t bytes) {
  if (rpc.takes_documents) {
    if (absl::Status room = memory_.Admit(); !room.ok()) return room;
  }
  ByteBudget::Share share = bytes_.Draw(bytes);
  if (share) return share;
  return Overloaded(ErrorReason::kTooManyBytesInFlight, "too many bytes of requests in flight");
}

}  // namespace wonbon::server
