// The service with nothing behind it: requests are received and parsed by generated code, answers
// are empty. What gRPC itself takes of a call, with the settings of wonbond that cost something.
//
// usage: null_server    (prints the port it listens at; ends when its input does)
#include <cstdio>

#include "grpcpp/grpcpp.h"
#include "server/limits.h"
#include "wonbon/v1/dedup_service.grpc.pb.h"

namespace {

using wonbon::v1::DedupService;
namespace v1 = wonbon::v1;

// Answers each request with nothing.
class Stream : public grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse> {
 public:
  Stream() { StartRead(&request_); }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (ok) StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  v1::SubmitStreamRequest request_;
  v1::SubmitStreamResponse response_;
};

class NullService : public DedupService::CallbackService {
  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const v1::CheckRequest*,
                                  v1::CheckResponse*) override {
    return Ok(context);
  }
  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* context, const v1::SubmitRequest*,
                                   v1::SubmitResponse*) override {
    return Ok(context);
  }
  grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse>* SubmitStream(
      grpc::CallbackServerContext*) override {
    return new Stream;
  }
  static grpc::ServerUnaryReactor* Ok(grpc::CallbackServerContext* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main() {
  NullService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(static_cast<int>(wonbon::server::kMaxMessageBytes));
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  std::printf("%d\n", port);
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}
