// What the engine's lists share: walking what is ordered in either direction, and filters.
//
// Pure functions over the state, which the caller holds still; a walk is bounded by
// kMaxScannedPerRead.
#pragma once

#include <utility>

#include "core/engine.h"
#include "core/identity/identity.h"
#include "core/limits.h"
#include "core/record.h"
#include "core/state/memory_state.h"
#include "core/store/snapshot.h"

namespace wonbon {

// The key by which a list goes on.
inline DocumentNumber KeyOf(DocumentNumber number) { return number; }
inline ClusterId KeyOf(const std::pair<const ClusterId, ClusterState>& cluster) {
  return cluster.first;
}
inline SizedCluster KeyOf(const SizedCluster& cluster) { return cluster; }

// Calls visit(element) for what lies behind `after` (kNone: from the beginning), ascending or
// descending, until it answers false.
template <typename Ordered, typename Key, typename Visit>
void Walk(const Ordered& ordered, Key after, bool descending, const Visit& visit) {
  if (descending) {
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

// What became of an element: kEnd says that neither it nor what lies behind it is of the list.
enum class Listing { kListed, kPassedOver, kEnd };

// Calls list(element) for what lies behind `after`, until `page_size` elements are listed or
// kMaxScannedPerRead looked at (`list` may count more of them); then page->next says from where the
// next page goes on.
template <typename Ordered, typename Key, typename Page, typename List>
void WalkPage(const Ordered& ordered, Key after, bool descending, int page_size, Page* page,
              const List& list) {
  int listed = 0;
  Walk(ordered, after, descending, [&](const auto& element) {
    if (listed == page_size || page->scanned >= kMaxScannedPerRead) {
      page->next = after;
      return false;
    }
    ++page->scanned;
    after = KeyOf(element);
    const Listing became = list(element);
    if (became == Listing::kListed) ++listed;
    return became != Listing::kEnd;
  });
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

// `canonical_id`: of the copy that stands for its cluster.
absl::StatusOr<StoredDocument> ReadDocument(const StoreSnapshot& store, const DocumentEntry& entry,
                                            std::string canonical_id, bool with_body);

// The documents of a page, as long as they fit into `max_bytes`, counted as on the wire.
class DocumentPageFiller {
 public:
  DocumentPageFiller(size_t max_bytes, Engine::DocumentPage* page)
      : max_bytes_(max_bytes), page_(page) {}
  // False, and nothing added, where the document would be too much; the first one never is.
  bool Add(StoredDocument document);

 private:
  const size_t max_bytes_;
  Engine::DocumentPage* const page_;
  size_t bytes_ = 0;
};

}  // namespace wonbon
