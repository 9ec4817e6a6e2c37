// What an import shows while it runs: a bar on a terminal, a line every few seconds otherwise.
//
// Thread-safe.
#pragma once

#include <ostream>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/import/importer.h"

namespace wonbon::client {

class ProgressDisplay {
 public:
  struct Options {
    bool terminal = false;
    int width = 100;
    std::string endpoint;
    // Between two plain lines.
    absl::Duration interval = absl::Seconds(5);
  };

  ProgressDisplay(std::ostream& out, Options options)
      : out_(out), options_(std::move(options)), last_line_(absl::Now()) {}

  // To be called several times a second.
  void Update(const ImportProgress& progress);
  // A line of its own.
  void Note(const std::string& text);
  // Wipes the bar away.
  void Clear();

 private:
  void ClearLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::ostream& out_;
  const Options options_;
  absl::Mutex mutex_;
  bool bar_shown_ ABSL_GUARDED_BY(mutex_) = false;
  bool trouble_told_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time last_line_ ABSL_GUARDED_BY(mutex_);
};

// "12,345".
std::string Grouped(uint64_t number);
// "1 document", "12,345 documents".
std::string Counted(uint64_t number, const std::string& noun);
// "1.2 GB", in powers of 1000.
std::string BytesText(uint64_t bytes);
// "0:12", "1:02:03".
std::string ClockText(double seconds);

// "43 %  1.2 GB of 2.8 GB  12,345 docs  5,432/s  31 % copies  ETA 0:12": what is known and has room
// in so many cells. Bytes and documents are those that were acknowledged.
std::string ProgressText(const ImportProgress& progress, int width);

}  // namespace wonbon::client
