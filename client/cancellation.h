// Stops calls from another thread: running ones are cancelled, waits between attempts end at once.
// Thread-safe.
#pragma once

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace grpc {
class ClientContext;
}

namespace wonbon::client {

class Cancellation {
 public:
  // Cancels what runs under this object, now and from now on.
  void Cancel();

  bool cancelled() const;

  // Waits. False if cancelled meanwhile.
  bool Sleep(absl::Duration duration);

  // A call that is to be cancelled with this object, from before its start until after its end.
  class Scope {
   public:
    // `cancellation` may be null: then this does nothing.
    Scope(Cancellation* cancellation, grpc::ClientContext* context);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Cancellation* const cancellation_;
    grpc::ClientContext* const context_;
  };

 private:
  mutable absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<grpc::ClientContext*> running_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace wonbon::client
