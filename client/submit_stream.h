// SubmitStream as a blocking stream: one writing thread and one reading thread may use it at once.
//
// Responses match requests by position. A stream is not repeated when it breaks, because only the
// caller knows what it has not seen an answer for; BatchWriter does that for batches.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "client/client.h"

namespace wonbon::client {

class SubmitStream {
 public:
  // Opens the stream. `client` must outlive it; so must `cancellation`, which may be null.
  explicit SubmitStream(const Client* client, Cancellation* cancellation = nullptr);
  // Cancels what is still running.
  ~SubmitStream();
  SubmitStream(const SubmitStream&) = delete;
  SubmitStream& operator=(const SubmitStream&) = delete;

  // False where the stream is broken: Finish() says why. Blocks while the server does not read.
  bool Write(const v1::SubmitStreamRequest& request);

  // No more requests will follow.
  void WritesDone();

  // The next response. False at the end of the stream.
  bool Read(v1::SubmitStreamResponse* response);

  // How the stream ended. REQUIRES: Read() returned false.
  absl::Status Finish();

 private:
  struct Call;
  const std::unique_ptr<Call> call_;
};

}  // namespace wonbon::client
