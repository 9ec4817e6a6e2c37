#include "core/rarity_keeper.h"

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

RarityKeeper::RarityKeeper() : current_(std::make_shared<const Rarity>(live_)) {}

std::shared_ptr<const Rarity> RarityKeeper::current() const {
  absl::ReaderMutexLock lock(&mutex_);
  return current_;
}

void RarityKeeper::Add(const Profile& profile, DocumentNumber number) {
  live_.Add(profile);
  if (++founders_ < next_snapshot_) return;
  TakeSnapshot();
  if (founders_ - saved_founders_ < kFoundersPerBlob) return;
  // Taken together with a snapshot: what is read back is both the live table and the snapshot.
  const BlobHead head{.founders = founders_, .last_founder = static_cast<uint64_t>(number)};
  due_ = std::string(reinterpret_cast<const char*>(&head), sizeof(head)) + live_.Serialize();
  saved_founders_ = founders_;
}

void RarityKeeper::TakeSnapshot() {
  auto snapshot = std::make_shared<const Rarity>(live_);
  next_snapshot_ = founders_ + std::clamp(founders_ / 4, kMinFounders, kMaxFounders);
  absl::WriterMutexLock lock(&mutex_);
  current_ = std::move(snapshot);
}

absl::StatusOr<DocumentNumber> RarityKeeper::Load(const Store& store) {
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
  live_ = *std::move(rarity);
  founders_ = saved_founders_ = head.founders;
  TakeSnapshot();
  return static_cast<DocumentNumber>(head.last_founder);
}

absl::Status RarityKeeper::Save(Store& store) {
  if (!due_.has_value()) return absl::OkStatus();
  const std::string blob = *std::exchange(due_, std::nullopt);
  return store.WriteBlob(kBlob, blob);
}

}  // namespace wonbon
