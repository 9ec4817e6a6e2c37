#include "server/transport.h"

#include <grpc/grpc.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/channel_arguments.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(kMaxMessageBytes));
  builder.SetMaxSendMessageSize(-1);  // answers are bounded where they are made
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentCallsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Milliseconds(kMinClientPingInterval));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kMaxPingStrikes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(kKeepaliveInterval));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(kKeepaliveTimeout));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // as many as it takes
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Milliseconds(kHandshakeTimeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Milliseconds(kMaxConnectionIdle));
  grpc::ResourceQuota quota("wonbond");
  quota.Resize(kTransportBufferBytes);
  builder.SetResourceQuota(quota);
}

// gRPC 1.51 unpacks a message before it looks at the size of what comes out: 4 MB may become 4 GB.
// So it unpacks none, and answers UNIMPLEMENTED to calls whose metadata name these algorithms.
void RefuseCompression(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Transport>> Transport::Serve(
    EventLoop& loop, const Options& options, const Services& services) {
  absl::StatusOr<std::unique_ptr<Listener>> listener =
      Listener::Listen(loop, options.address, options.most_connections, options.arrivals);
  if (!listener.ok()) return listener.status();
  grpc::EnableDefaultHealthCheckService(true);
  // Naming its descriptor links it in, so that reflection can describe the health service.
  grpc::health::v1::HealthCheckRequest::descriptor();
  if (options.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder);
  RefuseCompression(builder);
  auto acceptor = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, options.credentials);
  for (const auto& service : services) builder.RegisterService(service.get());
  std::unique_ptr<grpc::Server> grpc = builder.BuildAndStart();
  if (grpc == nullptr) return absl::InternalError("gRPC does not start; its log says why");
  for (const auto& service : services) {
    grpc->GetHealthCheckService()->SetServingStatus(service->name(), true);
  }
  (*listener)->Accept(std::move(acceptor));
  return std::unique_ptr<Transport>(new Transport(*std::move(listener), std::move(grpc)));
}

std::shared_ptr<grpc::Channel> Transport::OwnChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // answers are bounded where they are made
  return grpc_->InProcessChannel(arguments);
}

void Transport::SetWritable(bool writable) {
  grpc_->GetHealthCheckService()->SetServingStatus(kWritesHealth, writable);
}

void Transport::StopServing() { grpc_->GetHealthCheckService()->SetServingStatus(false); }

void Transport::HangUp() {
  absl::SleepFor(kLastAnswers);
  listener_->Close();
  // Connections are gone before gRPC would have anything to say on them: once Shutdown has begun it
  // answers new calls itself, with CANCELLED.
  listener_->CutConnections();
  grpc_server_cancel_all_calls(grpc_->c_server());
  absl::SleepFor(kHangUp);
  grpc_->Shutdown(gpr_inf_past(GPR_CLOCK_MONOTONIC));
}

}  // namespace wonbon::server
