#include "server/http/watch_events.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/views.h"
#include "grpcpp/support/client_callback.h"
#include "server/http/error_reply.h"
#include "server/message/status.h"
#include "server/message/wire.h"
#include "wonbon/v1/dedup_service.grpc.pb.h"

namespace wonbon::server {
namespace {

absl::StatusOr<v1::WatchClustersRequest> ReadQuery(const HttpRequest& request) {
  v1::WatchClustersRequest wanted;
  std::string_view after = request.Header("last-event-id");
  for (const auto& [name, value] : request.query) {
    if (name == "collection") {
      wanted.set_collection(value);
    } else if (name != "after") {
      return InvalidField(name, "is no parameter of a watch; there are collection and after");
    } else if (after.empty()) {
      after = value;
    }
  }
  if (after.empty()) return wanted;
  uint64_t sequence = 0;
  if (!absl::SimpleAtoi(Absl(after), &sequence)) {
    return InvalidField("after", "must be a sequence: a whole number from 0 up");
  }
  wanted.set_after_sequence(sequence);
  return wanted;
}

// One watch; alive until gRPC has ended it. Either a read of gRPC's is open or a write to the
// client, until one of them fails.
class Watch final : public grpc::ClientReadReactor<v1::WatchClustersResponse>,
                    public std::enable_shared_from_this<Watch> {
 public:
  Watch(InProcess& calls, v1::WatchClustersRequest request, HttpExchange exchange)
      : open_(calls), exchange_(std::move(exchange)), request_(std::move(request)) {}

  void Begin(const HttpRequest& head) {
    if (const absl::Status status = Describe(head, context_); !status.ok()) return Refuse(status);
    if (open_.channel() == nullptr) return Refuse(Draining());
    self_ = shared_from_this();
    exchange_.OnGone([weak = weak_from_this()] {
      if (const std::shared_ptr<Watch> gone = weak.lock()) gone->context_.TryCancel();
    });
    v1::DedupService::Stub(open_.channel()).async()->WatchClusters(&context_, &request_, this);
    AddHold();  // until the last read
    StartRead(&response_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return RemoveHold();
    if (!std::exchange(begun_, true)) {
      exchange_.BeginStream({.content_type = "text/event-stream",
                             .headers = {{"X-Accel-Buffering", "no"}}});
      return Write(true);
    }
    Write(response_.events_size() > 0);
  }

  void OnDone(const grpc::Status& status) override {
    const HttpReply error = ErrorReply(
        status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the watch ended") : status);
    if (!begun_) {
      exchange_.Reply(error);
    } else {
      exchange_.Write(absl::StrCat("event: end\ndata: ", error.body, "\n"),
                      [exchange = exchange_](bool) { exchange.End(); });
    }
    self_.reset();  // may delete this
  }

 private:
  void Refuse(const absl::Status& status) { exchange_.Reply(ErrorReply(ToGrpcStatus(status))); }

  void Write(bool with_data) {
    std::string lines = absl::StrCat("id: ", response_.sequence(), "\n");
    if (with_data) {
      const absl::StatusOr<std::string> json = ToJson(response_);
      if (json.ok()) absl::StrAppend(&lines, "data: ", *json, "\n");
    }
    exchange_.Write(lines + "\n", [this](bool ok) {
      if (ok) return StartRead(&response_);
      context_.TryCancel();
      RemoveHold();
    });
  }

  const InProcess::Call open_;  // the last to go
  const HttpExchange exchange_;
  const v1::WatchClustersRequest request_;
  v1::WatchClustersResponse response_;
  grpc::ClientContext context_;
  bool begun_ = false;
  std::shared_ptr<Watch> self_;  // until OnDone
};

}  // namespace

void WatchOverHttp(InProcess& calls, const HttpRequest& request, const HttpExchange& exchange) {
  absl::StatusOr<v1::WatchClustersRequest> wanted = ReadQuery(request);
  if (!wanted.ok()) return exchange.Reply(ErrorReply(ToGrpcStatus(wanted.status())));
  std::make_shared<Watch>(calls, *std::move(wanted), exchange)->Begin(request);
}

}  // namespace wonbon::server
