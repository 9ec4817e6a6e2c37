#include "core/index/band_tables.h"

#include <algorithm>

namespace wonbon {
namespace {

template <typename Function>
void ForEachBand(BandMask bands, Function function) {
  for (; bands != 0; bands &= bands - 1) function(__builtin_ctz(bands));
}

// Keys of different bands, alike or not, have nothing to do with each other.
uint32_t BandHash(int band, uint32_t key) {
  return MixKey(key ^ static_cast<uint32_t>(band + 1) * 0x9E3779B9u);
}

}  // namespace

void BandTables::Post(Slot slot, BandMask bands) {
  bands &= kAllBands & ~documents_->posted(slot);
  const ShortSketch& sketch = documents_->sketch(slot);
  ForEachBand(bands, [&](int band) {
    postings_->Prefetch(BandHash(band, sketch.band_keys[band]));
  });
  ForEachBand(bands, [&](int band) {
    PostBand(band, slot);
    documents_->SetPosted(slot, documents_->posted(slot) | BandMask{1} << band);
  });
}

BandTables::Holders BandTables::HoldersOf(int band, uint32_t key) const {
  Holders holders;
  postings_->ForEach(BandHash(band, key), [&](Slot slot) {
    // Another key may have the hash, and of one document another posting may.
    const BandMask in_table = documents_->posted(slot) & ~documents_->displaced(slot);
    if ((in_table >> band & 1) == 0 || documents_->sketch(slot).band_keys[band] != key) return;
    if (std::find(holders.begin(), holders.end(), slot) == holders.end()) holders.push_back(slot);
  });
  return holders;
}

void BandTables::PostBand(int band, Slot slot) {
  const uint32_t key = documents_->sketch(slot).band_keys[band];
  const Holders holders = HoldersOf(band, key);
  if (holders.size() < kMaxPostingsPerKey) return postings_->Add(BandHash(band, key), slot);
  const Slot oldest = *std::min_element(holders.begin(), holders.end(), [this](Slot a, Slot b) {
    return documents_->order(a) < documents_->order(b);
  });
  // A document whose bands are posted late may itself be older than all that are there.
  if (documents_->order(slot) < documents_->order(oldest)) return SetDisplaced(band, slot, true);
  postings_->Replace(BandHash(band, key), oldest, slot);
  SetDisplaced(band, oldest, true);
}

void BandTables::Unpost(Slot slot, BandMask bands) {
  bands &= documents_->posted(slot);
  ForEachBand(bands, [&](int band) { UnpostBand(band, slot); });
  documents_->SetPosted(slot, documents_->posted(slot) & ~bands);
}

void BandTables::UnpostBand(int band, Slot slot) {
  if ((documents_->displaced(slot) >> band & 1) != 0) return SetDisplaced(band, slot, false);
  PostingKey wanted = PostingKeyOf(band, slot);
  const uint32_t hash = BandHash(band, wanted.key);
  postings_->Remove(hash, slot);
  // The newest of those displaced comes back.
  if (displaced_.empty()) return;
  wanted.order = std::numeric_limits<uint64_t>::max();
  auto it = displaced_.upper_bound(wanted);
  if (it == displaced_.begin()) return;
  --it;
  if (it->first.band != wanted.band || it->first.key != wanted.key) return;
  const Slot newest = it->second;
  SetDisplaced(band, newest, false);
  postings_->Add(hash, newest);
}

void BandTables::SetDisplaced(int band, Slot slot, bool displaced) {
  const BandMask bit = BandMask{1} << band;
  if (displaced) {
    displaced_.emplace(PostingKeyOf(band, slot), slot);
    documents_->SetDisplaced(slot, documents_->displaced(slot) | bit);
  } else {
    displaced_.erase(PostingKeyOf(band, slot));
    documents_->SetDisplaced(slot, documents_->displaced(slot) & ~bit);
  }
}

void BandTables::Prefetch(const ShortSketch& sketch) const {
  for (int band = 0; band < kBands; ++band) {
    postings_->Prefetch(BandHash(band, sketch.band_keys[band]));
  }
}

void BandTables::Find(const ShortSketch& sketch, std::vector<Slot>* found) const {
  for (int band = 0; band < kBands; ++band) {
    const Holders holders = HoldersOf(band, sketch.band_keys[band]);
    found->insert(found->end(), holders.begin(), holders.end());
  }
}

size_t BandTables::MemoryBytes() const {
  // B-tree leaves are two thirds full or more.
  return displaced_.size() * sizeof(std::pair<const PostingKey, Slot>) * 3 / 2;
}

}  // namespace wonbon
