#include "core/engine/rarity_keeper.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace wonbon {
namespace {

constexpr char kBlob[] = "rarity";

// A piece is written with an fsync of its own, which groups of changes wait for.
constexpr size_t kPieceBytes = 1 << 20;

// The blob kBlob: this, in the machine's byte order. What Rarity::Serialize gives lies in blobs of
// kPieceBytes, in one of two sets: the other one is being replaced. In version 1 it followed here,
// in the place of `set`.
struct BlobHead {
  uint64_t version = 2;
  uint64_t founders = 0;
  uint64_t last_founder = 0;
  uint64_t set = 0;
};
static_assert(sizeof(BlobHead) == 32);
constexpr uint64_t kWholeVersion = 1;
constexpr size_t kWholeHeadBytes = 24;

std::string PieceName(uint64_t set, size_t piece) {
  return absl::StrCat(kBlob, "/", set, "/", piece);
}

absl::StatusOr<std::string> ReadPieces(const StoreSnapshot& store, uint64_t set) {
  std::string bytes;
  for (size_t piece = 0;; ++piece) {
    absl::StatusOr<std::string> next = store.ReadBlob(PieceName(set, piece));
    if (!next.ok()) return next.status();
    bytes += *next;
    if (next->size() < kPieceBytes) return bytes;
  }
}

}  // namespace

RarityKeeper::RarityKeeper(RarityPace pace)
    : pace_(pace), table_(pace.table_bytes), spare_(std::make_shared<Spare>()) {
  progress_.next_snapshot = pace_.fewest_founders;
  progress_.snapshot = CopyTable();
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
  const std::shared_ptr<Rarity> snapshot = CopyTable();
  for (const std::vector<uint32_t>& founder : pending_) snapshot->Add(founder);
  UseSnapshot(snapshot);
  if (progress_.founders - progress_.saved_founders < pace_.founders_per_blob) return;
  // Taken together with a snapshot: what is read back is both the table and the snapshot.
  due_ = std::make_shared<Due>();
  due_->snapshot = snapshot;
  due_->founders = progress_.founders;
  due_->through = number;
  progress_.saved_founders = progress_.founders;
}

std::shared_ptr<Rarity> RarityKeeper::CopyTable() {
  errands_.Await();
  std::unique_ptr<Rarity> copy;
  {
    absl::MutexLock lock(&spare_->mutex);
    copy = std::move(spare_->rarity);
  }
  if (copy == nullptr) {
    copy = std::make_unique<Rarity>(table_);
  } else {
    copy->Assign(table_);
  }
  return {copy.release(), [spare = spare_](Rarity* retired) {
            std::unique_ptr<Rarity> freed(retired);
            absl::MutexLock lock(&spare->mutex);
            spare->rarity.swap(freed);
          }};
}

void RarityKeeper::Publish() {
  if (!pending_.empty()) {
    errands_.Do([this, founders = std::move(pending_)] {
      for (const std::vector<uint32_t>& founder : founders) table_.Add(founder);
    });
    pending_.clear();
  }
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
  if (head.version == kWholeVersion) {
    blob->erase(0, kWholeHeadBytes);
  } else if (head.version == BlobHead().version) {
    blob = ReadPieces(store, head.set);
    if (!blob.ok()) {
      return absl::DataLossError(absl::StrCat("a part of the table of document frequencies: ",
                                              blob.status().message()));
    }
    piece_set_ = head.set;
  } else {
    return absl::FailedPreconditionError(
        absl::StrCat("the table of document frequencies has version ", head.version,
                     ", this server reads versions up to ", BlobHead().version));
  }
  absl::StatusOr<Rarity> rarity = Rarity::Parse(*blob);
  if (!rarity.ok()) return absl::DataLossError(rarity.status().message());
  table_ = *std::move(rarity);
  progress_.founders = progress_.saved_founders = head.founders;
  UseSnapshot(CopyTable());
  published_ = progress_;
  counted_through_ = static_cast<DocumentNumber>(head.last_founder);
  return counted_through_.load();
}

void RarityKeeper::Write(ImageWriter& image) {
  errands_.Await();
  image.Value(pace_);
  image.Value(progress_.founders);
  image.Value(progress_.next_snapshot);
  image.Value(progress_.saved_founders);
  image.Value(counted_through_.load());
  image.Value(piece_set_);
  table_.Write(image);
  progress_.snapshot->Write(image);
}

void RarityKeeper::Read(ImageReader& image) {
  const auto pace = image.Value<RarityPace>();
  Progress progress;
  progress.founders = image.Value<uint64_t>();
  progress.next_snapshot = image.Value<uint64_t>();
  progress.saved_founders = image.Value<uint64_t>();
  const auto counted_through = image.Value<DocumentNumber>();
  const auto piece_set = image.Value<uint64_t>();
  if (!image.ok() || pace != pace_) return image.Fail();
  Rarity table(pace_.table_bytes);
  table.Read(image);
  const auto snapshot = std::make_shared<Rarity>(pace_.table_bytes);
  snapshot->Read(image);
  if (!image.ok()) return;
  table_ = std::move(table);
  progress.snapshot = snapshot;
  progress_ = published_ = progress;
  counted_through_ = counted_through;
  piece_set_ = piece_set;
  SetCurrent(snapshot);
}

void RarityKeeper::Save(Store& store) {
  if (due_ == nullptr || due_->state == Due::State::kBeingWritten) return;
  if (due_->state == Due::State::kWritten) {
    due_.reset();
    return;
  }
  due_->state = Due::State::kBeingWritten;
  errands_.Do([this, due = due_, &store] {
    due->state = WriteBlobs(*due, store).ok() ? Due::State::kWritten : Due::State::kWaiting;
  });
}

void RarityKeeper::AwaitSaved() {
  errands_.Await();
  if (due_ != nullptr && due_->state == Due::State::kWritten) due_.reset();
}

absl::Status RarityKeeper::WriteBlobs(const Due& due, Store& store) {
  const std::string bytes = due.snapshot->Serialize();
  const BlobHead head{.founders = due.founders,
                      .last_founder = static_cast<uint64_t>(due.through),
                      .set = 1 - piece_set_};
  // The last piece is a short one, be it empty.
  for (size_t piece = 0; piece * kPieceBytes <= bytes.size(); ++piece) {
    const std::string_view part =
        std::string_view(bytes).substr(piece * kPieceBytes, kPieceBytes);
    if (absl::Status status = store.WriteBlob(PieceName(head.set, piece), part); !status.ok()) {
      return status;
    }
  }
  const std::string_view head_bytes(reinterpret_cast<const char*>(&head), sizeof(head));
  if (absl::Status status = store.WriteBlob(kBlob, head_bytes); !status.ok()) return status;
  piece_set_ = head.set;
  counted_through_ = due.through;
  return store.ForgetRemovedFounders(due.through);
}

}  // namespace wonbon
