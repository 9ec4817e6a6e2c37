#include "client/dump/load.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/dump/dump_file.h"
#include "client/dump/words.h"
#include "client/status.h"

namespace wonbon::client {
namespace {

// One batch after the other, for documents are to be decided in the order in which they came.
constexpr int kBatchDocuments = 500;
constexpr size_t kBatchBytes = 8 << 20;

class Loader {
 public:
  Loader(const Client& client, const LoadOptions& options) : client_(client), options_(options) {}

  absl::Status Run(const std::string& path) {
    absl::Status status = CheckDump(path);
    if (status.ok() && !options_.into_used) status = CheckEmpty();
    if (!status.ok()) return status;
    const absl::StatusOr<std::unique_ptr<DumpReader>> reader = DumpReader::Open(path);
    if (!reader.ok()) return reader.status();
    for (;;) {
      const absl::StatusOr<std::optional<DumpLine>> line = (*reader)->Next();
      if (!line.ok()) return line.status();
      if (!line->has_value()) return EndCollection();
      if (absl::Status taken = Take(**line); !taken.ok()) return taken;
    }
  }

  LoadTally Tally() { return std::move(tally_); }

 private:
  absl::Status CheckEmpty() const {
    const absl::StatusOr<v1::GetStatsResponse> stats = client_.GetStats();
    if (!stats.ok()) return stats.status();
    if (stats->documents() == 0 && stats->collections() <= 1) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "the server is not empty: it has ", stats->documents(), " documents and ",
        stats->collections(),
        " collections; start one with a new --data-dir, or give --into-used"));
  }

  absl::Status Take(const DumpLine& line) {
    if (line.kind == "collection") return Begin(line);
    if (words_ == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(line.place, ": stands before a collection"));
    }
    if (line.kind == "document") return AddDocument(line);
    if (absl::Status sent = Send(); !sent.ok()) return sent;
    if (line.kind == "tombstone") return Block(line);
    if (line.kind != "cluster") {
      return absl::InvalidArgumentError(
          absl::StrCat(line.place, ": found \"", line.kind,
                       "\"; expected collection, document, tombstone or cluster"));
    }
    v1::Cluster cluster;
    if (absl::Status parsed = line.Parse(&cluster); !parsed.ok()) return parsed;
    words_->Add(std::move(cluster));
    return absl::OkStatus();
  }

  // A collection with its settings: made, or as it is there already.
  absl::Status Begin(const DumpLine& line) {
    if (absl::Status ended = EndCollection(); !ended.ok()) return ended;
    v1::Collection collection;
    if (absl::Status parsed = line.Parse(&collection); !parsed.ok()) return parsed;
    v1::CreateCollectionRequest create;
    create.set_name(collection.name());
    *create.mutable_settings() = collection.settings();
    absl::Status made = client_.CreateCollection(create).status();
    if (absl::IsAlreadyExists(made)) {
      v1::UpdateCollectionRequest update;
      update.set_name(collection.name());
      *update.mutable_settings() = collection.settings();
      for (const char* path : {"preferred_publishers", "wire_publishers", "retention"}) {
        update.mutable_update_mask()->add_paths(path);
      }
      made = client_.UpdateCollection(update).status();
    }
    if (!made.ok()) return At(line.place, made);
    ++tally_.collections;
    tally_.clusters_before += collection.clusters();
    batch_.set_collection(collection.name());
    words_ = std::make_unique<Words>(client_, collection.name());
    return absl::OkStatus();
  }

  absl::Status EndCollection() {
    if (words_ == nullptr) return absl::OkStatus();
    absl::Status status = Send();
    if (status.ok()) status = words_->Say();
    if (!status.ok()) return status;
    tally_.words += words_->said();
    for (const std::string& refused : words_->refused()) {
      tally_.refused_words.push_back(absl::StrCat(batch_.collection(), ": ", refused));
    }
    words_ = nullptr;
    v1::GetCollectionRequest request;
    request.set_name(batch_.collection());
    const absl::StatusOr<v1::GetCollectionResponse> now = client_.GetCollection(request);
    if (!now.ok()) return now.status();
    tally_.clusters += now->collection().clusters();
    return absl::OkStatus();
  }

  absl::Status AddDocument(const DumpLine& line) {
    v1::StoredDocument stored;
    if (absl::Status parsed = line.Parse(&stored); !parsed.ok()) return parsed;
    if (batch_.documents_size() == kBatchDocuments ||
        (batch_.documents_size() > 0 && bytes_ + line.json.size() > kBatchBytes)) {
      if (absl::Status sent = Send(); !sent.ok()) return sent;
    }
    bytes_ += line.json.size();
    places_.push_back(line.place);
    (*batch_.mutable_received_at())[stored.document().id()] = stored.received_at();
    batch_.mutable_documents()->Add(std::move(*stored.mutable_document()));
    return absl::OkStatus();
  }

  absl::Status Send() {
    if (batch_.documents().empty()) return absl::OkStatus();
    const absl::StatusOr<v1::SubmitBatchResponse> response = client_.SubmitBatch(batch_);
    if (!response.ok()) return At(places_.front(), response.status());
    for (int i = 0; i < response->results_size(); ++i) {
      if (response->results(i).has_decision()) {
        ++tally_.documents;
        continue;
      }
      const absl::Status why = FromRpc(response->results(i).error());
      if (ErrorReason(why) != "DOCUMENT_EXPIRED") {
        return At(absl::StrCat(places_[static_cast<size_t>(i)], ": document \"",
                               batch_.documents(i).id(), "\""), why);
      }
      ++tally_.expired;
    }
    batch_.clear_documents();
    batch_.clear_received_at();
    places_.clear();
    bytes_ = 0;
    if (options_.progress) options_.progress(tally_.documents);
    return absl::OkStatus();
  }

  absl::Status Block(const DumpLine& line) {
    v1::Tombstone tombstone;
    if (absl::Status parsed = line.Parse(&tombstone); !parsed.ok()) return parsed;
    v1::DeleteDocumentRequest request;
    request.set_collection(batch_.collection());
    request.set_document_id(tombstone.document_id());
    request.set_reason(tombstone.reason());
    request.set_block(true);
    if (absl::Status deleted = client_.DeleteDocument(request).status(); !deleted.ok()) {
      return At(line.place, deleted);
    }
    ++tally_.blocked_ids;
    return absl::OkStatus();
  }

  static absl::Status At(const std::string& place, const absl::Status& why) {
    return Reworded(why, why.code(), absl::StrCat(place, ": ", why.message()));
  }

  const Client& client_;
  const LoadOptions& options_;
  LoadTally tally_;
  std::unique_ptr<Words> words_;      // of the collection that is loaded
  v1::SubmitBatchRequest batch_;      // of it, not sent yet
  std::vector<std::string> places_;   // of its documents
  size_t bytes_ = 0;
};

}  // namespace

absl::StatusOr<LoadTally> LoadServer(const Client& client, const std::string& path,
                                     const LoadOptions& options) {
  Loader loader(client, options);
  if (absl::Status status = loader.Run(path); !status.ok()) return status;
  return loader.Tally();
}

}  // namespace wonbon::client
