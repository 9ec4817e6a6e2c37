#include "client/submit_stream.h"

#include "client/connections.h"
#include "client/status.h"

namespace wonbon::client {

struct SubmitStream::Call {
  Call(Connections& connections, Cancellation* cancellation) : scope(cancellation, &context) {
    connections.Prepare(&context);
    stream = connections.Next().dedup.SubmitStream(&context);
  }

  grpc::ClientContext context;
  const Cancellation::Scope scope;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubmitStreamRequest, v1::SubmitStreamResponse>>
      stream;
  bool finished = false;
};

SubmitStream::SubmitStream(const Client* client, Cancellation* cancellation)
    : call_(std::make_unique<Call>(*client->connections_, cancellation)) {}

SubmitStream::~SubmitStream() {
  if (call_->finished) return;
  call_->context.TryCancel();
  (void)call_->stream->Finish();
}

bool SubmitStream::Write(const v1::SubmitStreamRequest& request) {
  return call_->stream->Write(request);
}

void SubmitStream::WritesDone() { call_->stream->WritesDone(); }

bool SubmitStream::Read(v1::SubmitStreamResponse* response) {
  return call_->stream->Read(response);
}

absl::Status SubmitStream::Finish() {
  call_->finished = true;
  return FromGrpc(call_->stream->Finish());
}

}  // namespace wonbon::client
