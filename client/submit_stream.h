// SubmitStream as a blocking stream: one writing thread and one reading thread may use it at once.
//
// Responses match requests by position. A stream is not repeated when it breaks, because only the
// caller knows what it has not seen an answer for: on UNAVAILABLE it opens another one and sends
// again what was not answered (what the server had taken is UNCHANGED). BatchWriter does that for
// batches. A stream that ends with OK has answered everything.
#pragma once

#include <atomic>
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

  // How the stream ended. REQUIRES: Read() returned false, and no Write() is running.
  // CANCELLED: `cancellation` was triggered.
  // UNAVAILABLE: the server ended it without an error, and requests have no response.
  // INTERNAL: all requests have their response, but not all documents a result.
  absl::Status Finish();

 private:
  struct Call;

  const Cancellation* const cancellation_;
  const std::unique_ptr<Call> call_;
  // Whether all was answered, Finish() tells by comparing. The writing thread's, the reading
  // thread's.
  std::atomic<uint64_t> requests_ = 0;
  std::atomic<uint64_t> documents_ = 0;
  std::atomic<uint64_t> responses_ = 0;
  std::atomic<uint64_t> results_ = 0;
};

}  // namespace wonbon::client
