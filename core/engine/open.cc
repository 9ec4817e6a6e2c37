// Engine: opening a store and rebuilding the memory state from it; closing.
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/engine/parts.h"

namespace wonbon {
namespace {

// Documents between two calls of Options::on_progress.
constexpr uint64_t kProgressStep = 10'000;

CollectionSettings DefaultSettings() {
  // The agencies whose wire copy Korean outlets reprint.
  return {.wire_publishers = {"연합뉴스", "뉴시스", "뉴스1"}};
}

}  // namespace

Engine::Parts::Parts(Options options_in, std::unique_ptr<Store> store_in)
    : options(std::move(options_in)),
      store(std::move(store_in)),
      identifier(store->seed()),
      shingle_hasher(store->seed()),
      cache(options.article_cache_bytes) {}

absl::Status Engine::Parts::Rebuild() {
  const std::shared_ptr<const StoreSnapshot> snapshot = store->Snapshot();
  absl::StatusOr<DocumentNumber> counted = rarity.Load(*snapshot);
  if (!counted.ok()) return counted.status();
  const uint64_t expected = store->EstimatedDocuments();
  uint64_t done = 0;
  // Counted in the order in which they came; the text of a standing one is read again.
  std::map<DocumentNumber, std::optional<std::vector<uint32_t>>> founders;
  MemoryState state;
  absl::Status visited = snapshot->VisitAll(
      {.collection =
           [&](CollectionRecord record) {
             state.LoadCollection(std::move(record));
             return absl::OkStatus();
           },
       .cluster = [&](const ClusterRecord& record) { return state.LoadCluster(record); },
       .redirect =
           [&](const Redirect& redirect) {
             state.LoadRedirect(redirect);
             return absl::OkStatus();
           },
       .document =
           [&](const DocumentEntry& entry, const Fingerprint& fingerprint) {
             if (entry.is_counted_in_rarity() && entry.number > *counted) {
               founders[entry.number] = std::nullopt;
             }
             if (++done % kProgressStep == 0 && options.on_progress) {
               options.on_progress(done, expected);
             }
             return state.LoadDocument(entry, fingerprint);
           },
       .removed_founder =
           [&](DocumentNumber number, std::vector<uint32_t> shingles) {
             if (number > *counted) founders[number] = std::move(shingles);
             return absl::OkStatus();
           }});
  if (!visited.ok()) return visited;
  if (absl::Status status = state.FinishLoading(); !status.ok()) return status;
  for (auto& [number, shingles] : founders) {
    if (!shingles.has_value()) {
      absl::StatusOr<std::shared_ptr<const PreparedDocument>> prepared =
          FetchPrepared(*snapshot, number);
      if (!prepared.ok()) return prepared.status();
      shingles = Rarity::Counted((*prepared)->profile);
    }
    rarity.Add(*std::move(shingles), number);
    rarity.Publish();
  }
  published.Publish(
      [&](MemoryState& published_state) { published_state = std::move(state); },
      {.sequence = store->last_sequence(),
       .time_us = store->last_time_us(),
       .store = snapshot,
       .rarity = rarity.current()});
  if (options.on_progress) options.on_progress(done, done);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(Options options) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(options.store);
  if (!store.ok()) return store.status();
  // The first text builds tables and compiles rules (45 ms): not at a client's expense.
  (void)Canonicalize("원본", {});
  auto parts = std::make_unique<Parts>(std::move(options), *std::move(store));
  if (absl::Status status = parts->Rebuild(); !status.ok()) return status;
  Parts* const p = parts.get();
  parts->commit_thread = std::make_unique<CommitThread>(
      CommitThread::Hooks{.new_group = [p] { return std::make_unique<CommitGroup>(&p->published); },
                          .write = [p](CommitGroup& group) { return p->WriteGroup(group); },
                          .after = [p] { p->NotifyListeners(); }});
  return std::unique_ptr<Engine>(new Engine(std::move(parts)));
}

absl::Status Engine::EnsureDefaultCollection() {
  if (GetCollection(kDefaultCollection).ok()) return absl::OkStatus();
  return CreateCollection(kDefaultCollection, DefaultSettings()).status();
}

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() = default;

absl::Status Engine::Drain() {
  parts_->commit_thread->Close();
  return parts_->store->Flush();
}

}  // namespace wonbon
