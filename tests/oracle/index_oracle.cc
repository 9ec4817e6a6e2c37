#include "tests/oracle/index_oracle.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "core/index/limits.h"

namespace wonbon {
namespace {

bool SameBand(const Sketch& a, const Sketch& b, int band) {
  return std::memcmp(&a.bins[band * kRowsPerBand], &b.bins[band * kRowsPerBand], kRowsPerBand) == 0;
}

}  // namespace

IndexOracle::Document& IndexOracle::Find(Slot slot) {
  return *std::find_if(documents_.begin(), documents_.end(),
                       [slot](const Document& document) { return document.slot == slot; });
}

void IndexOracle::Insert(Slot slot, const Fingerprint& fingerprint, BandMask bands) {
  documents_.push_back({slot, fingerprint, fingerprint.is_short() ? 0 : bands, {}});
}

void IndexOracle::Remove(Slot slot) {
  documents_.erase(documents_.begin() + (&Find(slot) - documents_.data()));
}

void IndexOracle::AddBands(Slot slot, BandMask bands) {
  Document& document = Find(slot);
  if (!document.fingerprint.is_short()) document.bands |= bands;
}

void IndexOracle::AddSample(Slot slot, absl::Span<const uint32_t> sample) {
  Find(slot).sample.insert(sample.begin(), sample.end());
}

void IndexOracle::RemoveSample(Slot slot) { Find(slot).sample.clear(); }

std::vector<MemoryIndex::Hit> IndexOracle::LookUp(const Fingerprint& query) const {
  std::map<Slot, MemoryIndex::Hit> hits;
  const auto hit = [&hits](Slot slot) -> MemoryIndex::Hit& {
    return hits.try_emplace(slot, MemoryIndex::Hit{.slot = slot}).first->second;
  };
  size_t exact = 0, same_url = 0;
  for (const Document& document : documents_) {
    const Fingerprint& other = document.fingerprint;
    if (other.exact_key == query.exact_key && exact < kMaxKeyHits) {
      ++exact;
      hit(document.slot).exact = true;
    }
    if (query.url_key != 0 && other.url_key == query.url_key && same_url < kMaxKeyHits) {
      ++same_url;
      hit(document.slot).same_url = true;
    }
  }
  for (int band = 0; band < kBands && !query.is_short(); ++band) {
    int found = 0;
    for (auto it = documents_.rbegin(); it != documents_.rend() && found < kMaxPostingsPerKey;
         ++it) {
      if ((it->bands >> band & 1) == 0) continue;
      if (!SameBand(it->fingerprint.sketch, query.sketch, band)) continue;
      ++found;
      ++hit(it->slot).bands;
    }
  }
  std::map<Slot, int> shared;
  for (const uint32_t value : query.asked) {
    std::vector<Slot> holders;
    for (const Document& document : documents_) {
      if (document.sample.contains(value)) holders.push_back(document.slot);
    }
    if (holders.size() > kMaxSamplePostings) continue;
    for (const Slot slot : holders) ++shared[slot];
  }
  for (const auto& [slot, count] : shared) {
    if (count < (query.asks_all ? 1 : kMinSharedSample)) continue;
    hit(slot).shared_sample = static_cast<uint16_t>(count);
  }
  std::vector<MemoryIndex::Hit> result;
  for (const auto& [slot, found] : hits) result.push_back(found);
  return result;
}

}  // namespace wonbon
