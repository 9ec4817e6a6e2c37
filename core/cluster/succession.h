// Which block of texts goes on under which cluster's id, when families were partitioned anew: an id
// goes to the block that holds most of its cluster's documents; where several ids meet the oldest
// stays, and the others redirect to it.
// Pure functions of plain values.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "core/record.h"

namespace wonbon {

// What a block has of the documents of a cluster, as it was.
struct Holding {
  ClusterId cluster = ClusterId::kNone;
  size_t block = 0;
  size_t documents = 0;  // one at least
  DocumentNumber oldest = DocumentNumber::kNone;
};

struct Succession {
  std::vector<ClusterId> ids;  // of each block; kNone: it draws a new one
  std::vector<std::pair<ClusterId, size_t>> redirects;  // from an id to a block, by id
};

// Of blocks that hold equally much of a cluster the one with its oldest document is its successor.
Succession Succeed(size_t blocks, absl::Span<const Holding> holdings);

}  // namespace wonbon
