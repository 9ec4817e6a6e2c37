#include "core/engine/rarity_keeper.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace wonbon {
namespace {

constexpr char kBlob[] = "rarity";

// The blob: this, in the machine's byte order, then what Rarity::Serialize gives.
struct BlobHead {
  uint64_t version = 1;
  uint64_t founders = 0;
  uint64_t last_founder = 0;
};
static_assert(sizeof(BlobHead) == 24);

}  // namespace

RarityKeeper::RarityKeeper(RarityPace pace) : pace_(pace), table_(pace.table_bytes) {
  progress_.next_snapshot = pace_.fewest_founders;
  progress_.snapshot = std::make_shared<const Rarity>(table_);
  published_ = progress_;
  SetCurrent(progress_.snapshot);
}

std::shared_ptr<const Rarity> RarityKeeper::current() const {
  absl::ReaderMutexLock lock(&mutex_);
  return current_;
}

void RarityKeeper::Add(std::vector<uint32_t> counted, DocumentNumber number) {
  pending_.push_back(std::move(counted));
  if (++progress_.founders < progress_.next_snapshot) return;
  // The table itself stays as it was until the group is durable: counts cannot be taken back.
  auto snapshot = std::make_shared<Rarity>(table_);
  for (const std::vector<uint32_t>& founder : pending_) snapshot->Add(founder);
  UseSnapshot(snapshot);
  if (progress_.founders - progress_.saved_founders < pace_.founders_per_blob) return;
  // Taken together with a snapshot: what is read back is both the table and the snapshot.
  const BlobHead head{.founders = progress_.founders,
                      .last_founder = static_cast<uint64_t>(number)};
  due_ = std::string(reinterpret_cast<const char*>(&head), sizeof(head)) + snapshot->Serialize();
  due_through_ = number;
  progress_.saved_founders = progress_.founders;
}

void RarityKeeper::Publish() {
  for (const std::vector<uint32_t>& founder : pending_) table_.Add(founder);
  pending_.clear();
  published_ = progress_;
}

void RarityKeeper::Abandon() {
  pending_.clear();
  // One that fell due before this group still is.
  if (progress_.saved_founders != published_.saved_founders) due_.reset();
  progress_ = published_;
  SetCurrent(progress_.snapshot);
}

void RarityKeeper::UseSnapshot(std::shared_ptr<const Rarity> snapshot) {
  progress_.next_snapshot =
      progress_.founders +
      std::clamp(progress_.founders / 4, pace_.fewest_founders, pace_.most_founders);
  progress_.snapshot = std::move(snapshot);
  SetCurrent(progress_.snapshot);
}

void RarityKeeper::SetCurrent(std::shared_ptr<const Rarity> snapshot) {
  absl::WriterMutexLock lock(&mutex_);
  current_ = std::move(snapshot);
}

absl::StatusOr<DocumentNumber> RarityKeeper::Load(const StoreSnapshot& store) {
  absl::StatusOr<std::string> blob = store.ReadBlob(kBlob);
  if (absl::IsNotFound(blob.status())) return DocumentNumber::kNone;
  if (!blob.ok()) return blob.status();
  BlobHead head;
  if (blob->size() < sizeof(head)) {
    return absl::DataLossError("the table of document frequencies in the store is cut short");
  }
  std::memcpy(&head, blob->data(), sizeof(head));
  if (head.version != BlobHead().version) {
    return absl::FailedPreconditionError(
        absl::StrCat("the table of document frequencies has version ", head.version,
                     ", this server reads version ", BlobHead().version));
  }
  absl::StatusOr<Rarity> rarity = Rarity::Parse(std::string_view(*blob).substr(sizeof(head)));
  if (!rarity.ok()) return absl::DataLossError(rarity.status().message());
  table_ = *std::move(rarity);
  progress_.founders = progress_.saved_founders = head.founders;
  UseSnapshot(std::make_shared<const Rarity>(table_));
  published_ = progress_;
  counted_through_ = static_cast<DocumentNumber>(head.last_founder);
  return counted_through_.load();
}

absl::Status RarityKeeper::Save(Store& store) {
  if (!due_.has_value()) return absl::OkStatus();
  if (absl::Status status = store.WriteBlob(kBlob, *due_); !status.ok()) return status;
  due_.reset();
  counted_through_ = due_through_;
  return store.ForgetRemovedFounders(due_through_);
}

}  // namespace wonbon
