// Article files → documents on the server.
//
//   file → unpack → lines → UTF-8 → documents → batches (BatchWriter) → decisions → tally, rejects
//
// One thread reads and parses; BatchWriter's threads send. A line counts as settled once the server
// acknowledged it or it is in the rejects file; the place up to which all lines are settled is
// recorded at least once a second, so that an interrupted import goes on from there.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "client/batch_writer.h"
#include "client/client.h"
#include "client/import/ack_tracker.h"
#include "client/import/encoding.h"
#include "client/import/line_reader.h"
#include "client/import/progress_record.h"
#include "client/import/rejects.h"
#include "client/import/tally.h"

namespace wonbon::client {

struct ImportOptions {
  // "-" is the standard input.
  std::vector<std::string> files;
  std::string collection;
  std::string endpoint;  // as the user wrote it: part of the progress record's key
  int batch_documents = 256;
  size_t batch_bytes = 2 << 20;
  int in_flight = 8;
  // How long to go on trying while the server is away. Zero: not at all.
  absl::Duration retry_for = absl::Seconds(60);
  // One call.
  absl::Duration attempt_timeout = absl::Seconds(30);
  Encoding encoding = Encoding::kAuto;
  ArticleLineFormat format;
  // Keep and use records of interrupted imports.
  bool resume = true;
  std::filesystem::path state_folder;
  // "-": the standard output. Empty: <name of the file>.rejects.jsonl in the current folder.
  std::string rejects;
};

// How lines are read, for the progress record: encoding, zone, names of keys.
std::string ReadingOf(const ImportOptions& options);

// A look at a running import.
struct ImportProgress {
  Tally tally;
  // Of all files together, packed as they are. Settled: answered by the server or turned away;
  // what an earlier run had settled is part of it, and is told by `bytes_before`.
  uint64_t bytes_settled = 0;
  uint64_t bytes_before = 0;
  uint64_t bytes_total = 0;  // 0: not known
  // Set while calls fail: why, and since when.
  std::optional<absl::Status> trouble;
  absl::Time trouble_since;
};

class Importer {
 public:
  // Something worth a line of its own: where it goes on, what was converted. Called by one thread.
  using Note = std::function<void(const std::string& text)>;

  // `client` must outlive the importer.
  Importer(const Client* client, ImportOptions options, Note note);
  ~Importer();

  // Imports all files. OK also where lines were rejected: see tally(). An error means that lines
  // are missing; what was settled stays recorded. DATA_LOSS: a file is damaged or cut off; its
  // whole lines before that, and the other files, were imported. REQUIRES: called once.
  absl::Status Run();

  // From here on any thread may call, while Run() works.
  ImportProgress progress() const;
  Tally tally() const;
  // Writes the progress record where it is behind. Does not wait for the server.
  void SaveProgress();
  // To be called about once a second: SaveProgress(), after making sure that a server that was away
  // came back with the same store.
  void Tick();
  // Files that rejects were written to.
  std::vector<std::string> rejects_files() const;

 private:
  // What belongs to the file at hand.
  struct File;

  CallOptions MakeCallOptions();
  absl::StatusOr<StoreState> AskStore(const CallOptions& call) const;
  absl::Status LearnStore();
  // ABORTED: the server now has another store than at the start, or another collection of the name.
  absl::Status CheckStore(const CallOptions& call);

  absl::Status ImportFile(const std::string& path);
  absl::StatusOr<std::shared_ptr<File>> OpenFile(const std::string& path);
  // Passes over what an earlier run has settled.
  absl::Status Resume(File* file);
  absl::Status SendLines(File* file);
  absl::Status SendLine(File* file, const Line& line);
  // Waits for all answers; an error where one is missing (BatchWriter::Flush).
  absl::Status Finish(File* file);
  // What the line read last has besides the fields of `document`.
  void CountKeys(const File& file, const v1::Document& document, const Line& line);
  absl::Status RejectLine(File* file, const Line& line, const absl::Status& why);
  void CloseFile(File* file, bool complete);

  // On the writer's threads.
  void OnResult(File* file, const BatchWriter::Result& result);
  void OnRetry(const absl::Status& error);
  void Stop(const absl::Status& why);

  absl::Status stopped() const;

  const Client* const client_;
  const ImportOptions options_;
  const Note note_;
  const absl::Time started_ = absl::Now();
  const ProgressStore records_;
  // The store that the import began with; none where the server does not say.
  std::optional<StoreState> store_;  // constant once LearnStore() is done
  const uint64_t bytes_total_;       // of all files; 0: not known

  mutable absl::Mutex mutex_;
  Tally tally_ ABSL_GUARDED_BY(mutex_);
  uint64_t bytes_of_closed_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t bytes_before_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<File> file_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> rejects_files_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> trouble_ ABSL_GUARDED_BY(mutex_);
  absl::Time trouble_since_ ABSL_GUARDED_BY(mutex_);
  // Calls failed since the store was last seen to be the same.
  bool store_in_doubt_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;  // greatest in the answers
  absl::Status stopped_ ABSL_GUARDED_BY(mutex_);

  absl::Mutex save_mutex_;  // one writer of the record at a time
  LinePosition saved_ ABSL_GUARDED_BY(save_mutex_);
};

}  // namespace wonbon::client
