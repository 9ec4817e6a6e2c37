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
    : cancellation_(cancellation),
      call_(std::make_unique<Call>(*client->connections_, cancellation)) {}

SubmitStream::~SubmitStream() {
  if (call_->finished) return;
  call_->context.TryCancel();
  (void)call_->stream->Finish();
}

bool SubmitStream::Write(const v1::SubmitStreamRequest& request) {
  // Also what could not be written was given and has no answer.
  ++requests_;
  documents_ += request.has_batch() ? request.batch().documents_size() : 1;
  return call_->stream->Write(request);
}

void SubmitStream::WritesDone() { call_->stream->WritesDone(); }

bool SubmitStream::Read(v1::SubmitStreamResponse* response) {
  if (!call_->stream->Read(response)) return false;
  ++responses_;
  results_ += response->results_size();
  return true;
}

absl::Status SubmitStream::Finish() {
  call_->finished = true;
  const absl::Status status = OutcomeOf(call_->stream->Finish(), call_->context, cancellation_);
  if (!status.ok()) return status;
  if (responses_ != requests_) {
    return absl::UnavailableError("the server ended the stream after " +
                                  std::to_string(responses_) + " responses to " +
                                  std::to_string(requests_) + " requests");
  }
  if (results_ != documents_) {
    return absl::InternalError("the server answered " + std::to_string(results_) +
                               " results for " + std::to_string(documents_) + " documents");
  }
  return absl::OkStatus();
}

}  // namespace wonbon::client
