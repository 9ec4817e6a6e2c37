// The part of class Importer that deals with the server's store: which one it is, what an earlier
// run left there, and the record for the next one.
#include <algorithm>

#include "absl/time/clock.h"
#include "client/import/import_file.h"
#include "client/import/importer.h"
#include "client/import/timestamp.h"

namespace wonbon::client {

absl::StatusOr<StoreState> Importer::AskStore(const CallOptions& call) const {
  v1::GetCollectionRequest request;
  request.set_name(options_.collection.empty() ? "default" : options_.collection);
  const absl::StatusOr<v1::GetCollectionResponse> collection =
      client_->GetCollection(request, &call);
  if (!collection.ok()) return collection.status();
  const absl::StatusOr<v1::GetStatsResponse> stats = client_->GetStats(&call);
  if (!stats.ok()) return stats.status();
  return StoreState{.store_id = stats->store_id(),
                    .sequence = stats->sequence(),
                    .durable = stats->durability() == v1::DURABILITY_SYNC,
                    .collection_created = FormatTimestamp(collection->collection().created_at())};
}

absl::Status Importer::LearnStore() {
  const absl::StatusOr<StoreState> store = AskStore(MakeCallOptions());
  if (store.ok()) {
    store_ = *store;
  } else if (!absl::IsPermissionDenied(store.status()) && !absl::IsUnimplemented(store.status())) {
    return store.status();
  }
  // Without the right to ask, an import works all the same; it just cannot be resumed.
  absl::MutexLock lock(&mutex_);
  store_in_doubt_ = false;
  trouble_.reset();
  return absl::OkStatus();
}

// A store that was replaced while the importer waited for the server lacks the first lines, and so
// does a collection that was deleted and made anew: a record of them would be wrong.
absl::Status Importer::CheckStore(const CallOptions& call) {
  if (!store_.has_value()) return absl::OkStatus();
  const absl::StatusOr<StoreState> store = AskStore(call);
  if (!store.ok()) return store.status();
  if (store->store_id != store_->store_id ||
      store->collection_created != store_->collection_created) {
    return absl::AbortedError(
        "the server now has another store, or the collection was made anew, during the import: "
        "import again");
  }
  absl::MutexLock lock(&mutex_);
  store_in_doubt_ = false;
  return absl::OkStatus();
}

absl::Status Importer::Resume(File* file) {
  LinePosition start;
  if (file->key.has_value()) {
    const absl::StatusOr<ProgressRecord> record = records_.Load(*file->key);
    if (record.ok() && IsUsable(*record, *store_)) {
      start = record->settled;
      absl::MutexLock lock(&mutex_);
      sequence_ = std::max(sequence_, record->sequence);
    } else if (record.ok()) {
      note_("what an interrupted import of " + file->path +
            " had sent went to another store or to a collection that was deleted: it is sent "
            "again");
    }
  }
  if (start.line > 0) {
    if (absl::Status status = file->lines.Skip(start.offset, start.line); !status.ok()) {
      return status;
    }
    note_("going on with " + file->path + " at line " + std::to_string(start.line + 1) +
          " (--no-resume starts over)");
    absl::MutexLock lock(&mutex_);
    if (!tally_.resumed_at_line.has_value()) tally_.resumed_at_line = start.line + 1;
    bytes_before_ += std::min(file->input->consumed(), start.offset);
  }
  file->acks.StartAt(start);
  // One file of rejects may be for several inputs.
  const bool later_input = !options_.rejects.empty() && file->path != options_.files.front();
  file->rejects = std::make_unique<RejectsFile>(
      RejectsFile::Options{.path = RejectsPath(options_, file->path),
                           .append = start.line > 0 || later_input,
                           .format = options_.format});
  absl::MutexLock lock(&save_mutex_);
  saved_ = start;
  return absl::OkStatus();
}

void Importer::OnRetry(const absl::Status& error) {
  // What is settled by now, the store of the start has. From here on it may be another one.
  if (error.code() != absl::StatusCode::kResourceExhausted) SaveProgress();
  absl::MutexLock lock(&mutex_);
  if (error.code() != absl::StatusCode::kResourceExhausted) store_in_doubt_ = true;
  if (!trouble_.has_value()) trouble_since_ = absl::Now();
  trouble_ = error;
}

void Importer::Tick() {
  bool check = false;
  {
    absl::MutexLock lock(&mutex_);
    check = store_in_doubt_ && !trouble_.has_value() && file_ != nullptr;
  }
  if (check) {
    CallOptions once;
    once.timeout = once.attempt_timeout = absl::Seconds(2);
    once.retry.max_attempts = 1;
    const absl::Status status = CheckStore(once);
    if (absl::IsAborted(status)) Stop(status);
  }
  SaveProgress();
}

void Importer::SaveProgress() {
  absl::MutexLock save_lock(&save_mutex_);
  ProgressRecord record;
  {
    absl::MutexLock lock(&mutex_);
    if (!file_ || !file_->key.has_value() || !store_->durable || store_in_doubt_) return;
    record = {.key = *file_->key,
              .settled = file_->acks.Settled(),
              .store_id = store_->store_id,
              .sequence = sequence_,
              .collection_created = store_->collection_created};
  }
  if (record.settled == saved_) return;
  if (records_.Save(record).ok()) saved_ = record.settled;
}

}  // namespace wonbon::client
