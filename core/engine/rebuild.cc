// Committer: the state as the store has it, published when a server starts, and left where it
// stops.
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine/committer.h"

namespace wonbon {
namespace {

// Documents between two calls of Options::on_progress.
constexpr uint64_t kProgressStep = 10'000;

// Takes into `state` what an image does not have and a rebuilt state has as well.
StoreSnapshot::Visitor LoaderOf(MemoryState* state) {
  return {.collection =
              [state](CollectionRecord record) {
                state->LoadCollection(std::move(record));
                return absl::OkStatus();
              },
          .cluster = [state](const ClusterRecord& record) { return state->LoadCluster(record); },
          .redirect =
              [state](const Redirect& redirect) {
                state->LoadRedirect(redirect);
                return absl::OkStatus();
              },
          .family = [state](FamilyRecord family) { return state->LoadFamily(std::move(family)); }};
}

}  // namespace

absl::Status Committer::Start() {
  const std::shared_ptr<const StoreSnapshot> snapshot = store_.Snapshot();
  MemoryState state;
  not_from_image_ = ReadImage(*snapshot, &state);
  image_stands_ = !absl::IsNotFound(not_from_image_);
  if (!not_from_image_.ok()) {
    state = MemoryState();
    if (absl::Status status = Rebuild(*snapshot, &state); !status.ok()) return status;
  }
  const uint64_t documents = state.documents();
  published_.Publish(
      [&](MemoryState& published_state) { published_state = std::move(state); },
      {.sequence = store_.last_sequence(),
       .time_us = store_.last_time_us(),
       .store = snapshot,
       .rarity = rarity_.current()});
  if (options_.on_progress) options_.on_progress(documents, documents);
  thread_ = std::make_unique<CommitThread>(CommitThread::Hooks{
      .new_group = [this] { return NewGroup(); },
      .write = [this](CommitGroup& group) { return Write(group); },
      .after = [this] { Tell(); }});
  return absl::OkStatus();
}

absl::Status Committer::WriteImage() {
  // Nothing has changed since it was read.
  if (not_from_image_.ok() && image_stands_) return absl::OkStatus();
  rarity_.AwaitSaved();
  const Published::Reader reader(published_);
  const auto write = [&](ImageWriter& image) {
    reader.state().WriteIndexes(image);
    rarity_.Write(image);
  };
  return store_.WriteImage(options_.image_keep_free, write);
}

absl::Status Committer::ReadImage(const StoreSnapshot& snapshot, MemoryState* state) {
  absl::StatusOr<std::unique_ptr<ImageReader>> image = store_.OpenImage();
  if (!image.ok()) return image.status();
  StoreSnapshot::Visitor loader = LoaderOf(state);
  absl::Status status = snapshot.VisitAll({.collection = std::exchange(loader.collection, {})});
  if (status.ok()) status = state->ReadIndexes(**image);
  if (status.ok()) status = snapshot.VisitAll(loader);  // all but collections
  if (status.ok()) status = state->JoinClusters();
  if (status.ok()) status = state->FinishLoading();
  if (!status.ok()) return status;
  rarity_.Read(**image);
  return (*image)->at_end() ? absl::OkStatus()
                            : absl::DataLossError("the image of the index has another length");
}

absl::Status Committer::Rebuild(const StoreSnapshot& snapshot, MemoryState* state) {
  absl::StatusOr<DocumentNumber> counted = rarity_.Load(snapshot);
  if (!counted.ok()) return counted.status();
  const uint64_t expected = store_.EstimatedDocuments();
  uint64_t done = 0;
  // Counted in the order in which they came; the text of a standing one is read again.
  std::map<DocumentNumber, std::optional<std::vector<uint32_t>>> founders;
  StoreSnapshot::Visitor loader = LoaderOf(state);
  loader.document = [&](const DocumentEntry& entry, const Fingerprint& fingerprint) {
    if (entry.is_counted_in_rarity() && entry.number > *counted) {
      founders[entry.number] = std::nullopt;
    }
    if (++done % kProgressStep == 0 && options_.on_progress) {
      options_.on_progress(done, expected);
    }
    return state->LoadDocument(entry, fingerprint);
  };
  loader.removed_founder = [&](DocumentNumber number, std::vector<uint32_t> shingles) {
    if (number > *counted) founders[number] = std::move(shingles);
    return absl::OkStatus();
  };
  absl::Status visited = snapshot.VisitAll(loader);
  if (!visited.ok()) return visited;
  if (absl::Status status = state->FinishLoading(); !status.ok()) return status;
  for (auto& [number, shingles] : founders) {
    if (!shingles.has_value()) {
      absl::StatusOr<std::shared_ptr<const PreparedDocument>> prepared =
          preparer_.Fetch(snapshot, number);
      // One document that is damaged must not keep the others from being served.
      if (!prepared.ok() && !absl::IsDataLoss(prepared.status())) return prepared.status();
      shingles.emplace();
      if (prepared.ok()) shingles = Rarity::Counted((*prepared)->profile);
    }
    rarity_.Add(*std::move(shingles), number);
    rarity_.Publish();
  }
  return absl::OkStatus();
}

}  // namespace wonbon
