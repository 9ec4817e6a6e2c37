// Engine: opening and closing.
#include <utility>

#include "core/engine/parts.h"

namespace wonbon {
namespace {

CollectionSettings DefaultSettings() {
  // The agencies whose wire copy Korean outlets reprint.
  return {.wire_publishers = {"연합뉴스", "뉴시스", "뉴스1"}};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(Options options) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(options.store);
  if (!store.ok()) return store.status();
  // The first text builds tables and compiles rules (45 ms): not at a client's expense.
  (void)Canonicalize("원본", {});
  auto parts = std::make_unique<Parts>(std::move(options), *std::move(store));
  if (absl::Status status = parts->committer.Start(); !status.ok()) return status;
  return std::unique_ptr<Engine>(new Engine(std::move(parts)));
}

absl::Status Engine::EnsureDefaultCollection() {
  if (GetCollection(kDefaultCollection).ok()) return absl::OkStatus();
  return CreateCollection(kDefaultCollection, DefaultSettings()).status();
}

Engine::Engine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Engine::~Engine() = default;

absl::Status Engine::not_from_image() const { return parts_->committer.not_from_image(); }

absl::Status Engine::CheckWritable() const { return parts_->store->CheckWritable(); }

void Engine::ForbidWrites(absl::Status why) { parts_->store->Forbid(std::move(why)); }

absl::StatusOr<Backup> Engine::MakeBackup(const BackupOptions& options) const {
  return parts_->store->MakeBackup(options);
}

absl::Status Engine::ResumeWrites(std::function<void()> done) {
  Committer& committer = parts_->committer;
  return committer.thread().Enqueue(
      {.documents = 0,
       .alone = true,
       .run = [&committer](CommitGroup& group) { committer.Resume(group); },
       .answer = [done = std::move(done)](const absl::Status&) { done(); }});
}

absl::Status Engine::Drain() {
  parts_->committer.thread().Close();
  if (absl::Status status = parts_->store->Flush(); !status.ok()) return status;
  // Where there is no room for it, the next start takes longer.
  if (parts_->store->CheckWritable().ok()) parts_->committer.WriteImage().IgnoreError();
  return absl::OkStatus();
}

}  // namespace wonbon
