#include "server/admission/admission.h"

#include <utility>

#include "server/message/status.h"

namespace wonbon::server {

absl::Status Admission::Admit(const Request& request, Admitted& held, WorkerPool::Task first) {
  held.peer = request.shown.peer;
  arrivals_.Add(held.peer, request.bytes);
  absl::StatusOr<Caller> caller = access_.Admit(request.rpc, request.shown);
  if (!caller.ok()) return caller.status();
  held.caller = *std::move(caller);
  if (first != nullptr) {  // otherwise the call's requests come later, and are counted then
    absl::Status within = held.caller.TakeRequest(request.rpc.takes_documents);
    if (!within.ok()) return within;
  }
  absl::StatusOr<CallRegistry::Entry> entry =
      calls_.Enter(held.caller.Client(request.shown.peer), request.stream);
  if (!entry.ok()) return entry.status();
  held.entry = *std::move(entry);
  absl::StatusOr<ByteBudget::Share> bytes = AdmitBytes(request.rpc, held, request.bytes);
  if (!bytes.ok()) return bytes.status();
  held.bytes = *std::move(bytes);
  if (first == nullptr) return absl::OkStatus();
  switch (pool_.TryBegin(held.LaneOf(request.rpc.work), request.deadline, std::move(first))) {
    case WorkerPool::Place::kQueued: break;
    case WorkerPool::Place::kNoRoom:
      return Overloaded(ErrorReason::kQueueFull, "too many requests are waiting");
    case WorkerPool::Place::kTooLate: return WouldBeLate();
  }
  return absl::OkStatus();
}

absl::StatusOr<ByteBudget::Share> Admission::AdmitMessage(const Rpc& rpc, const Admitted& held,
                                                          size_t bytes) {
  arrivals_.Add(held.peer, bytes);
  return AdmitBytes(rpc, held, bytes);
}

absl::StatusOr<ByteBudget::Share> Admission::AdmitBytes(const Rpc& rpc, const Admitted& held,
                                                        size_t bytes) {
  if (rpc.takes_documents) {
    if (absl::Status room = memory_.Admit(); !room.ok()) return room;
  }
  const std::shared_ptr<Connection>& connection = held.entry.connection();
  ByteBudget::Share share = connection->bytes.Draw(bytes, connection);
  if (share) return share;
  return Overloaded(ErrorReason::kTooManyBytesInFlight,
                    connection->bytes.HasRoomFor(bytes)
                        ? "too many bytes of requests in flight"
                        : "too many bytes of requests in flight on one connection");
}

}  // namespace wonbon::server
