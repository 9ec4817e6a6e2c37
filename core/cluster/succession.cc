#include "core/cluster/succession.h"

#include <map>
#include <tuple>

namespace wonbon {

Succession Succeed(size_t blocks, absl::Span<const Holding> holdings) {
  std::map<ClusterId, const Holding*> most;
  for (const Holding& holding : holdings) {
    const Holding*& best = most[holding.cluster];
    if (best == nullptr || std::tuple(holding.documents, best->oldest) >
                               std::tuple(best->documents, holding.oldest)) {
      best = &holding;
    }
  }
  Succession succession;
  succession.ids.resize(blocks, ClusterId::kNone);
  for (const auto& [id, holding] : most) {  // the oldest first
    ClusterId& taken = succession.ids[holding->block];
    if (taken == ClusterId::kNone) {
      taken = id;
    } else {
      succession.redirects.emplace_back(id, holding->block);
    }
  }
  return succession;
}

}  // namespace wonbon
