// What the engine's lists share: walking what is ordered in either direction, and filters.
//
// Pure functions over the state, which the caller holds still; a walk is bounded by
// kMaxScannedPerRead.
#pragma once

#include "core/engine.h"
#include "core/identity/identity.h"
#include "core/record.h"
#include "core/store/snapshot.h"

namespace wonbon {

// Calls visit(element) for what lies behind `after` (kNone: from the beginning) in the direction of
// the filter, until it answers false.
template <typename Ordered, typename Key, typename Visit>
void Walk(const Ordered& ordered, Key after, const ListFilter& filter, const Visit& visit) {
  if (filter.newest_first) {
    auto it = after == Key::kNone ? ordered.end() : ordered.lower_bound(after);
    while (it != ordered.begin()) {
      if (!visit(*--it)) return;
    }
    return;
  }
  for (auto it = ordered.upper_bound(after); it != ordered.end(); ++it) {
    if (!visit(*it)) return;
  }
}

// A filter, ready to be asked often.
class DocumentFilter {
 public:
  DocumentFilter(const ListFilter& filter, const Identifier& identifier);
  bool Passes(const DocumentEntry& entry) const;

 private:
  const uint64_t publisher_key_;  // 0: of any
  const int64_t from_us_;
  const int64_t before_us_;
};

// At least what a document takes on the wire.
size_t WireBytes(const StoredDocument& stored);
// `canonical_id`: of the copy that stands for its cluster.
absl::StatusOr<StoredDocument> ReadDocument(const StoreSnapshot& store, const DocumentEntry& entry,
                                            std::string canonical_id, bool with_body);

}  // namespace wonbon
