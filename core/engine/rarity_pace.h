// How often document frequencies are taken, and where they are kept: what an answer depends on
// besides the commands, so that it is one and the same for all engines of a deployment. Tests take
// less, to meet many snapshots with few documents.
//
// A value type.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/judge/rarity.h"

namespace wonbon {

struct RarityPace {
  // Founders between two snapshots: a quarter of those so far, within these bounds.
  uint64_t fewest_founders = 512;
  uint64_t most_founders = 4'096;
  // Founders between two blobs: about a second's reading at the next open.
  uint64_t founders_per_blob = 16'384;
  size_t table_bytes = Rarity::kDefaultBytes;

  friend bool operator==(const RarityPace&, const RarityPace&) = default;
};

}  // namespace wonbon
